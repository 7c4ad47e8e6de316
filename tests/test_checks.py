from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import checks
from toolbuilder.artifacts import Interface, Module, Obligation

WANTED = (Obligation(id="R1", text="Count lines."), Obligation(id="E1", text="Two lines."))
READING = Module(name="reading", summary="Reads.", roles=("read",), covers=())
COUNTING = Module(name="counting", summary="Counts.", roles=("transform",), covers=("R1",), uses=("reading",))


def said(findings: list[Any]) -> list[str]:
    return [str(finding) for finding in findings]


def what_is_covered_is_counted(part: Any) -> None:
    assert part.covered(["R1", "E1"], ["E1", "R1"], "tests") == []
    assert said(part.covered(["R1", "E1"], ["E1"], "tests")) == ["tests: R1: nothing covers it"]


def what_the_spec_does_not_have_is_found_once(part: Any) -> None:
    assert part.not_invented(["R1"], ["R1", "R1"], "tests") == []
    assert said(part.not_invented(["R1"], ["R2", "R2"], "tests")) == ["tests: R2: the spec has no such obligation"]


def words(part: Any, *present: tuple[str, str]) -> list[str]:
    return said(part.word_for_word(WANTED, [Obligation(id=i, text=text) for i, text in present], "requirements"))


def obligations_stand_word_for_word(part: Any) -> None:
    good = ("R1", "Count lines."), ("E1", "Two lines.")
    assert words(part, *good) == []
    assert words(part, good[0], ("E1", "Some lines.")) == [
        "requirements: E1: says 'Some lines.'; the spec says 'Two lines.'"
    ]


def no_obligation_is_lost_added_or_doubled(part: Any) -> None:
    good = ("R1", "Count lines."), ("E1", "Two lines.")
    assert words(part, good[0]) == ["requirements: E1: nothing covers it"]
    assert words(part, *good, ("R2", "x")) == ["requirements: R2: the spec has no such obligation"]
    assert words(part, *good, good[0]) == ["requirements: R1: stands twice"]


def a_circle_is_told_with_its_way(part: Any) -> None:
    assert part.acyclic({"a": ["b"], "b": ["c"], "c": []}, "flows") == []
    [finding] = part.acyclic({"a": ["b"], "b": ["a"]}, "flows")
    assert finding.where in {"a -> b -> a", "b -> a -> b"}
    assert finding.message == "goes in a circle"


def judged(part: Any, signature: str) -> list[str]:
    return [one.message for one in part.interface_parses(Interface(module="m", signature=signature, purpose="p"))]


def a_signature_is_one_typed_function(part: Any) -> None:
    assert judged(part, "def f(a: int, /, b: str = '', *, c: float) -> None") == []
    assert judged(part, "async def f() -> int") == []
    assert judged(part, "def f(a, /, b, *, c)") == ["has no type for a, b, c, the result"]
    assert judged(part, "def f() -> int: ...\ndef g() -> int") == ["is not one function"]
    [message] = judged(part, "def f(a: int -> str")
    assert message.startswith("is not Python: ")


def modules_have_names_of_their_own_and_import_what_is_there(part: Any) -> None:
    assert part.modules_fit([READING, COUNTING]) == []
    assert said(part.modules_fit([COUNTING])) == ["modules: counting: uses reading, which no module is"]
    assert "modules: reading: stands twice" in said(part.modules_fit([READING, READING, COUNTING]))
    circle = READING.model_copy(update={"uses": ("counting",)})
    assert any("goes in a circle" in one for one in said(part.modules_fit([circle, COUNTING])))


def a_syntax_error_is_found_with_its_line(part: Any) -> None:
    assert part.parses("a.py", b"x = 1\n") == []
    [finding] = part.parses("a.py", b"x = 1\ny = (\n")
    assert (finding.check, finding.where) == ("syntax", "a.py:2")
    [finding] = part.parses("a.py", b"x = 'a\x00b'\n")
    assert finding.where == "a.py:1"


GUARDED: list[Protection] = [
    (what_is_covered_is_counted, "if i not in have]", "if not have]"),
    (what_the_spec_does_not_have_is_found_once, "if i not in known]", "if i in known]"),
    (what_the_spec_does_not_have_is_found_once, "in dict.fromkeys(present) if i", "in present if i"),
    (obligations_stand_word_for_word, "if texts.get(obligation.id, obligation.text) != obligation.text", "if False"),
    (no_obligation_is_lost_added_or_doubled, "        *covered(texts, ids, check),\n", ""),
    (no_obligation_is_lost_added_or_doubled, "        *not_invented(texts, ids, check),\n", ""),
    (no_obligation_is_lost_added_or_doubled, "ids.count(i) > 1", "ids.count(i) > 2"),
    (a_circle_is_told_with_its_way, '" -> ".join(error.args[1])', "str(error)"),
    (a_signature_is_one_typed_function, "len(tree.body) != 1 or ", ""),
    (a_signature_is_one_typed_function, "*function.args.posonlyargs, ", ""),
    (a_signature_is_one_typed_function, "if function.returns is None else []", "if False else []"),
    (modules_have_names_of_their_own_and_import_what_is_there, "if use not in names]", "if not names]"),
    (modules_have_names_of_their_own_and_import_what_is_there, "names.count(name) > 1", "names.count(name) > 2"),
    (modules_have_names_of_their_own_and_import_what_is_there, "{module.name: module.uses for", "{module.name: () for"),
    (a_syntax_error_is_found_with_its_line, 'getattr(error, "lineno", None) or 1', "1"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_every_rule_finds_its_damage_and_its_loss_would_be_noticed(protection: Protection) -> None:
    assert_guarded(checks, protection)
