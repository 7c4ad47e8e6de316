import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded, sabotaged
from tests.signers import AVAILABLE, Signer, configure, every_signer, signing, ssh_key, unsigned, verdicts
from toolbuilder.adapters.git import signing as signatures
from toolbuilder.adapters.git.commit import object_id
from toolbuilder.adapters.git.joining import GitJoiner
from toolbuilder.adapters.git.process import AUTHOR, Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.git.signing import NotSigned, try_signing, verify_signing
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
DATE = "1700000000 +0000"
FIRST = Commit((), "First: é\n\nA-Trailer: x", {"a/b.txt": b"b\n", "run": b"x"}, executable=("run",), date=DATE)
SIGNATURE = re.compile(r"\ngpgsig(-sha256)? [^\n]*(\n [^\n]*)*")
STAND_IN = AVAILABLE[0]


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Path]:
    with signing(STAND_IN, tmp_path) as place:
        yield place


def stored(folder: Path, commit: str) -> str:
    shown = ["git", "-C", str(folder), "cat-file", "commit", commit]
    return subprocess.run(shown, check=True, capture_output=True, text=True).stdout


@every_signer
def test_a_signed_commit_is_the_plain_one_and_a_signature_that_git_verifies(
    signer: Signer, git_repo: Path, tmp_path: Path
) -> None:
    plain = GitRepository(git_repo)
    head = plain.resolve("HEAD") or ""
    with signing(signer, tmp_path):
        for commit in (FIRST, Commit((head, plain.write(FIRST)), "Merge\n", {"x": b""}, removed=("README.md",))):
            made = GitRepository(git_repo, signs=True).write(commit)
            assert SIGNATURE.sub("", stored(git_repo, made)) == stored(git_repo, plain.write(commit))
            assert unsigned(git_repo, made, f"^{head}", f"^{plain.write(FIRST)}") == []
        verify_signing(git_repo, AUTHOR)


@pytest.mark.parametrize("signer", [one for one in AVAILABLE if one.repeatable], ids=lambda signer: str(signer.name))
def test_the_same_again_is_the_same_commit_elsewhere_too(
    signer: Signer, git_repo: Path, git: RunGit, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet", "other")
    for setting in ("core.autocrlf=true", "i18n.commitEncoding=latin1", "user.useConfigOnly=true"):
        git(tmp_path / "other", "config", *setting.split("="))
    with signing(signer, tmp_path):
        made = {GitRepository(folder, signs=True).write(FIRST) for folder in (git_repo, tmp_path / "other", git_repo)}
        tried = {try_signing(folder, AUTHOR) for folder in (git_repo, tmp_path / "other")}
    assert (len(made), len(tried)) == (1, 1)


@pytest.mark.usefixtures("signed")
def test_a_repository_with_longer_ids_is_signed_as_well(git: RunGit, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "long")
    made = GitRepository(tmp_path / "long", signs=True).write(FIRST)
    assert "\ngpgsig-sha256 " in stored(tmp_path / "long", made)
    assert object_id(64, "commit", stored(tmp_path / "long", made).encode()) == made


@pytest.mark.usefixtures("signed")
def test_a_name_of_ones_own_is_signed_with_and_a_date_of_few_digits_stays(git_repo: Path, git: RunGit) -> None:
    made = GitRepository(git_repo, "Ada <ada@a.example>", signs=True).write(replace(FIRST, date="7 -0330"))
    shown = git(git_repo, "log", "-1", "--format=%an %ae %ad|%cn %ce %cd", "--date=raw", made)
    assert shown == "|".join(["Ada ada@a.example 7 -0330"] * 2)


@pytest.mark.usefixtures("signed")
def test_joined_branches_are_signed_where_that_is_wanted(git_repo: Path) -> None:
    repository = GitRepository(git_repo, signs=True)
    head = repository.resolve("HEAD") or ""
    sides = [repository.write(Commit((head,), "Side\n", {name: b""})) for name in "ab"]
    verdict = {}
    for signs in (True, False):
        joiner = GitJoiner(Git(git_repo), repository, AUTHOR, signs)
        made = joiner.join(sides[0], sides[1], "tools/x", {}, "Join\n")
        verdict[signs] = verdicts(git_repo, made, *(f"^{side}" for side in sides))[made]
    assert (verdict[True] != "N", verdict[False]) == (True, "N")


@pytest.mark.usefixtures("signed")
def test_the_commit_that_nobody_needs_is_on_no_ref(git_repo: Path, git: RunGit) -> None:
    assert git(git_repo, "for-each-ref", "--contains", try_signing(git_repo, AUTHOR)) == ""
    git(git_repo, "fsck", "--strict", "--no-dangling")


# What git is told, what it says then, and what a person is told to type.
FAULTS = {
    "no key is named": ({"gpg.format": "ssh"}, "user.signing", "`git config user.signingkey KEY.pub`"),
    "no such format": ({"gpg.format": "x"}, "gpg.format", "`git config gpg.format ssh`"),
    "no program": ({"gpg.program": "no-such-program"}, "cannot run no-such-program", "install that program"),
    "it refuses": ({"gpg.program": "false"}, "gpg failed to sign", "`git config user.signingkey ID`"),
    "it says nothing": ({"gpg.program": "true"}, "gpg failed to sign", "`git config user.signingkey ID`"),
}
OF_SSH = {
    "no such key": ({"user.signingkey": "/no/such.pub"}, "/no/such.pub", "name the file of a key"),
    "nobody holds the key": ({"user.signingkey": "{key}.pub"}, "No private key found", "`ssh-add KEY`"),
    "it has a passphrase": ({"user.signingkey": "{locked}"}, "passphrase", "asks for its passphrase once"),
}
HAS_SSH = any(one.program == "ssh-keygen" for one in AVAILABLE)
HERE = {**FAULTS, **(OF_SSH if HAS_SSH else {})}


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    """Give where an SSH key would lie whose private half is gone, and one with a passphrase, where SSH is installed."""
    places = {"key": str(tmp_path / "key"), "locked": str(tmp_path / "locked")}
    if HAS_SSH:
        for place, phrase in zip(places.values(), ("", "phrase"), strict=True):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-f", place], check=True)
        Path(places["key"]).unlink()
    return places


@pytest.mark.parametrize("fault", HERE.values(), ids=HERE)
def test_what_cannot_be_signed_is_told_in_one_line_with_what_to_type(
    fault: tuple[dict[str, str], str, str], git_repo: Path, git: RunGit, keys: dict[str, str]
) -> None:
    settings, said, advice = fault
    if fault in OF_SSH.values():
        git(git_repo, "config", "gpg.format", "ssh")
    for name, value in settings.items():
        git(git_repo, "config", name, value.format(**keys))
    for attempt in (partial(try_signing, git_repo, AUTHOR), partial(GitRepository(git_repo, signs=True).write, FIRST)):
        with pytest.raises(NotSigned) as caught:
            attempt()
        told = str(caught.value)
        assert told.startswith("commits cannot be signed, as `sign_commits` wants it: ")
        assert said in told
        assert advice in caught.value.advice
        assert len(told.splitlines()) == 1
        assert told.isprintable()


def put(place: Path, program: str) -> None:
    """Have git sign with some lines of shell."""
    (place / "other").write_text(f"#!/bin/sh\n{program}\n")
    (place / "other").chmod(0o755)
    configure({"gpg.program": str(place / "other")})


def test_a_program_that_waits_for_ever_is_not_waited_for(git_repo: Path, signed: Path) -> None:
    put(signed, f'echo >"{signed}/asked"; exec tail -f /dev/null')
    hasty = sabotaged(signatures, "SECONDS = 60.0", "SECONDS = 0.5")
    with pytest.raises(hasty.NotSigned, match=r"no answer within 0\.5 seconds; what signs waits for somebody"):
        hasty.try_signing(git_repo, AUTHOR)
    assert (signed / "asked").exists()


@dataclass(frozen=True)
class Place:
    """Where a check looks: a repository, the signer's folder, and what puts a line of shell in front of git."""

    folder: Path
    signer: Path
    in_front: Callable[[str], None]

    def configured(self, name: str, value: str) -> None:
        subprocess.run(["git", "-C", self.folder, "config", name, value], check=True)


@pytest.fixture
def place(git_repo: Path, signed: Path, git_in_front: Callable[[str], None]) -> Place:
    return Place(git_repo, signed, cache(git_in_front))  # a check is made twice


NOTHING = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def a_signature_that_is_missing_is_noticed(place: Place, part: Any) -> None:
    place.in_front(f'case "$*" in *commit-tree*) exec "$REAL_GIT" -C "$2" commit-tree {NOTHING};; esac')
    with pytest.raises(part.NotSigned, match="without a signature"):
        part.try_signing(place.folder, AUTHOR)


def another_commit_is_noticed(place: Place, part: Any) -> None:
    place.in_front('case "$*" in *commit-tree*) sed s/Try/Cry/ | "$REAL_GIT" "$@"; exit;; esac')
    with pytest.raises(part.NotSigned, match="which is not the one asked for"):
        part.try_signing(place.folder, AUTHOR)


def a_name_that_git_changes_is_noticed(place: Place, part: Any) -> None:
    with pytest.raises(part.NotSigned, match="set `author` to a name that git leaves as it is"):
        part.try_signing(place.folder, "Acme Inc. <acme@a.example>")


def a_date_of_few_digits_and_a_negative_zero_is_one(place: Place, part: Any) -> None:
    assert part.write_signed(Git(place.folder), Commit((), "x", {}, date="7 -0000"), AUTHOR, NOTHING)


def another_encoding_is_not_taken_over(place: Place, part: Any) -> None:
    place.configured("i18n.commitEncoding", "latin1")
    assert part.write_signed(Git(place.folder), Commit((), "é", {}, date=DATE), AUTHOR, NOTHING)


def an_author_that_would_break_the_commit_is_refused(place: Place, part: Any) -> None:
    with pytest.raises(RepositoryError, match="the author must have the form"):
        part.try_signing(place.folder, "A\nB <x>")


def a_signature_that_does_not_verify_is_noticed(place: Place, part: Any) -> None:
    program = (place.signer / "sign").read_text()
    put(place.signer, program.replace("\\n\\n%s\\n", "\\n\\nx%.9s\\n"))
    part.try_signing(place.folder, AUTHOR)
    with pytest.raises(part.NotSigned, match=r"git does not verify it: %G\? says B; type `git verify-commit "):
        part.verify_signing(place.folder, AUTHOR)


def what_verifies_needs_no_list_of_signers(place: Place, part: Any) -> None:
    key = place.signer / "key"
    configure({"user.signingkey": str(key if key.exists() else ssh_key(place.signer))})
    part.verify_signing(place.folder, AUTHOR)


GUARDED = [
    (a_signature_that_is_missing_is_noticed, "if signatures != 1:", "if False:"),
    (another_commit_is_noticed, "[bare, message]) != wanted", "[bare, message]) != wanted and False"),
    (a_name_that_git_changes_is_noticed, "[bare, message]) != wanted", "[bare, message]) != wanted and False"),
    (a_date_of_few_digits_and_a_negative_zero_is_one, 'commit.date.replace(" -0000", " +0000")', "commit.date"),
    (a_date_of_few_digits_and_a_negative_zero_is_one, 'f"@{date}"', "date"),
    (another_encoding_is_not_taken_over, '"-c", "i18n.commitEncoding=UTF-8", ', ""),
    (an_author_that_would_break_the_commit_is_refused, "    check_commit(_TRIAL, author)\n", ""),
    (a_signature_that_does_not_verify_is_noticed, "not in [*_GOOD]", "not in [*_GOOD, 'B']"),
    *(
        [(what_verifies_needs_no_list_of_signers, '"-c", "gpg.ssh.allowedSignersFile=/dev/null", ', "")]
        if HAS_SSH
        else []
    ),
]


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_a_signature_promises_is_guarded(
    place: Place, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(signatures, (partial(check, place), text, instead))
