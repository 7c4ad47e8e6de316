import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.forge.forges import BRANCH, PROPOSAL, add_commit
from tests.sabotage import assert_guarded
from toolbuilder.adapters import local_forge
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.local_forge import LocalForge
from toolbuilder.errors import FileIsWrong, ForgeError

Git = Callable[..., str]
Check = Callable[[Path, Git, Any], None]
PUBLISH = """
import sys
from pathlib import Path
from tests.forge.forges import PROPOSAL
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.local_forge import LocalForge

folder = Path(sys.argv[1])
print(LocalForge(folder / "pulls", GitRepository(folder)).propose(PROPOSAL, None).number)
"""


@pytest.fixture
def folder(git_repo: Path) -> Path:
    """Give a repository with a branch to propose."""
    add_commit(GitRepository(git_repo), BRANCH, "one")
    return git_repo


def forge_of(folder: Path, part: Any = local_forge) -> Any:
    return part.LocalForge(folder / "pulls", GitRepository(folder))


def test_a_pull_request_is_a_file_to_read(folder: Path) -> None:
    opened = forge_of(folder).propose(replace(PROPOSAL, reviewers=("writer",)), None)
    path = folder / "pulls/1-toolbuilder-log-levels.md"

    assert opened.url == str(path)
    assert path.read_text() == (
        f'---\nnumber: 1\nbranch: toolbuilder/log-levels\nstate: open\ndraft: false\ntip: "{opened.tip}"\n'
        "title: Add log-levels\nlabels:\n  - toolbuilder\nreviewers:\n  - writer\n---\n\n"
        "Counts lines.\n\nTwo paragraphs.\n"
    )


def test_a_person_closes_it_in_the_file_and_adds_labels(folder: Path) -> None:
    opened = forge_of(folder).propose(PROPOSAL, None)
    path = Path(opened.url)
    path.write_text(path.read_text().replace("state: open", "state: closed").replace("  - tool", "  - mine\n  - tool"))

    [found] = forge_of(folder).pull_requests()
    assert (found.state, found.labels) == ("closed", ("mine", "toolbuilder"))


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("state: gone", r"1-toolbuilder-log-levels\.md:4:8: `state` must be open, closed or merged"),
        ("stat: open", r"md:4:1: `stat` is no key here; did you mean `state`\?"),
        ("--- state: open", r"md:\d+:\d+: "),
    ],
)
def test_an_edit_that_makes_it_something_else_is_located(folder: Path, broken: str, told: str) -> None:
    path = Path(forge_of(folder).propose(PROPOSAL, None).url)
    path.write_text(path.read_text().replace("state: open", broken))
    with pytest.raises(FileIsWrong, match=told):
        forge_of(folder).pull_requests()


@pytest.mark.parametrize("content", [b"no front\n", b"---\nnumber: 1\n", b"\xff", b""])
def test_a_file_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    (folder / "pulls").mkdir()
    (folder / "pulls/note.md").write_bytes(content)
    with pytest.raises(FileIsWrong, match=r"note\.md"):
        forge_of(folder).pull_requests()


def git_says_what_was_merged_and_what_is_gone(folder: Path, git: Git, part: Any) -> None:
    forge = forge_of(folder, part)
    number = forge.propose(PROPOSAL, None).number
    tip = add_commit(GitRepository(folder), BRANCH, f"more {number} {part.__file__}")
    git(folder, "merge", "--quiet", BRANCH)
    assert [(one.state, one.tip) for one in forge.pull_requests()][:1] == [("merged", tip)]
    with pytest.raises(ForgeError, match="holds nothing that the default branch does not have"):
        forge.propose(PROPOSAL, None)
    add_commit(GitRepository(folder), BRANCH, f"still more {number} {part.__file__}")
    forge.propose(PROPOSAL, None)
    kept = git(folder, "rev-parse", BRANCH)
    git(folder, "branch", "--quiet", "-D", BRANCH)
    assert forge.pull_requests()[0].state == "closed"
    git(folder, "branch", BRANCH, kept)


def a_comment_of_a_kind_stands_once(folder: Path, _git: Git, part: Any) -> None:
    forge = forge_of(folder, part)
    opened = forge.propose(PROPOSAL, None)
    for text in ("One.", "Two."):
        forge.comment(opened.number, "<!-- status -->", text)
    text = Path(opened.url).read_text()
    assert (text.count("<!-- status -->"), "Two." in text, "One." in text) == (1, True, False)


def a_branch_gets_no_second_one(folder: Path, _git: Git, part: Any) -> None:
    forge = forge_of(folder, part)
    numbers = [forge.propose(PROPOSAL, None).number for _ in range(2)]
    assert numbers[0] == numbers[1]


GUARDED: list[tuple[Check, str, str]] = [
    (a_branch_gets_no_second_one, "self._open_one(proposal.branch) or ", ""),
    (git_says_what_was_merged_and_what_is_gone, 'state="merged" if self._merged(tip) else "open"', 'state="open"'),
    (git_says_what_was_merged_and_what_is_gone, "        if self._merged(tip):\n", "        if not tip:\n"),
    (git_says_what_was_merged_and_what_is_gone, '"merged" if merged else "closed"', '"merged"'),
]


@pytest.mark.parametrize("guarded", GUARDED)
def test_state_follows_from_git(folder: Path, git: Git, guarded: tuple[Check, str, str]) -> None:
    check, text, instead = guarded
    assert_guarded(local_forge, (lambda part: check(folder, git, part), text, instead))


def test_comments_are_kept_in_front(folder: Path, git: Git) -> None:
    a_comment_of_a_kind_stands_once(folder, git, local_forge)


def test_two_processes_at_once_write_one_pull_request(folder: Path) -> None:
    command = [sys.executable, "-c", PUBLISH, str(folder)]
    root = Path(__file__).parents[2]
    both = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0] for process in both] == ["1\n", "1\n"]
    assert len(list((folder / "pulls").glob("*.md"))) == 1


def test_there_is_nobody_here_who_runs_workflows(folder: Path) -> None:
    forge = LocalForge(folder / "pulls", GitRepository(folder))
    with pytest.raises(
        ForgeError, match=r"no workflow toolbuilder\.yml runs here \(tool=dedupe\): type `toolbuilder run`"
    ):
        forge.dispatch("toolbuilder.yml", {"tool": "dedupe"})
    with pytest.raises(ForgeError, match="there is no pull request 7"):
        forge.comment(7, "<!-- x -->", "x")
