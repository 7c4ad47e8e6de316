"""Scopes, rules and templates: the parts of the search."""

from toolbuilder.synthesis import Task
from toolbuilder.synthesis.goals import Goal
from toolbuilder.synthesis.kinds import KINDS, LISTS
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.rules import solve
from toolbuilder.synthesis.scope import Entry, Meter, Scope
from toolbuilder.synthesis.template import templates
from toolbuilder.synthesis.terms import Call, Display, Literal, Template, Variable, operations_of
from toolbuilder.synthesis.words import vocabulary


def scope(*texts: str, kind: str = "Text", description: str = "", limit: int = 100_000) -> Scope:
    usable = tuple(
        one
        for one in CATALOGUE.values()
        if one.role != "write" and (not one.formats or {"text", "json"} & set(one.formats))
    )
    name = "text" if kind == "Text" else "line"
    variables = (Entry(Variable(name, kind), kind, 0, texts),)
    words = vocabulary(Task("t", description, "text", "json"))
    mark = Literal(":", "Delimiter")
    literals = (Entry(mark, mark.kind, 0, (":",) * len(texts)), *positions(len(texts)))
    return Scope(variables, literals, tuple(range(len(texts))), usable, words, Meter(limit))


def positions(count: int) -> tuple[Entry, ...]:
    return tuple(Entry(Literal(index, "Position"), "Position", 0, (index,) * count) for index in (0, 1))


def test_terms_with_the_same_values_are_kept_once() -> None:
    one = scope("a\nb\n", "c\n")
    one.grow(5)
    values = [repr(entry.values) for entry in one.all("Lines")]
    assert len(values) == len(set(values))


def test_a_term_with_known_values_is_kept_when_the_description_asks_for_it() -> None:
    quiet, asking = scope("a\nb\n", "c\n"), scope("a\nb\n", "c\n", description="Sort")
    quiet.grow(5)
    asking.grow(5)
    assert not any("sort_lines" in operations_of(entry.term) for entry in quiet.all("Lines"))
    assert any("sort_lines" in operations_of(entry.term) for entry in asking.all("Lines"))


def test_the_search_stops_at_its_budget() -> None:
    small = scope("a b c\nd e f\n", "g h\n", limit=50)
    small.grow(30)
    assert small.meter.empty
    assert small.meter.spent < 60


def test_a_step_that_fails_in_one_instance_makes_no_value() -> None:
    one = scope("1", "x", kind="Line")
    one.grow(6)
    assert not any(operations_of(entry.term) == ["number"] for entry in one.all("Number"))


def test_a_list_is_made_element_by_element() -> None:
    one = scope("a:1\nb:2\n", "c:3\n")
    one.grow(3)
    found = solve(one, Goal("Lines", (["1-a", "2-b"], ["3-c"])))
    assert found
    assert operations_of(found[0].term)[-1] == "each"


def test_an_object_with_fixed_keys_is_made_value_by_value() -> None:
    one = scope("a b\n", "c d\ne f\n")
    one.grow(5)
    found = solve(one, Goal("Json", ({"lines": 1, "words": 2}, {"lines": 2, "words": 4})))
    assert isinstance(found[0].term, Display)
    assert found[0].term.keys == ("lines", "words")


def test_an_object_with_keys_of_the_input_is_collected_from_a_list() -> None:
    one = scope("a:1\nb:2\n", "c:3\n")
    one.grow(3)
    found = solve(one, Goal("Json", ({"a": "1", "b": "2"}, {"c": "3"})))
    assert any(
        isinstance(entry.term, Call) and entry.term.operation in {"collect", "read_properties"} for entry in found
    )


def test_a_text_is_spelled_by_known_texts_and_constants() -> None:
    one = scope("a:1", "bc:2", kind="Line")
    one.grow(4)
    best = next(templates(one, ("<1> a", "<2> bc")))
    assert isinstance(best.term, Template)
    assert [part.value for part in best.term.parts if isinstance(part, Literal)] == ["<", "> "]


def test_texts_that_share_nothing_with_the_input_are_not_spelled() -> None:
    one = scope("a", "b", kind="Line")
    one.grow(3)
    assert list(templates(one, ("xyz", "qrs"))) == []
    assert list(templates(one, ("same", "same"))) == []


def test_every_kind_that_an_operation_names_exists() -> None:
    literals = {
        "Position",
        "Mark",
        "Columns",
        "Titles",
        "Length",
        "Mass",
        "Duration",
        "Message",
        "List",
        "Function",
        "Mapping",
        "Any",
    }
    for operation in CATALOGUE.values():
        assert {operation.gives, *operation.takes} <= KINDS.keys() | literals
    assert all(KINDS[many].element == one for one, many in LISTS.items())
