"""Whether a run did what its example says, and where it first did something else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from toolbuilder.spec import Example

LONGEST = 160


@dataclass(frozen=True)
class Outcome:
    """How a run of a tool ended; `files` are those below the folder of `--output`, for tools that write files."""

    stdout: str
    stderr: str
    exit_code: int
    files: Mapping[str, str] | None = None


def compare(expected: Example, outcome: Outcome) -> str:
    """Give the first difference between what an example says and how its run ended; empty when there is none."""
    if outcome.exit_code != expected.exit_code:
        said = f"; standard error: {_shown(outcome.stderr.strip())}" if outcome.stderr.strip() else ""
        return f"exit code: expected {expected.exit_code}, got {outcome.exit_code}{said}"
    if expected.stderr and expected.stderr not in outcome.stderr:
        return f"standard error: expected {_shown(expected.stderr)} in it, got {_shown(outcome.stderr.strip())}"
    if outcome.files is not None and expected.exit_code == 0:
        return _value_difference(expected.output, dict(outcome.files), "files", ordered=False)
    return output_difference("" if expected.exit_code else expected.output, outcome.stdout)


def output_difference(expected: object, printed: str) -> str:
    """Give the first difference of what was printed.

    Text is compared exactly but for one newline at the end, any other value as JSON, the order of keys included.
    """
    if isinstance(expected, str):
        return _text_difference(expected.removesuffix("\n"), printed.removesuffix("\n"))
    try:
        value = json.loads(printed)
    except (ValueError, RecursionError) as error:
        return f"the output is not JSON: {error}; it begins {_shown(printed)}"
    return _value_difference(expected, value, "output", ordered=True)


def _text_difference(expected: str, got: str) -> str:
    pairs = zip_longest(expected.split("\n"), got.split("\n"))
    for number, (wanted, line) in enumerate(pairs, 1):
        if wanted != line:
            return f"line {number}: expected {_shown(wanted)}, got {_shown(line)}"
    return ""


def _value_difference(expected: object, got: object, place: str, *, ordered: bool) -> str:
    if isinstance(expected, dict) and isinstance(got, dict):
        return _object_difference(expected, got, place, ordered=ordered)
    if isinstance(expected, list) and isinstance(got, list):
        items = enumerate(zip(expected, got, strict=False))
        inside = (_value_difference(a, b, f"{place}[{i}]", ordered=ordered) for i, (a, b) in items)
        lengths = f"{place}: expected {len(expected)} items, got {len(got)}" if len(expected) != len(got) else ""
        return next(filter(None, inside), lengths)
    same = isinstance(expected, bool) == isinstance(got, bool) and expected == got
    return "" if same else f"{place}: expected {_shown(expected)}, got {_shown(got)}"


def _object_difference(expected: dict[str, object], got: dict[str, object], place: str, *, ordered: bool) -> str:
    lacking, surplus = [k for k in expected if k not in got], [k for k in got if k not in expected]
    if lacking or surplus:
        keys = [f"lacks {_shown(key)}" for key in lacking] + [f"has {_shown(key)} too" for key in surplus]
        return f"{place}: {', '.join(keys[:3])}"
    inside = (_value_difference(value, got[key], f"{place}.{key}", ordered=ordered) for key, value in expected.items())
    turned = ordered and list(expected) != list(got)
    order = f"{place}: expected the keys in the order {_shown(list(expected))}, got {_shown(list(got))}"
    return next(filter(None, inside), order if turned else "")


def _shown(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
