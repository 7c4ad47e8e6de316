from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.sabotage import Protection, assert_guarded
from toolbuilder.invisible import is_seen
from toolbuilder.scaffold import readme
from toolbuilder.scaffold.readme import tool_readme
from toolbuilder.scaffold.shell_text import session
from toolbuilder.spec import Example, Spec

HELP = "usage: show [OPTIONS]\n\n```\n| not a table |\n# not a title\n"
HOSTILE = "# No <b>title</b> *at* all | `code` [x](y) &amp; 1) \\"


def spec_of(*examples: Example, **more: object) -> Spec:
    return Spec.model_validate(
        {
            "name": "show",
            "description": HOSTILE,
            "input_type": "text",
            "output_type": "json",
            "options": [
                {"name": "sep", "default": "|`", "help": HOSTILE},
                {"name": "level", "type": "choice", "choices": ["a|b", ""], "help": "How loud."},
            ],
            "examples": examples,
            **more,
        }
    )


USUAL = Example(name=HOSTILE, args=("--sep=```",), input="```\na\n", output={"a": "```"})
REFUSED = Example(input="bad", exit_code=2, stderr="no `x` | y")
SPEC = spec_of(USUAL, REFUSED)
README = tool_readme(SPEC, HELP, HOSTILE, "", (HOSTILE, " "))


def tokens(markdown: str) -> list[Token]:
    return MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)


def titles(markdown: str) -> list[str]:
    return [
        after.content
        for token, after in pairwise(tokens(markdown))
        if token.type == "heading_open" and token.tag != "h3"
    ]


def test_sections_stand_in_the_order_of_a_reader() -> None:
    assert titles(README) == [
        "show", "Install", "Usage", "Examples", "Options", "Exit codes", "Limits", "How it was made", "Development",
    ]  # fmt: skip


def test_nothing_that_people_wrote_becomes_markup() -> None:
    kinds = {child.type for token in tokens(README) for child in token.children or []}

    assert kinds <= {"text", "text_special", "code_inline", "softbreak"}
    assert "html_block" not in {token.type for token in tokens(README)}


def test_help_and_examples_are_code_as_it_was_printed() -> None:
    blocks = [token.content for token in tokens(README) if token.type == "fence"]

    assert HELP in blocks
    assert session(SPEC, USUAL) + "\n" in blocks
    assert '{\n  "a": "```"\n}\n' in blocks


def test_every_option_is_a_row_of_three_cells() -> None:
    rows = [token.type for token in tokens(README.partition("## Options")[2].partition("##")[0])]

    assert rows.count("tr_open") == 1 + 5
    assert rows.count("td_open") == 3 * 5


def test_a_refusal_is_told_with_its_words() -> None:
    assert "It ends with exit code 2, and says ``no `x` | y``." in README


def test_sections_without_content_are_left_out() -> None:
    long = Example(input="x\n" * 100, output="")
    readme = tool_readme(spec_of(long), HELP, "Shows.", "When needed.", ())

    assert "Limits" not in titles(readme)
    assert "Examples" not in titles(readme)
    assert readme.startswith("# show\n\nShows.\n\nWhen needed.\n\n## Install\n")


def test_an_empty_result_is_said_to_be_one() -> None:
    assert "It prints nothing." in tool_readme(spec_of(Example(input="", output="")), HELP, "", "", ())


def test_a_tool_that_thinks_has_options_for_its_model() -> None:
    example = Example(input="x", answers={"draft": [{"body": "y"}]}, output="y")
    recipe = [{"id": "draft", "think": "Write.", "uses": ["input"], "gives": {"body": "string"}}]
    readme = tool_readme(
        spec_of(example, output_type="text", intelligence="runtime", recipe=recipe, result="draft.body"), "", "", "", ()
    )

    assert "| `--model NAME` |" in readme
    assert "With the answers that the spec scripts for the model, it prints:" in readme
    assert "the model gives no answer that fits" in readme


def test_held_out_examples_stay_out() -> None:
    spec = spec_of(*(Example(input=f"in {word}", output=f"out {word}") for word in ("one", "two", "three", "four")))
    pairs = zip(spec.example_ids, spec.examples, strict=True)
    hidden = [example.input or "" for name, example in pairs if name in spec.held_out]

    assert hidden
    assert not [text for text in hidden if text in tool_readme(spec, "", "", "", ())]


@pytest.mark.parametrize(
    ("output_type", "output", "words"),
    [("files", {"a": "b"}, "It writes these files below `out/`:"), ("json", {"a": "b"}, "It prints:")],
)
def test_an_example_says_where_its_result_goes(output_type: str, output: dict[str, str], words: str) -> None:
    spec = spec_of(Example(input="", output=output), output_type=output_type)

    assert words in tool_readme(spec, "", "", "", ())


def whatever_an_example_hides_is_shown(part: Any) -> None:
    hidden = "\u202ex\u3164\u2028\x1b"
    shown = "".join(char if is_seen(char) else f"⟨U+{ord(char):04X}⟩" for char in hidden)
    for output, expected in (({"k": hidden}, r'"k": "\u202ex\u3164\u2028\u001b"'), (hidden, shown)):
        example = Example(input=hidden, output=output)
        spec = spec_of(example, output_type="json" if isinstance(output, dict) else "text")
        readme = part.tool_readme(spec, HELP, "Shows.", "", ())
        assert expected in readme
        assert all(char == "\n" or is_seen(char) for char in readme)


SHOWN: list[Protection] = [
    (whatever_an_example_hides_is_shown, "return invisible.visible(example.output)", "return example.output"),
    (whatever_an_example_hides_is_shown, "invisible.visible(invisible.escaped(", "(("),
]


@pytest.mark.parametrize("protection", SHOWN)
def test_nothing_in_it_changes_how_it_reads(protection: Protection) -> None:
    assert_guarded(readme, protection)
