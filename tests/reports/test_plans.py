from toolbuilder.planning.verdict import Verdict
from toolbuilder.reports.plans import plan_lines

TIP = "0123456789abcdef" * 2 + "01234567"


def test_a_plan_is_grouped_aligned_and_counted() -> None:
    verdicts = [
        Verdict("a", "merged"),
        Verdict("bee", "build", "not built yet", "requirements", due=True),
        Verdict("c", "stale", "spec changed", "requirements", TIP, due=True),
        Verdict("d", "outdated", "template changed", "generation", TIP, usd=0.25),
        Verdict("e", "outdated", "template changed", "generation", TIP, due=True),
        Verdict("f", "up to date", tip=TIP),
        Verdict("g", "broken", "specs/g.yaml:1:1: wrong\nspecs/g.yaml:2:1: wrong too"),
    ]
    assert plan_lines(verdicts) == [
        "broken      g    specs/g.yaml:1:1: wrong",
        "                 specs/g.yaml:2:1: wrong too",
        "build       bee  requirements: not built yet",
        "stale       c    requirements: spec changed",
        "outdated    d    template changed, from generation on, $0.2500 when last built; --upgrade builds it",
        "outdated    e    template changed, from generation on",
        "up to date  f    finished at 0123456789ab, not merged yet",
        "merged      a",
        "7 tools: 1 broken, 1 build, 1 stale, 2 outdated, 1 up to date, 1 merged; 3 to build now",
    ]


def test_a_repository_without_specs_is_told_so() -> None:
    assert plan_lines([]) == ["there are no specs on the default branch"]
