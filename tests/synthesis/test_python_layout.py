"""Names, quotes, brackets, line breaks, and the library's text."""

import ast

import pytest

from toolbuilder.synthesis.layouting import WIDTH, filled, laid_out, quoted
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.naming import annotation, identifier, noun, plural, singular
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.source import definitions, imports, names_in, needed
from toolbuilder.synthesis.terms import Call, Display, Function, Literal, Template, Variable

LINE = Variable("line", "Line")
LINES = Call("read_lines", (Variable("text", "Text"),))


@pytest.mark.parametrize("value", ["a", 'a"b', "a'b", "a\nb", "\\", "", 3, 1.5, True, None, ("a", 'b"')])
def test_a_quoted_constant_is_the_constant(value: object) -> None:
    expected = list(value) if isinstance(value, tuple) else value
    assert ast.literal_eval(quoted(value)) == expected
    if isinstance(value, str):
        assert ast.literal_eval(quoted(value, always_double=True)) == value


@pytest.mark.parametrize(
    ("code", "arguments", "expected"),
    [
        ("{0}[:{1}]", ["a or b", "n"], "(a or b)[:n]"),
        ("sorted({0}, reverse={1})", ["a or b", "not c"], "sorted(a or b, reverse=(not c))"),
        ("{0} * {1} / {2}", ["a + b", "C", "-1"], "(a + b) * C / -1"),
    ],
)
def test_arguments_are_put_in_brackets_where_they_would_fall_apart(
    code: str, arguments: list[str], expected: str
) -> None:
    assert filled(code, arguments) == expected


LONG = [f"argument_number_{index}" for index in range(8)]


@pytest.mark.parametrize(
    "code",
    [
        f"call({', '.join(LONG)})",
        f"[{LONG[0]} + {LONG[1]} for {LONG[2]} in {LONG[3]} if {LONG[4]} and {LONG[5]} or {LONG[6]}]",
        "{" + ", ".join(f'"{name}": {name}' for name in LONG) + "}",
    ],
)
def test_a_long_statement_is_broken_and_means_the_same(code: str) -> None:
    lines = laid_out("value = ", code)
    assert len(lines.splitlines()) > 1
    assert all(len(line) <= WIDTH for line in lines.splitlines())
    assert ast.dump(ast.parse(lines.replace("    value", "value", 1))) == ast.dump(ast.parse(f"value = {code}"))


@pytest.mark.parametrize(
    ("term", "name", "type_"),
    [
        (LINES, "lines", "list[str]"),
        (Call("each", (LINES, Function("Line", (LINE,), Call("slugify", (LINE,))))), "slugs", "list[str]"),
        (Call("member", (Variable("entry", "Object"), Literal("First Name", "Key"))), "first_name", "Json"),
        (Call("member", (Variable("entry", "Object"), Literal("class", "Key"))), "value", "Json"),
        (Template((LINE,)), "line", "str"),
        (Display(("a", "b"), (LINE, LINE)), "summary", "dict[str, str]"),
        (Display(("a", "b"), (LINE, LINES)), "summary", "dict[str, object]"),
        (Display((), (LINE,)), "summary", "list[str]"),
    ],
)
def test_values_are_named_and_typed_after_what_they_are(term: Call, name: str, type_: str) -> None:
    assert (noun(term), annotation(term)) == (name, type_)


@pytest.mark.parametrize(
    ("one", "many"), [("line", "lines"), ("entry", "entries"), ("tally", "tallies"), ("address", "addresses")]
)
def test_nouns_have_a_plural_and_back(one: str, many: str) -> None:
    assert (plural(one), singular(many)) == (many, one)


def test_an_identifier_is_never_a_keyword_nor_empty() -> None:
    assert [identifier(text) for text in ("Price (EUR)", "for", "1st", "é", "")] == ["price_eur", *["value"] * 4]


def test_the_library_knows_what_each_definition_needs() -> None:
    assert needed(["total_by"])[0] == "total_by"
    assert {"Table", "column_values", "parse_number"} <= set(needed(["total_by"]))
    assert imports()["Decimal"] == "decimal"
    assert list(names_in("a = b(c) + len(a)")) == ["b", "c"]


def test_no_library_name_is_one_plain_word_that_an_option_may_have() -> None:
    called = {name for name in definitions() for operation in CATALOGUE.values() if f"{name}(" in operation.code}
    single = {name for name in called if "_" not in name}
    assert single == {"slugify"}


def test_no_value_is_named_as_a_function_of_the_library_is() -> None:
    """A loop over `hosts` names its element `host`: were that a function, the loop would hide it."""
    results = {one.result for one in CATALOGUE.values()} | {singular(one.result) for one in CATALOGUE.values()}
    assert not results & {name for name, item in definitions().items() if item.sort == "function"}


def test_every_definition_has_a_docstring_that_ends_the_sentence() -> None:
    for item in definitions().values():
        if item.sort != "constant":
            docstring = ast.get_docstring(ast.parse(item.text).body[0])  # type: ignore[arg-type]
            assert docstring is not None
            assert docstring.splitlines()[0].endswith(".")


def test_an_input_error_is_a_value_error() -> None:
    assert issubclass(InputError, ValueError)
