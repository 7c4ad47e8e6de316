from dataclasses import replace

from toolbuilder.ports import PullRequest
from toolbuilder.publishing.applying import Outcome
from toolbuilder.publishing.decision import Decision
from toolbuilder.reports.publishing import decision_lines, failures, outcome_lines, publish_summary

URL = "https://github.com/o/r/pull/7"
OPENED = Outcome("dedupe", "opened", "finished", 7, URL, draft=True)
FAILED = Outcome("unique", "failed", "specs/unique.yaml:1:1: no\n::error::@everyone | [x](http://e.vil)")
KNOWN = PullRequest(7, URL, "toolbuilder/dedupe", "open", draft=False, tip="", title="", body="", labels=())
UPDATE = Decision("dedupe", "update", "finished", KNOWN.branch, KNOWN, draft=True)


def test_each_decision_and_each_outcome_is_one_line() -> None:
    removal = Decision("gone", "open", "its spec\n is gone", "toolbuilder-remove/gone")
    assert decision_lines([UPDATE, removal]) == [
        "dedupe: update #7 as a draft, if it differs: finished",
        "gone: open (removal): its spec; is gone",
    ]
    assert outcome_lines([OPENED, FAILED]) == [
        f"dedupe: opened #7, a draft: finished  {URL}",
        "unique: failed: specs/unique.yaml:1:1: no; ::error::@everyone | [x](http://e.vil)",
    ]
    assert decision_lines([]) == outcome_lines([]) == ["there is nothing to publish"]


def test_the_summary_is_a_table_in_which_words_of_others_do_nothing() -> None:
    told = publish_summary([OPENED, FAILED])
    rows = told.splitlines()[4:]
    assert rows[0] == f"| `dedupe` | [#7]({URL}) | opened, a draft | finished |"
    assert len(rows) == 2
    for sign in ("@everyone", "[x](", "http://", " | [x"):
        assert sign not in rows[1]
    assert publish_summary([]) == "## Pull requests\n\nThere is nothing to publish.\n"


def test_a_long_summary_counts_the_rest() -> None:
    told = publish_summary([replace(OPENED, tool=f"t{n}") for n in range(502)])
    assert told.endswith("… and 2 more\n")


def test_what_failed_is_put_at_its_spec() -> None:
    [one] = failures([OPENED, FAILED])
    assert (one.kind, one.title, one.file) == ("error", "unique: not published", "specs/unique.yaml")
