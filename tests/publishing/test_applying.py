from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.forge.forges import BRANCH, Peer, github
from tests.sabotage import Protection, assert_guarded
from toolbuilder.errors import FileIsWrong, Problem, RepositoryError
from toolbuilder.publishing import applying
from toolbuilder.publishing.applying import Desk, Outcome
from toolbuilder.publishing.decision import Decision

TIP = "b" * 40
OPEN = Decision("log-levels", "open", "finished", BRANCH, tip=TIP, labels=("toolbuilder",))


@dataclass
class Office:
    """A desk over a forge, and what was asked of it."""

    peer: Peer
    removed: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    kept: list[tuple[str, str, int]] = field(default_factory=list)  # tool, commit, how many were proposed before
    locked: set[str] = field(default_factory=set)  # tools whose journal takes nothing

    def desk(self) -> Desk:
        forge = self.peer.forge()
        forge.pull_requests()
        return Desk(forge, self.text, lambda _: ("writer",), self.remove, self.keep)

    def text(self, decision: Decision) -> tuple[str, str]:
        if decision.tool in self.wrong:
            raise FileIsWrong([Problem("specs/x.yaml", 1, 1, "is wrong")])
        return f"{decision.tool}: a tool", "What it does."

    def remove(self, tool: str) -> str:
        self.removed.append(tool)
        return "c" * 40

    def keep(self, decision: Decision) -> None:
        if decision.tool in self.locked:
            raise RepositoryError("the remote refuses the journal")
        self.kept.append((decision.tool, decision.verified, len(self.peer.world.pulls)))

    def known(self) -> list[Any]:
        return list(self.peer.forge().pull_requests())


def done(part: Any, office: Office, *decisions: Decision) -> list[tuple[str, str, int]]:
    return [(one.tool, one.did, one.number) for one in part.carry_out(decisions, office.desk())]


def test_what_is_opened_is_unchanged_when_nothing_changes_and_updated_when_something_does() -> None:
    with github() as peer:
        office = Office(peer)
        assert done(applying, office, OPEN) == [("log-levels", "opened", 1)]
        same = replace(OPEN, action="update", known=office.known()[0])
        assert done(applying, office, same) == [("log-levels", "unchanged", 1)]
        assert done(applying, office, replace(same, draft=True)) == [("log-levels", "updated", 1)]
        assert peer.world.pulls[0].body == "What it does."
        assert peer.world.pulls[0].reviewers == ["writer"]


def test_a_draft_in_words_is_unchanged_too() -> None:
    with github(drafts=False) as peer:
        office = Office(peer)
        draft = replace(OPEN, draft=True)
        assert done(applying, office, draft) == [("log-levels", "opened", 1)]
        same = replace(draft, action="update", known=office.known()[0])
        [outcome] = applying.carry_out([same], office.desk())
        assert (outcome.did, outcome.draft) == ("unchanged", True)


def who_is_waited_for_is_told_once(part: Any) -> None:
    with github() as peer:
        office = Office(peer)
        done(part, office, OPEN)
        stopped = replace(OPEN, action="update", draft=True, labels=(*OPEN.labels, "toolbuilder:needs-person"))
        told = []
        fine = replace(OPEN, action="update")
        for decision in (replace(fine, draft=True), stopped, stopped, fine):
            done(part, office, replace(decision, known=office.known()[0]))
            told.append([one.body.splitlines()[-1] for one in peer.world.comments])
        assert told == [[], [part.WAITS], [part.WAITS], [part.GOES_ON]]
        assert len([one for one in peer.served.requests if "comments" in one["path"] and one["method"] != "GET"]) == 2


def test_what_is_closed_is_marked_as_withdrawn() -> None:
    with github() as peer:
        office = Office(peer)
        done(applying, office, OPEN)
        close = replace(OPEN, action="close", known=office.known()[0], comment="Gone.")
        assert done(applying, office, close) == [("log-levels", "closed", 1)]
        assert (peer.world.pulls[0].state, peer.world.pulls[0].labels[-1]) == ("closed", "toolbuilder:withdrawn")
        assert peer.world.comments[0].body.endswith("Gone.")


def test_a_removal_is_put_on_its_branch_before_it_is_proposed() -> None:
    branches = {"main": "a" * 40, "toolbuilder-remove/dedupe": "c" * 40}
    with github(branches=branches) as peer:
        office = Office(peer)
        removal = Decision("dedupe", "open", "gone", "toolbuilder-remove/dedupe")
        assert done(applying, office, removal) == [("dedupe", "opened", 1)]
        assert office.removed == ["dedupe"]
        assert peer.world.pulls[0].branch == removal.branch


def test_what_waits_and_what_is_left_touches_nothing() -> None:
    with github() as peer:
        office = Office(peer)
        found = done(applying, office, replace(OPEN, action="wait"), replace(OPEN, action="leave"))
        assert found == [("log-levels", "waiting", 0), ("log-levels", "left", 0)]
        assert len(peer.served.requests) == 1


def one_failure_is_one_tool_s_and_patience_is_everybody_s(part: Any) -> None:
    branches = {"main": "a" * 40, **{f"toolbuilder/t{n}": f"{n}" * 40 for n in range(1, 6)}}
    with github(branches=branches) as peer:
        office = Office(peer, wrong={"t1"})
        limit = {"status": 403, "headers": {"retry-after": "9999"}}
        peer.world.control({"faults": [{**limit, "method": "POST", "path": ".*/pulls", "times": 9}]})
        decisions = [replace(OPEN, tool=f"t{n}", branch=f"toolbuilder/t{n}") for n in range(1, 5)]
        left = replace(OPEN, tool="t5", action="leave")
        outcomes: list[Outcome] = list(part.carry_out([*decisions, left], office.desk()))
        assert [one.did for one in outcomes] == ["failed", "waiting", "waiting", "waiting", "left"]
        assert "specs/x.yaml:1:1: is wrong" in outcomes[0].why
        assert "asks to wait 9999 s" in outcomes[1].why
        assert outcomes[1].why == outcomes[3].why
        assert len(peer.served.sent("POST", "/pulls")) == 1


def what_was_verified_is_in_git_before_anybody_reads_it(part: Any) -> None:
    branches = {"main": "a" * 40, **{f"toolbuilder/t{n}": f"{n}" * 40 for n in range(1, 6)}}
    with github(branches=branches) as peer:
        office = Office(peer, locked={"t2"})
        told = replace(OPEN, verified=TIP, told=True)
        one, two, three, four = (replace(told, tool=f"t{n}", branch=f"toolbuilder/t{n}") for n in range(1, 5))
        known = replace(three, told=False)
        limit = {"status": 403, "headers": {"retry-after": "9999"}, "method": "POST", "path": ".*/pulls"}
        assert [did for _, did, _ in done(part, office, one, two, known)] == ["opened", "failed", "opened"]
        peer.world.control({"faults": [limit]})
        assert [did for _, did, _ in done(part, office, four, replace(four, tool="t5"))] == ["waiting", "waiting"]
        assert [did for _, did, _ in done(part, office, replace(four, tool="t6", action="wait"))] == ["waiting"]
        assert office.kept == [("t1", TIP, 0), ("t4", TIP, 2), ("t5", TIP, 2), ("t6", TIP, 2)]


GUARDED: list[Protection] = [
    (what_was_verified_is_in_git_before_anybody_reads_it, "            if decision.told:", "            if decision.verified:"),
    (what_was_verified_is_in_git_before_anybody_reads_it, "            if decision.told:", "            if decision.told and not busy:"),
    (what_was_verified_is_in_git_before_anybody_reads_it, "                desk.keep(decision)\n", "                pass\n"),
    (who_is_waited_for_is_told_once, 'return "" if before == now else', "return"),
    (who_is_waited_for_is_told_once, "        desk.forge.comment(known.number, STOPPED, word)\n", "        pass\n"),
    (one_failure_is_one_tool_s_and_patience_is_everybody_s, "        except ToolbuilderError as error:\n", "        except ZeroDivisionError as error:\n"),
    (one_failure_is_one_tool_s_and_patience_is_everybody_s, "            busy = str(error)\n", ""),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("protection", GUARDED)
def test_failures_stay_where_they_belong(protection: Protection) -> None:
    assert_guarded(applying, protection)
