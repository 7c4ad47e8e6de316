from dataclasses import replace
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.planning.verdict import State, Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.publishing import deciding
from toolbuilder.publishing.deciding import decide
from toolbuilder.publishing.decision import Decision, Facts, Wish
from toolbuilder.publishing.proving import proof_text
from toolbuilder.verified import VerifiedAgain

TIP, NEW = "a" * 40, "b" * 40
OURS = ("toolbuilder",)
STRICT = Wish({"dedupe": TIP})
NOBODY = Wish({})
KEPT, OLD = VerifiedAgain(commit=TIP), VerifiedAgain(commit=NEW)  # what git says was verified again
SAYS_SO = f"{proof_text(TIP, '')}\n\n<!-- toolbuilder: shows {TIP}, verified -->"  # whoever can, may write this


def verdict(state: State, tip: str = TIP, **more: Any) -> Verdict:
    return Verdict("dedupe", state, "because", "generation", tip, **more)


def facts(state: State, tip: str = TIP, **more: Any) -> Facts:
    return Facts(verdict(state, tip), **more)


def pull(state: Any = "open", branch: str = "toolbuilder/dedupe", **more: Any) -> PullRequest:
    made = PullRequest(7, "https://x/7", branch, state, draft=False, tip=TIP, title="dedupe", body="B", labels=OURS)
    return replace(made, **more)


def one(found: list[Decision]) -> tuple[str, bool, tuple[str, ...]]:
    [decision] = found
    return decision.action, decision.draft, decision.labels


WAITS = ("toolbuilder", "toolbuilder:needs-person")
REMOVAL = "toolbuilder-remove/dedupe"


@pytest.mark.parametrize(
    ("found", "listed", "wish", "wanted"),
    [
        # finished
        (facts("up to date"), [], STRICT, ("open", False, OURS)),
        (facts("outdated"), [], STRICT, ("open", False, OURS)),
        (facts("up to date"), [], NOBODY, ("open", True, OURS)),
        (facts("up to date"), [], Wish({"dedupe": NEW}), ("open", True, OURS)),
        (facts("up to date"), [], Wish(), ("open", False, OURS)),
        (facts("up to date"), [pull()], STRICT, ("update", False, OURS)),
        (facts("up to date"), [pull()], NOBODY, ("update", True, OURS)),
        (facts("up to date", verified=KEPT), [pull()], NOBODY, ("update", False, OURS)),
        (facts("up to date", verified=KEPT), [], NOBODY, ("open", False, OURS)),
        (facts("up to date", verified=KEPT), [], Wish({"dedupe": NEW}), ("open", False, OURS)),
        (facts("up to date", verified=OLD), [pull()], NOBODY, ("update", True, OURS)),
        (facts("up to date"), [pull(body=SAYS_SO)], NOBODY, ("update", True, OURS)),
        (facts("build", verified=KEPT), [pull()], NOBODY, ("update", True, OURS)),
        (facts("up to date"), [pull("closed", labels=("toolbuilder:withdrawn",))], STRICT, ("open", False, OURS)),
        (facts("up to date"), [pull("merged", tip=NEW)], STRICT, ("open", False, OURS)),
        # not finished
        (facts("build", ""), [], STRICT, ("leave", False, ())),
        (facts("build"), [], STRICT, ("leave", False, ())),
        (facts("stale"), [], STRICT, ("leave", False, ())),
        (facts("build"), [pull()], STRICT, ("update", True, OURS)),
        (facts("stale", stopped=True), [], STRICT, ("open", True, WAITS)),
        (facts("stale", stopped=True), [pull("merged")], STRICT, ("leave", False, ())),
        (facts("waits for a person"), [], STRICT, ("open", True, WAITS)),
        (facts("waits for a person", ""), [], STRICT, ("leave", False, ())),
        (facts("waits for a person"), [pull()], STRICT, ("update", True, WAITS)),
        (facts("up to date", stopped=True), [], STRICT, ("open", False, OURS)),
        # left alone
        (facts("merged", built=True), [], STRICT, ("leave", False, ())),
        (facts("merged"), [pull()], STRICT, ("leave", False, ())),
        (facts("closed by a person"), [pull("closed")], STRICT, ("leave", False, ())),
        (facts("broken"), [pull()], STRICT, ("leave", False, ())),
        # gone
        (facts("removed"), [pull()], STRICT, ("close", False, ())),
        (facts("renamed"), [pull()], STRICT, ("close", False, ())),
        (facts("removed", built=True), [], STRICT, ("open", False, ("toolbuilder", "toolbuilder:removal"))),
        (facts("removed", built=True), [pull(branch=REMOVAL)], STRICT, ("update", False, ("toolbuilder", "toolbuilder:removal"))),
        (facts("removed", built=True, refused=True), [pull("closed", REMOVAL)], STRICT, ("leave", False, ())),
        (facts("removed", built=True, refused=True), [pull("closed", REMOVAL)], Wish(asked=True), ("open", False, ("toolbuilder", "toolbuilder:removal"))),
        (facts("removed", built=True), [pull("closed", REMOVAL)], STRICT, ("open", False, ("toolbuilder", "toolbuilder:removal"))),
        (facts("removed", built=True, refused=True), [pull("closed", REMOVAL, labels=("toolbuilder:withdrawn",))], STRICT, ("open", False, ("toolbuilder", "toolbuilder:removal"))),
        (facts("removed"), [pull(branch=REMOVAL)], STRICT, ("close", False, ())),
    ],
)  # fmt: skip
def test_each_state_has_its_decision(
    found: Facts, listed: list[PullRequest], wish: Wish, wanted: tuple[Any, ...]
) -> None:
    assert one(decide([found], listed, wish)) == wanted


def test_a_tool_that_is_gone_without_a_trace_needs_nothing() -> None:
    assert decide([facts("removed")], [pull("closed"), pull("merged", REMOVAL)], STRICT) == []


def test_a_spec_that_is_back_withdraws_the_removal() -> None:
    found = decide([facts("merged")], [pull(branch=REMOVAL)], STRICT)
    assert [(one.action, one.branch) for one in found] == [("close", REMOVAL), ("leave", "toolbuilder/dedupe")]
    assert "on the default branch again" in found[0].comment


def test_what_only_the_forge_still_knows_is_withdrawn() -> None:
    found = decide([], [pull(), pull(branch=REMOVAL), pull("closed", "toolbuilder/other")], STRICT)
    assert [(one.tool, one.action) for one in found] == [("dedupe", "close"), ("dedupe", "close")]


def test_a_renamed_tool_says_where_it_lives_on() -> None:
    [decision] = decide([Facts(replace(verdict("renamed"), other="unique"))], [pull()], STRICT)
    assert "`unique` says the same" in decision.comment
    assert "refs/toolbuilder/log/dedupe" in decision.comment


def test_no_name_of_a_tool_leads_to_the_branch_that_removes_another() -> None:
    both = [
        Facts(replace(verdict("up to date"), tool="remove-dedupe")),
        Facts(replace(verdict("removed"), tool="dedupe"), built=True),
    ]
    assert {one.branch for one in decide(both, [], Wish())} == {"toolbuilder/remove-dedupe", REMOVAL}


def so_many_are_opened_and_the_rest_waits(part: Any) -> None:
    many = [Facts(replace(verdict("up to date"), tool=f"t{n:02}")) for n in range(14)]
    listed = [pull(branch="toolbuilder/t00"), pull(branch="toolbuilder/gone")]
    found = part.decide(many, listed, Wish(most=10))
    actions = [one.action for one in found]
    assert actions == ["close", "update", *["open"] * 10, *["wait"] * 3]
    assert "comes with the next" in found[-1].why


def a_person_s_decision_holds(part: Any) -> None:
    assert one(part.decide([facts("closed by a person", stopped=True)], [pull("closed")], STRICT))[0] == "leave"
    refused = [facts("removed", built=True, refused=True)]
    assert one(part.decide(refused, [pull("closed", REMOVAL)], STRICT))[0] == "leave"


def nothing_is_ready_that_was_not_verified(part: Any) -> None:
    for listed in ([], [pull()], [pull(body=SAYS_SO)]):
        for kept in (VerifiedAgain(), OLD):
            assert one(part.decide([facts("up to date", verified=kept)], listed, NOBODY))[1]
    assert one(part.decide([facts("build")], [pull()], STRICT))[1]


def git_is_told_what_this_publisher_was_told_and_no_more(part: Any) -> None:
    def told(wish: Wish, **known: Any) -> bool:
        [decision] = part.decide([facts("up to date", **known)], [pull(body=SAYS_SO)], wish)
        return bool(decision.told)

    assert told(STRICT)
    assert told(STRICT, verified=OLD)
    for wish in (NOBODY, Wish(), Wish({"dedupe": NEW}), Wish({"other": TIP})):
        assert not told(wish)
        assert not told(wish, verified=OLD)
    assert not told(STRICT, verified=KEPT)
    [capped] = part.decide([facts("up to date")], [], Wish({"dedupe": TIP}, most=0))
    assert (capped.action, capped.told) == ("wait", True)
    [gone] = part.decide([facts("removed")], [pull()], STRICT)
    assert not gone.told


def what_a_person_opened_is_not_closed(part: Any) -> None:
    for found in ([facts("removed")], []):
        for branch in ("toolbuilder/dedupe", REMOVAL):
            assert one(part.decide(found, [pull(branch=branch, labels=("docs",))], STRICT))[0] == "leave"
            assert one(part.decide(found, [pull(branch=branch)], STRICT))[0] == "close"
            assert one(part.decide(found, [pull(branch=branch, labels=(), body=SAYS_SO)], STRICT))[0] == "leave"


GUARDED: list[Protection] = [
    (what_a_person_opened_is_not_closed, "if LABEL in known.labels:", "if True:"),
    (what_a_person_opened_is_not_closed, "if LABEL in known.labels:", 'if LABEL in known.labels or "<!--" in known.body:'),
    (so_many_are_opened_and_the_rest_waits, "and seen > most", "and seen > most + 1"),
    (so_many_are_opened_and_the_rest_waits, "sorted(decisions, key=lambda one: ORDER.index(one.action))", "decisions"),
    (a_person_s_decision_holds, '_LEFT = frozenset({"merged", "closed by a person", "broken"})', '_LEFT = frozenset({"merged", "broken"})'),
    (a_person_s_decision_holds, "and _closed_by_person(removals[0]) and facts.refused", "and False"),
    (nothing_is_ready_that_was_not_verified, "draft=unverified or not finished", "draft=not finished"),
    (nothing_is_ready_that_was_not_verified, "draft=unverified or not finished", "draft=unverified"),
    (nothing_is_ready_that_was_not_verified, "verified.commit != verdict.tip\n", "not verified.commit\n"),
    (nothing_is_ready_that_was_not_verified, "verified = _verified(facts, wish)", "verified = VerifiedAgain(commit=verdict.tip) if known and verdict.tip in known.body else _verified(facts, wish)"),
    (git_is_told_what_this_publisher_was_told_and_no_more, "told=verified != facts.verified", "told=True"),
    (git_is_told_what_this_publisher_was_told_and_no_more, "told=verified != facts.verified", "told=verified.commit == verdict.tip"),
    (git_is_told_what_this_publisher_was_told_and_no_more, "told=verified != facts.verified", "told=False"),
    (git_is_told_what_this_publisher_was_told_and_no_more, "if now != tip or", "if"),
    (git_is_told_what_this_publisher_was_told_and_no_more, "if now != tip or", "if (now and now != tip) or"),
    (git_is_told_what_this_publisher_was_told_and_no_more, '.get(facts.verdict.tool, "")', ".get(facts.verdict.tool, tip)"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_the_rules_hold(protection: Protection) -> None:
    assert_guarded(deciding, protection)
