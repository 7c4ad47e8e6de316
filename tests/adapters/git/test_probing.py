from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.sabotage import sabotaged
from toolbuilder.adapters.git import probing
from toolbuilder.adapters.git.probing import probed
from toolbuilder.doctor.facts import Unknown
from toolbuilder.errors import FileIsWrong

Git = Callable[..., str]
REFUSING = """\
#!/bin/sh
while read -r old new ref; do
  case $ref in refs/toolbuilder/*) echo "deny updating a hidden ref" >&2; exit 1 ;; esac
done
"""
KEEPING = """\
#!/bin/sh
while read -r old new ref; do
  case $new in *[!0]*) ;; *) echo "nothing is taken away here" >&2; exit 1 ;; esac
done
"""


@pytest.fixture
def remote(git_repo: Path, git: Git, tmp_path: Path) -> BareRemote:
    return bare_remote(git, tmp_path / "remote.git", git_repo)


def test_a_remote_is_only_read_unless_a_probe_is_wished(git_repo: Path, remote: BareRemote) -> None:
    before = remote.moves()
    found = probed(git_repo, "origin", "refs", probe=False)
    assert (found.refs, found.failure) == (0, "")
    assert isinstance(found.takes_refs, Unknown)
    assert "--probe" in found.takes_refs.why
    assert remote.moves() == before


def check_a_probe_leaves_nothing_behind(module: Any, git_repo: Path, remote: BareRemote, git: Git) -> None:
    before = (remote.tips(), git(git_repo, "for-each-ref"))
    found = module.probed(git_repo, "origin", "refs", probe=True)
    assert found.takes_refs == ""
    assert (remote.tips(), git(git_repo, "for-each-ref")) == before
    probe = [ref for _, _, ref in remote.moves() if ref.startswith("refs/toolbuilder/doctor/")]
    assert len(probe) >= 2


def test_a_probe_makes_a_ref_and_takes_it_away(git_repo: Path, remote: BareRemote, git: Git) -> None:
    check_a_probe_leaves_nothing_behind(probing, git_repo, remote, git)
    kept = sabotaged(probing, 'f":{made}")', 'f"{head}:{made}")')
    with pytest.raises(AssertionError):
        check_a_probe_leaves_nothing_behind(kept, git_repo, remote, git)


def test_where_journals_are_branches_the_probe_is_one_too(git_repo: Path, remote: BareRemote) -> None:
    remote.hook("pre-receive", REFUSING)
    before = remote.tips()
    assert probed(git_repo, "origin", "branches", probe=True).takes_refs == ""
    made = [ref for _, _, ref in remote.moves() if ref.startswith("refs/heads/toolbuilder-doctor/")]
    assert (len(made) >= 2, remote.tips()) == (True, before)


def test_a_remote_that_takes_no_such_refs_is_told_with_its_words(git_repo: Path, remote: BareRemote) -> None:
    remote.hook("pre-receive", REFUSING)
    found = probed(git_repo, "origin", "refs", probe=True)
    assert isinstance(found.takes_refs, str)
    assert "hidden ref" in found.takes_refs
    assert "journal_refs" in found.takes_refs


def test_a_ref_that_cannot_be_taken_away_is_named(git_repo: Path, remote: BareRemote) -> None:
    remote.hook("pre-receive", KEEPING)
    found = probed(git_repo, "origin", "refs", probe=True)
    assert isinstance(found.takes_refs, str)
    assert "refs/toolbuilder/doctor/" in found.takes_refs
    assert "cannot be taken away" in found.takes_refs


def test_a_remote_that_does_not_answer_is_told_without_credentials(git_repo: Path, git: Git) -> None:
    git(git_repo, "remote", "add", "origin", "file://ada:secret@localhost/nowhere.git")
    found = probed(git_repo, "origin", "refs", probe=True)
    assert "origin" in found.failure
    assert "secret" not in repr(found)


def test_a_remote_that_is_not_configured_is_wrong_usage(git_repo: Path) -> None:
    with pytest.raises(FileIsWrong, match="there is no remote 'elsewhere'"):
        probed(git_repo, "elsewhere", "refs", probe=False)


def test_a_repository_without_a_commit_has_nothing_to_push(git: Git, tmp_path: Path, remote: BareRemote) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    git(tmp_path / "empty", "remote", "add", "origin", str(remote.folder))
    assert probed(tmp_path / "empty", "origin", "refs", probe=True).takes_refs == Unknown(
        "there is no commit yet that could be pushed"
    )
