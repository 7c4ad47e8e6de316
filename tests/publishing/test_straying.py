from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Ahead
from toolbuilder.publishing import straying
from toolbuilder.publishing.decision import Decision

OPEN = Decision("dedupe", "open", "finished", "toolbuilder/dedupe", tip="a" * 40)
OWN = ("specs/dedupe.yaml", "tools/dedupe/src/x.py")


def only_the_tool_s_own_files_are_inside(part: Any) -> None:
    strays = (".github/workflows/evil.yml", "specs/other.yaml", "tools/dedupe", "tools/dedupe-more/x")
    assert part.outside((*OWN, *strays), "dedupe") == strays


def a_branch_that_strays_stays_a_draft(part: Any) -> None:
    [kept] = part.kept_drafts([OPEN], lambda _: Ahead(paths=(*OWN, "x")))
    assert (kept.draft, kept.why) == (True, "finished; it changes files outside tools/dedupe/: 1")
    assert part.kept_drafts([OPEN], lambda _: Ahead(paths=OWN)) == [OPEN]


def what_cannot_be_told_is_not_ready(part: Any) -> None:
    def broken(tip: str) -> Ahead:
        raise RepositoryError(f"{tip} is broken")

    [kept] = part.kept_drafts([OPEN], broken)
    assert kept.draft
    assert "cannot be told" in kept.why


def test_what_is_not_proposed_is_not_looked_at() -> None:
    left = [
        Decision("dedupe", "leave", "merged", "toolbuilder/dedupe"),
        Decision("dedupe", "open", "gone", "toolbuilder-remove/dedupe"),
    ]
    assert straying.kept_drafts(left, lambda _: Ahead(paths=("x",))) == left


GUARDED: list[Protection] = [
    (only_the_tool_s_own_files_are_inside, "path.startswith(folder_of(tool))", "path.startswith('tools/')"),
    (a_branch_that_strays_stays_a_draft, "if strays else decision", "if False else decision"),
    (what_cannot_be_told_is_not_ready, 'draft=True, why=f"{decision.why}; what', 'draft=False, why=f"{decision.why}; what'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_strays_are_held_back(protection: Protection) -> None:
    assert_guarded(straying, protection)
