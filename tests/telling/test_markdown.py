from typing import Any

import pytest
import yaml
from hypothesis import given

from tests.sabotage import Protection, assert_guarded
from tests.telling.nasty import LINES, one_line, several_lines
from tests.telling.rendered import harms, harms_in_a_commit, rendered
from toolbuilder.telling import markdown
from toolbuilder.telling.markdown import APART, block, bullets, folded, paste, prose, quiet, row, table_head

NASTY = [f"see {piece} and {other}" for piece in LINES for other in ("fixes #12", "`")]


def shown(text: str) -> str:
    """Give what a reader sees of a text in prose."""
    page = rendered(f"- {text}")
    return "".join(token.content for token in page.inline).replace(APART, "")


def prose_only_shows(part: Any) -> None:
    for text in NASTY:
        assert harms(f"- {part.prose(text)}") == []
        assert rendered(f"- {part.prose(text)}").shape == rendered("- x").shape


def a_cell_holds_whatever_it_is_given(part: Any) -> None:
    wanted = rendered("\n".join([table_head("a", "b"), row("x", "x"), row("x", "y")])).shape
    for text in NASTY:
        table = [part.table_head("a", "b"), part.row(part.prose(text), "x"), part.row(part.code("a|b"), "y")]
        page = rendered("\n".join(table))
        assert page.shape == wanted
        assert page.contents("inline")[3::2] == ["x", "y"]  # cells too many would be dropped without a word


def a_block_holds_whatever_it_is_given(part: Any) -> None:
    for text in (f"{piece}\n```\n{other}" for piece in LINES for other in ("fixes #12 @a", "```", "</details>", "\n")):
        page = rendered(part.block(text))
        assert page.shape == ("fence",)
        assert harms(part.block(text)) == []


def a_commit_message_would_close_nothing(part: Any) -> None:
    for text in (
        "fixes #1",
        "Fixes: #1",
        "CLOSED octo/tools#1",
        "resolve GH-2",
        "close https://x/o/r/issues/3",
        "@a",
        "(@a)",
    ):
        assert harms_in_a_commit(text)
        assert harms_in_a_commit(part.quiet(text)) == []


def what_is_pasted_says_the_same(part: Any) -> None:
    text = '# fixes #12 @a\n- input: "@octocat fixes #12\\n"\n  # closes #1\n  output: {"a@b": "resolved GH-1 @x"}\n'
    pasted = part.paste(text)
    assert yaml.safe_load(pasted) == yaml.safe_load(text)
    assert harms(f"```\n{pasted}\n```") == []


def what_turns_the_direction_of_text_is_seen(part: Any) -> None:
    assert "⟨U+202E⟩" in part.block("a\u202eb")
    assert "\u202e" not in part.prose("a\u202eb")


def a_long_text_is_cut_and_says_so(part: Any) -> None:
    assert "… and 60 more lines" in part.block("x\n" * 100)
    assert "… and 3800 more characters" in part.block("x" * 5_000)
    assert part.prose("x" * 400).endswith("…")
    assert len(part.prose("x" * 400)) == 300


GUARDED: list[Protection] = [
    (prose_only_shows, "escaped(REFERENCE.sub(_apart, quiet(", "(REFERENCE.sub(_apart, quiet("),
    (prose_only_shows, "REFERENCE.sub(_apart, quiet(cut(plain(text), longest)))", "quiet(cut(plain(text), longest))"),
    (prose_only_shows, "cut(plain(text), longest)", "cut(text, longest)"),
    (a_cell_holds_whatever_it_is_given, 'markdown_text.table(cells, ()).split("\\n", 1)[0]', 'f"| {\' | \'.join(cells)} |"'),
    (a_block_holds_whatever_it_is_given, "markdown_text.fenced(quiet(visible(_beginning(text, longest))), language)", 'f"```\\n{quiet(text)}\\n```"'),
    (a_block_holds_whatever_it_is_given, "fenced(quiet(visible(_beginning(text, longest)))", "fenced((visible(_beginning(text, longest)))"),
    (a_commit_message_would_close_nothing, "CLOSING.sub(_apart, MENTION.sub(_apart, text))", "MENTION.sub(_apart, text)"),
    (a_commit_message_would_close_nothing, "CLOSING.sub(_apart, MENTION.sub(_apart, text))", "CLOSING.sub(_apart, text)"),
    (what_is_pasted_says_the_same, "CLOSING.sub(_last_escaped, MENTION.sub(_last_escaped, line))", "quiet(line)"),
    (what_is_pasted_says_the_same, "        return quiet(line)\n", "        return line\n"),
    (what_turns_the_direction_of_text_is_seen, "quiet(visible(_beginning", "quiet((_beginning"),
    (a_long_text_is_cut_and_says_so, "if left > 0 else shown", "if left > 1_000 else shown"),
    (a_long_text_is_cut_and_says_so, "len(text) <= longest else", "text else"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_others_write_is_only_shown(protection: Protection) -> None:
    assert_guarded(markdown, protection)


@given(one_line)
def test_any_prose_only_shows(text: str) -> None:
    assert harms(f"- {prose(text)}") == []


@given(several_lines)
def test_any_block_only_shows(text: str) -> None:
    assert rendered(block(text)).shape == ("fence",)
    assert harms(block(text)) == []


def test_prose_shows_the_words_as_they_are() -> None:
    assert (
        shown(prose("Count *all* `lines` of <x> & y, e-mail a@b.c, #12"))
        == "Count *all* lines of <x> & y, e-mail a@b.c, #12"
    )


def test_code_can_be_copied_where_a_commit_message_does_no_harm() -> None:
    text = "a #12 https://a.example/x bob@example.org www.x.y"
    assert text in block(text)
    assert quiet(text) == text


def test_lists_and_folds_are_markdown() -> None:
    assert bullets(["a|b", "c"]) == ("- a\\|b", "- c")
    page = rendered(folded("More", "- a"))
    assert page.shape == (
        "html_block",
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
        "inline",
        "paragraph_close",
        "list_item_close",
        "bullet_list_close",
        "html_block",
    )


def test_pasted_yaml_without_signs_is_left_alone() -> None:
    text = '# keep\n- input: "a@b.c #1\\n"'
    assert paste(text) == text
