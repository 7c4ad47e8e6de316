"""Where the remote takes signed commits only, every commit of a build is signed."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.bare_remote import BareRemote
from tests.pipeline_world import SPEC
from tests.sabotage import sabotaged
from tests.signed_world import BRANCH, FIRST_STAGE, RUN, STAND_IN, Git, built, demanding, unsigned_there
from tests.signers import AVAILABLE, Signer, signing, unsigned
from toolbuilder import bootstrap
from toolbuilder.adapters.git import joining
from toolbuilder.adapters.git import repository as repositories
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.build import Built
from toolbuilder.cli import run_app
from toolbuilder.errors import ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.publishing.removal import put_removal, removal_ref


@pytest.fixture
def there(git_repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BareRemote:
    """Give a remote that demands signatures; stand in a clone that is to sign."""
    monkeypatch.chdir(git_repo)
    return demanding(git_repo, git, tmp_path / "there.git")


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Path]:
    with signing(STAND_IN, tmp_path) as place:
        yield place


def every_commit_is_signed(folder: Path, there: BareRemote, part: Any) -> None:
    """Build, build what the default branch brought, and propose a removal; every commit has to be signed."""
    workshop = part.workshop(folder, engine="offline", remote="origin")
    for text in (SPEC, SPEC.replace("keeping the first", "keeping each first")):
        (folder / "specs/dedupe.yaml").write_text(text)
        for said in (
            ["commit", "--quiet", "--all", "--allow-empty", "-m", "A spec"],
            ["push", "--quiet", "origin", "main"],
        ):
            subprocess.run(["git", "-C", folder, *said], check=True)
        assert isinstance(end := built(folder, workshop), Built), end
    put_removal(workshop.repository, "gone")
    assert {ref.split("/")[2] for ref in there.tips()} == {
        "main",
        "toolbuilder",
        "toolbuilder-remove",
        "journal",
        "log",
    }
    merges = ["git", "-C", str(there.folder), "rev-list", "--count", "--merges", BRANCH]
    assert subprocess.run(merges, check=True, capture_output=True).stdout == b"1\n"
    assert unsigned_there(there) == []
    assert there.wrong_moves() == []


@pytest.mark.usefixtures("signed")
def test_every_commit_that_toolbuilder_writes_is_signed(git_repo: Path, there: BareRemote) -> None:
    every_commit_is_signed(git_repo, there, bootstrap)
    assert removal_ref("gone") in there.tips()


def with_weaker(module: ModuleType, text: str, instead: str) -> Any:
    """Give the wiring with a sabotaged part."""
    weaker = sabotaged(module, text, instead)
    wiring: Any = sabotaged(bootstrap, '"""The wiring', '"""The sabotaged wiring')
    for name in ("GitRepository", "GitJoiner"):
        if hasattr(weaker, name):
            setattr(wiring, name, getattr(weaker, name))
    return wiring


IF_SIGNED = "if self._signs else made"
MUTANTS: dict[str, tuple[ModuleType, str, str]] = {
    "only commits of stages": (repositories, IF_SIGNED, 'if self._signs and "-Stage:" in dated.message else made'),
    "no journal": (repositories, IF_SIGNED, 'if self._signs and "-Answers:" not in dated.message else made'),
    "no removal": (repositories, IF_SIGNED, 'if self._signs and ": remove" not in dated.message else made'),
    "no merge": (joining, "        if self.signs:\n", "        if False:\n"),
    "a setting that no repository hears of": (bootstrap, "signs=settings.sign_commits", "signs=False"),
    "a setting that no merge hears of": (bootstrap, "author, signs)", "author)"),
}


@pytest.mark.slow
@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_who_leaves_some_unsigned_is_caught(
    git_repo: Path, there: BareRemote, mutant: tuple[ModuleType, str, str]
) -> None:
    weaker = sabotaged(*mutant) if mutant[0] is bootstrap else with_weaker(*mutant)
    with pytest.raises((AssertionError, ToolbuilderError)):
        every_commit_is_signed(git_repo, there, weaker)


def without(folder: Path, there: BareRemote, capfd: pytest.CaptureFixture[str], command: list[str]) -> None:
    """Build without the setting, and see the rule refuse it and the message tell what to set."""
    (folder / "toolbuilder.toml").write_text("")
    assert run_app(command) == 1
    told = capfd.readouterr().err
    assert f"GH013: Repository rule violations found for {BRANCH}.; remote: - Commits must have verified" in told
    assert "set `sign_commits = true` in toolbuilder.toml" in told
    assert BRANCH not in there.tips()


@pytest.mark.usefixtures("signed")
def test_without_the_setting_the_rule_refuses_and_is_named_and_with_it_what_was_answered_is_built(
    git_repo: Path, there: BareRemote, capfd: pytest.CaptureFixture[str]
) -> None:
    without(git_repo, there, capfd, FIRST_STAGE)
    answers = Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries.keys()
    (git_repo / "toolbuilder.toml").write_text("sign_commits = true\n")
    assert run_app(FIRST_STAGE) == 0
    assert Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries.keys() == answers
    assert unsigned(there.folder, BRANCH, "^refs/heads/main") == []


KINDS = [one for one in AVAILABLE if one.name in {"a stand-in", "an SSH agent", "OpenPGP"}]  # the others sign alike


@pytest.mark.slow
@pytest.mark.parametrize("signer", KINDS, ids=lambda signer: str(signer.name))
def test_a_whole_build_passes_the_rule_and_is_the_same_on_every_machine(
    signer: Signer, git: Git, there: BareRemote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(there.folder), "elsewhere.git")
    git(tmp_path, "clone", "--quiet", "elsewhere.git", "elsewhere")
    with signing(signer, tmp_path):
        assert run_app(RUN) == 0
        assert git(there.folder, "rev-list", "--count", f"refs/heads/main..{BRANCH}") == "5"
        assert unsigned_there(there) == []
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert run_app(RUN) == 0
    tips = {git(folder, "rev-parse", BRANCH) for folder in (there.folder, tmp_path / "elsewhere.git")}
    assert len(tips) == (1 if signer.repeatable else 2)
    trees = {git(folder, "rev-parse", f"{BRANCH}^{{tree}}") for folder in (there.folder, tmp_path / "elsewhere.git")}
    assert len(trees) == 1
