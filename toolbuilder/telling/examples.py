"""The examples, with what was expected and what came of it, held-out ones marked."""

import json
from collections.abc import Sequence

from toolbuilder.artifacts import Packaging, Verdict, Verification
from toolbuilder.runs import Stop
from toolbuilder.scaffold.shell_text import session
from toolbuilder.spec import Example
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import block, prose
from toolbuilder.telling.view import ToolView

SHOWN = "Held-out examples were never seen by what wrote the code."


def examples_parts(view: ToolView) -> tuple[Part, ...]:
    """Give the examples that went wrong, and what each of them runs, expects and got."""
    verdicts = (*_of(view.of(Verification)), *_of(view.of(Packaging)))
    wrong = tuple(f"- {one.example}: {prose(one.difference)}" for one in verdicts if not one.passed)
    pairs = zip(view.spec.example_ids, view.spec.examples, strict=True)
    texts = tuple(_example(view, i, one, [v for v in verdicts if v.example == i]) for i, one in pairs)
    fold = f"What the {len(texts)} examples run, expect and got"
    return (
        Part("Examples", SHOWN if view.held_out else ""),
        Part("", "Wrong:" if wrong else "", wrong),
        Part("", "", texts, joint="\n\n", fold=fold, least=2),
    )


def expected(example: Example) -> tuple[str, str]:
    """Give what an example expects on standard output, and the language that it is in."""
    if isinstance(example.output, str):
        return example.output, "text"
    return json.dumps(example.output, ensure_ascii=False, indent=2), "json"


def counted(verdicts: tuple[Verdict, ...]) -> str:
    """Say how many examples passed, and how many of them were held out."""
    right, hidden = sum(one.passed for one in verdicts), sum(one.held_out for one in verdicts)
    return f"{right} of {len(verdicts)} examples ({hidden} held out)"


def named(view: ToolView, i: str) -> str:
    """Give an example's name, and whether it was held out, in Markdown."""
    example = view.spec.examples[int(i[1:]) - 1]
    name = prose(example.name or ("input that is refused" if example.exit_code else "an example"), 120)
    return f"{name} (held out)" if i in view.held_out else name


def _of(artifact: Verification | Packaging | None) -> tuple[Verdict, ...]:
    return artifact.examples if artifact else ()


def _example(view: ToolView, i: str, example: Example, verdicts: Sequence[Verdict]) -> str:
    run = block(session(view.spec, example), "sh")
    return f"**{i}** {named(view, i)}\n\n{run}\n\n{_wanted(example)}\n\nGot: {_got(view, i, verdicts)}."


def _got(view: ToolView, i: str, verdicts: Sequence[Verdict]) -> str:
    wrong = [prose(one.difference) for one in verdicts if not one.passed]
    if wrong:
        return f"**wrong**: {'; '.join(dict.fromkeys(wrong))}"
    if verdicts:
        return "as expected"
    return _refused(view.outside.stop, i) if view.refused else "not run"


def _refused(stop: Stop | None, i: str) -> str:
    """Say what verification found of an example before its gate refused; a stop keeps the first findings only."""
    begin = f"examples: {i}: "
    found = [one.removeprefix(begin) for one in (stop.findings if stop else ()) if one.startswith(begin)]
    return (
        f"**wrong**: {'; '.join(map(prose, found))}"
        if found
        else "run, and verification refused; see the findings above"
    )


def _wanted(example: Example) -> str:
    if example.exit_code:
        words = f", and “{prose(example.stderr)}” on standard error" if example.stderr else ""
        return f"Expected: exit code {example.exit_code}{words}."
    text, language = expected(example)
    return f"Expected:\n\n{block(text, language)}" if text.strip("\n") else "Expected: nothing is printed."
