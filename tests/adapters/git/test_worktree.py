from collections.abc import Callable
from pathlib import Path

import pytest

from toolbuilder.adapters.git.worktree import Worktree, worktree
from toolbuilder.errors import RepositoryError

Git = Callable[..., str]


def test_a_work_tree_is_found_from_any_of_its_folders(git_repo: Path, git: Git, tmp_path: Path) -> None:
    (git_repo / "deep/er").mkdir(parents=True)
    assert worktree(git_repo / "deep/er").root == git_repo
    git(git_repo, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert worktree(tmp_path / "linked").root == tmp_path / "linked"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("nowhere", "there is no folder .*nowhere; type `git init .*nowhere`"),
        ("plain", "plain is not inside a git repository; type `git init .*plain`"),
        ("bare.git", "bare repository, without files; clone it"),
        ("repository/.git", r"inside a \.git folder"),
    ],
)
def test_where_there_is_no_work_tree_it_is_told_what_to_type(
    git_repo: Path, git: Git, tmp_path: Path, place: str, words: str
) -> None:
    (tmp_path / "plain").mkdir()
    git(tmp_path, "clone", "--quiet", "--bare", str(git_repo), "bare.git")
    with pytest.raises(RepositoryError, match=words):
        worktree(tmp_path / place)


def test_the_default_branch_is_that_of_the_origin_else_the_one_checked_out(
    git_repo: Path, git: Git, tmp_path: Path
) -> None:
    git(git_repo, "switch", "--quiet", "--create", "trunk")
    git(tmp_path, "clone", "--quiet", str(git_repo), "clone")
    git(tmp_path / "clone", "switch", "--quiet", "--create", "feature")
    assert worktree(tmp_path / "clone").default_branch() == "trunk"
    assert worktree(git_repo).default_branch() == "trunk"
    git(git_repo, "switch", "--quiet", "--create", "toolbuilder/dedupe")
    assert worktree(git_repo).default_branch() == "main"
    git(git_repo, "switch", "--quiet", "--detach")
    assert worktree(git_repo).default_branch() == "main"
    git(tmp_path, "init", "--quiet", "--initial-branch=begin", "empty")
    assert (Worktree(tmp_path / "empty").default_branch(), Worktree(tmp_path / "empty").head()) == ("begin", "")


def test_what_is_modified_and_what_is_ignored_is_told(git_repo: Path, git: Git) -> None:
    (git_repo / ".gitignore").write_text("*.yaml\n")
    (git_repo / "a.yaml").write_text("")
    (git_repo / "b.yaml").write_text("")
    git(git_repo, "add", "--force", "a.yaml")
    tree = worktree(git_repo)
    assert tree.ignored(["a.yaml", "b.yaml", "c.yaml", "README.md"]) == {"b.yaml", "c.yaml"}
    (git_repo / "README.md").write_text("changed")
    assert tree.modified(["README.md", "b.yaml", "no such file"]) == {"README.md"}


def test_a_commit_is_published_once_a_remote_branch_holds_it(git_repo: Path, git: Git, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(git_repo), "clone")
    tree = worktree(tmp_path / "clone")
    assert tree.address() == str(git_repo)
    assert tree.is_published(tree.head())
    git(tmp_path / "clone", "commit", "--quiet", "--allow-empty", "--message", "More")
    assert not tree.is_published(tree.head())
    assert worktree(git_repo).address() == ""
