"""What every forge keeps: the same tests over GitHub's adapter and over files."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forge.forges import BRANCH, PROPOSAL, add_commit, both
from toolbuilder.errors import ForgeError
from toolbuilder.ports import Forge, Repository

Git = Callable[..., str]


@pytest.fixture(params=["github", "local"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pair(kind: str, git_repo: Path) -> Iterator[tuple[Forge, Repository]]:
    with both(kind, git_repo) as made:
        add_commit(made[1], BRANCH, "one")
        yield made


Pair = tuple[Forge, Repository]


def test_a_proposal_becomes_an_open_pull_request_with_the_tip_of_its_branch(pair: Pair) -> None:
    forge, repository = pair
    opened = forge.propose(PROPOSAL, None)

    assert forge.pull_requests() == [opened]
    assert (opened.number, opened.state, opened.draft) == (1, "open", False)
    assert (opened.branch, opened.tip) == (BRANCH, repository.resolve(BRANCH))
    assert (opened.title, opened.body, opened.labels) == (PROPOSAL.title, PROPOSAL.body, PROPOSAL.labels)


def test_a_branch_that_has_one_open_never_gets_a_second(pair: Pair) -> None:
    forge, _ = pair
    first = forge.propose(PROPOSAL, None)
    again = forge.propose(replace(PROPOSAL, title="Add it", body="Better."), None)
    known = forge.propose(replace(PROPOSAL, title="Add it", body="Best."), first)

    assert (first.number, again.number, known.number) == (1, 1, 1)
    assert [(one.title, one.body) for one in forge.pull_requests()] == [("Add it", "Best.")]


def test_a_new_commit_moves_the_tip_of_the_pull_request(pair: Pair) -> None:
    forge, repository = pair
    forge.propose(PROPOSAL, None)
    tip = add_commit(repository, BRANCH, "two")

    assert [one.tip for one in forge.pull_requests()] == [tip]


def test_a_draft_becomes_ready_and_a_draft_again(pair: Pair) -> None:
    forge, _ = pair
    known = forge.propose(replace(PROPOSAL, draft=True), None)
    states = [known.draft]
    for draft in (False, True):
        known = forge.propose(replace(PROPOSAL, draft=draft), known)
        states += [known.draft, forge.pull_requests()[0].draft]

    assert states == [True, False, False, True, True]


def test_labels_of_toolbuilder_are_as_proposed_and_others_stay(pair: Pair) -> None:
    forge, _ = pair
    known = forge.propose(replace(PROPOSAL, labels=("toolbuilder", "toolbuilder:needs-person")), None)
    known = forge.propose(PROPOSAL, known)

    assert forge.pull_requests()[0].labels == known.labels == ("toolbuilder",)


def test_closing_says_why_and_marks_who_closed_it(pair: Pair) -> None:
    forge, _ = pair
    opened = forge.propose(PROPOSAL, None)
    forge.close(opened.number, "The spec is gone.", "toolbuilder:withdrawn")

    closed = forge.pull_requests()[0]
    assert (closed.state, closed.labels) == ("closed", ("toolbuilder", "toolbuilder:withdrawn"))


def test_after_one_was_closed_a_proposal_opens_the_next(pair: Pair) -> None:
    forge, _ = pair
    forge.close(forge.propose(PROPOSAL, None).number, "Gone.", "toolbuilder:withdrawn")
    second = forge.propose(PROPOSAL, None)

    assert [(one.number, one.state) for one in forge.pull_requests()] == [(2, "open"), (1, "closed")]
    assert second.labels == ("toolbuilder",)


def test_a_branch_that_is_not_there_or_holds_nothing_new_cannot_be_proposed(
    pair: Pair, git_repo: Path, git: Git
) -> None:
    forge, _ = pair
    git(git_repo, "branch", "toolbuilder/empty")
    for branch in ("toolbuilder/missing", "toolbuilder/empty"):
        with pytest.raises(ForgeError):
            forge.propose(replace(PROPOSAL, branch=branch), None)
    assert forge.pull_requests() == []


def test_who_is_nobody_may_not_write(pair: Pair) -> None:
    forge, _ = pair
    assert forge.may_write("writer")
    assert not forge.may_write("")
