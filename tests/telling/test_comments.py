from dataclasses import replace
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from tests.telling.nasty import LINES
from tests.telling.rendered import harms
from tests.telling.views import QUESTION, YAML, Texts, view_of
from toolbuilder.telling import comments
from toolbuilder.telling.view import Outside

HALFWAY = replace(view_of(outside=Outside()), artifacts=view_of().artifacts[:2], due="generation", why="spec changed")


def a_status_tells_each_stage(part: Any) -> None:
    rows = [line for line in part.status_comment(HALFWAY).splitlines() if line.startswith("| ")][2:]
    assert [row.split(" | ")[1] for row in rows] == ["done", "done", "**next**: spec changed", "to do", "to do"]
    assert "Not finished: generation is not done." in part.status_comment(HALFWAY)
    assert "Everything is done." in part.status_comment(view_of())


def an_explanation_says_what_to_do(part: Any) -> None:
    told = part.explain_comment(view_of(outside=Outside(stop=QUESTION)))
    assert f"```yaml\n{YAML}```" in told
    assert "/toolbuilder rerun STAGE" in told
    assert "`dedupe` waits for nobody: everything is done." in part.explain_comment(view_of())


def nothing_of_a_comment_mentions_or_closes(part: Any) -> None:
    for text in LINES:
        word = f"x {text.strip() or 'y'}".replace("\r", "")
        seen = replace(
            view_of(Texts(word.replace("\n", " "))), why=text, due="generation", notes=(f"generation {text}",)
        )
        for told in (part.status_comment(seen), part.explain_comment(seen), part.refusal_line(f"a{text}")):
            assert harms(told) == [], told


GUARDED: list[Protection] = [
    (a_status_tells_each_stage, "names.index(stage) >= names.index(view.due)", "stage == view.due"),
    (a_status_tells_each_stage, "if waits else", "if True else"),
    (an_explanation_says_what_to_do, "(*(said or (free,)), doing_part(view))", "(*(said or (free,)),)"),
    (nothing_of_a_comment_mentions_or_closes, "{prose(view.why)}", "{view.why}"),
    (nothing_of_a_comment_mentions_or_closes, "code(prose(login, 60))", "login"),
    (nothing_of_a_comment_mentions_or_closes, 'f"- {prose(note)}"', 'f"- {note}"'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_comments_say_what_is_true(protection: Protection) -> None:
    assert_guarded(comments, protection)
