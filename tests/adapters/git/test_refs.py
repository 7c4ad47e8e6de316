from collections.abc import Callable
from pathlib import Path

import pytest

from toolbuilder.adapters.git.refs import tools_with_journals
from toolbuilder.errors import RepositoryError


def test_every_journal_names_its_tool(git_repo: Path, git: Callable[..., str]) -> None:
    assert tools_with_journals(git_repo) == ()
    for ref in ("refs/toolbuilder/journal/b", "refs/toolbuilder/journal/a", "refs/toolbuilder/log/c"):
        git(git_repo, "update-ref", ref, "HEAD")

    assert tools_with_journals(git_repo) == ("a", "b")


def test_outside_a_repository_it_is_an_error_that_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="git init"):
        tools_with_journals(tmp_path)
