"""What cannot be signed is told before anything is asked; a key that goes away costs nothing that was saved."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.bare_remote import BareRemote
from tests.sabotage import sabotaged
from tests.signed_world import FIRST_STAGE, RUN, STAND_IN, Git, built, demanding, unsigned_there
from tests.signers import AVAILABLE, Signer, signing
from toolbuilder import bootstrap
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.git.signing import NotSigned
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.build import Built
from toolbuilder.cli import run_app
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Question


@pytest.fixture
def there(git_repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BareRemote:
    """Give a remote that demands signatures; stand in a clone that is to sign."""
    monkeypatch.chdir(git_repo)
    return demanding(git_repo, git, tmp_path / "there.git")


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Path]:
    with signing(STAND_IN, tmp_path) as place:
        yield place


@dataclass
class Listening:
    """An engine that notes what it is asked; when it is asked one of the questions, something happens."""

    happen: Callable[[], object] = lambda: None
    at: str = ""
    keys: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        self.keys.append(question.key)
        if question.microtask == self.at:
            self.happen()
        return await OfflineBackend().ask(question)


def asked_by(engine: Listening, workshop: Any) -> Any:
    """Give a workshop whose journalled engine is this one."""
    kept = workshop.repository
    return replace(
        workshop, backend=lambda spec: JournaledBackend(engine, Journal(kept, spec.name, "1700000000 +0000"))
    )


def nothing_is_asked_where_nothing_can_be_signed(folder: Path, there: BareRemote, part: Any) -> None:
    engine = Listening()
    with pytest.raises(NotSigned, match="commits cannot be signed"):
        built(folder, asked_by(engine, part.workshop(folder, remote="origin")))
    assert (engine.keys, there.moves(), GitRepository(folder).tips()) == ([], [], {})


@pytest.mark.parametrize("instead", ["", "prove=lambda: None,"])
def test_where_nothing_can_be_signed_nothing_is_asked(
    git_repo: Path, there: BareRemote, signed: Path, instead: str
) -> None:
    (signed / "sign").unlink()
    if not instead:
        nothing_is_asked_where_nothing_can_be_signed(git_repo, there, bootstrap)
        return
    weaker = sabotaged(bootstrap, "prove=partial(try_signing, start, author) if signs else lambda: None,", instead)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        nothing_is_asked_where_nothing_can_be_signed(git_repo, there, weaker)


@pytest.mark.usefixtures("there")
def test_it_is_told_in_one_line_with_an_exit_code(signed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (signed / "sign").unlink()
    assert run_app(RUN) == 1
    [line] = capfd.readouterr().err.splitlines()
    assert line.startswith("toolbuilder: commits cannot be signed, as `sign_commits` wants it: ")
    assert "install that program" in line


def test_a_key_that_goes_away_during_a_build_costs_what_was_under_way_and_no_more(
    git_repo: Path, there: BareRemote, signed: Path
) -> None:
    program, hidden = signed / "sign", signed / "hidden"
    engine = Listening(lambda: program.rename(hidden), "design_modules")
    end = built(git_repo, asked_by(engine, bootstrap.workshop(git_repo, remote="origin")), "architecture")
    assert isinstance(end, NotSigned), end
    saved = Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries.keys()
    assert {*engine.keys} - saved == {engine.keys[-1]}
    hidden.rename(program)
    again = Listening()
    workshop = asked_by(again, bootstrap.workshop(git_repo, remote="origin"))
    assert isinstance(built(git_repo, workshop, "architecture"), Built)
    assert {*again.keys} & saved == set()
    assert unsigned_there(there) == []


def holders(secret: bytes, folder: Path, *repositories: Path) -> list[str]:
    """Give the files that hold a secret, and the repositories that do in any of their objects."""
    files = [path.name for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]
    listed = ["git", "cat-file", "--batch-all-objects", "--batch"]
    kept = {one.name: subprocess.run(listed, cwd=one, check=True, capture_output=True).stdout for one in repositories}
    return files + [name for name, objects in kept.items() if secret in objects]


@pytest.mark.parametrize("signer", AVAILABLE[:2], ids=lambda signer: str(signer.name))
def test_nothing_of_the_key_is_left_anywhere(
    signer: Signer, git_repo: Path, there: BareRemote, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with signing(signer, tmp_path) as place:
        [key] = [path for path in (place / "key", place / "sign") if path.exists()]  # the stand-in's is its program
        secret = key.read_bytes().splitlines()[2]
        assert run_app(FIRST_STAGE) == 0
        assert holders(secret, tmp_path, git_repo, there.folder) == [key.name]
        planted = subprocess.run(["git", "hash-object", "-w", key], cwd=there.folder, check=True, capture_output=True)
        assert holders(secret, tmp_path, git_repo, there.folder) == [key.name, there.folder.name], "it would be found"
        loose = planted.stdout.decode().strip()
        (there.folder / "objects" / loose[:2] / loose[2:]).unlink()
        key.unlink()
        assert run_app([*RUN, "--from", "requirements"]) == 1
    assert holders(secret, tmp_path, git_repo, there.folder) == []
    said = capfd.readouterr()
    assert secret.decode() not in said.out + said.err
