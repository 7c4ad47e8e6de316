"""Top-down search: a wanted value is taken apart, and its parts are searched for in their turn."""

from collections.abc import Iterator
from itertools import islice

from toolbuilder.synthesis.goals import Goal, same_json
from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.template import templates
from toolbuilder.synthesis.terms import Call, Display, Literal, Term, Variable, walk

JSON_KINDS = (
    *("Line", "Integer", "Value", "Flag", "Lines", "Integers", "Counts", "Fields", "Sections", "Record", "Records"),
    *("Row", "Rows", "Json", "Items", "Object", "Objects"),
)
TEXT_OF = {"Line": "", "Integer": "integer_text", "Number": "plain", "Json": "plain_json"}
SOURCES = 12
DEPTH = 2
INNER_LEVEL = 5
KEPT = 6
IGNORED = 3


def solve(scope: Scope, goal: Goal, depth: int = 0) -> list[Entry]:
    """Find the cheapest terms that give the goal in every instance, cheapest first."""
    rules = (direct, text_of, template, each, display, collect)
    found = [entry for rule in rules for entry in islice(rule(scope, goal, depth), KEPT)]
    return sorted(found, key=lambda entry: entry.cost)[: KEPT * 2]


def direct(scope: Scope, goal: Goal, _depth: int) -> Iterator[Entry]:
    """Find the goal among the values made so far."""
    if goal.kind in {"Json", "Items"}:
        for kind in JSON_KINDS:
            yield from (entry for entry in scope.all(kind) if all(map(same_json, entry.values, goal.values)))
        for entry in scope.all("Number"):
            as_value = Call("json_number", (entry.term,))
            if all(map(same_json, map(_as_json, entry.values), goal.values)):
                yield Entry(as_value, "Value", entry.cost, goal.values)
    else:
        yield from (entry for entry in scope.all(goal.kind) if entry.values == goal.values)


def _as_json(value: object) -> object:
    number = float(str(value))
    return int(number) if number.is_integer() else number


def text_of(scope: Scope, goal: Goal, _depth: int) -> Iterator[Entry]:
    """Find a value that is written like the wanted text."""
    if goal.kind != "Line":
        return
    for kind in ("Integer", "Number"):
        for entry in scope.all(kind):
            if all(_plain(value) == text for value, text in zip(entry.values, goal.values, strict=True)):
                yield Entry(Call(TEXT_OF[kind], (entry.term,)), "Line", entry.cost, goal.values)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, int) else f"{value:f}"


def template(scope: Scope, goal: Goal, _depth: int) -> Iterator[Entry]:
    """Write several texts one after the other."""
    if goal.kind == "Line" or (goal.kind == "Json" and all(isinstance(value, str) for value in goal.values)):
        yield from templates(scope, tuple(str(value) for value in goal.values))


ELEMENT_GOALS = {"Lines": "Line", "Items": "Json", "Rows": "Row", "Json": "Json"}


def each(scope: Scope, goal: Goal, depth: int) -> Iterator[Entry]:
    """Make each element of the wanted list from the element at the same place of another list."""
    if depth >= DEPTH or goal.kind not in ELEMENT_GOALS:
        return
    wanted = [value for value in goal.values if isinstance(value, list)]
    if len(wanted) < len(goal.values) or not any(wanted):
        return
    elements = tuple(element for value in wanted for element in value)
    lengths = [len(value) for value in wanted]
    for source in _fitting(scope, lengths):
        inner = scope.inner(source)
        inner.grow(INNER_LEVEL)
        for body in solve(inner, Goal(ELEMENT_GOALS[goal.kind], elements), depth + 1):
            if _uses(body.term, inner) and not isinstance(body.term, Variable):
                term = Call("each", (source.term, inner.function(source, body.term)))
                cost = source.cost + 1 + body.cost + _ignored(body.term, inner)
                yield Entry(term, goal.kind, cost, goal.values)


def _fitting(scope: Scope, lengths: list[int]) -> Iterator[Entry]:
    fitting = (
        source
        for source in scope.sources()
        if [len(value) for value in source.values if isinstance(value, list)] == lengths
    )
    return islice(fitting, SOURCES)


def _uses(term: Term, scope: Scope) -> bool:
    own = {variable.term for variable in scope.own}
    return any(inner in own for inner in walk(term))


def _ignored(term: Term, scope: Scope) -> int:
    """Give the cost of parts of the element that the term leaves out."""
    used = set(walk(term))
    return IGNORED * sum(variable.term not in used for variable in scope.own)


def display(scope: Scope, goal: Goal, depth: int) -> Iterator[Entry]:
    """Build an object with fixed keys (or a list with a fixed number of items) value by value."""
    objects = [value for value in goal.values if isinstance(value, dict)]
    if goal.kind != "Json" or depth > DEPTH or len(objects) < len(goal.values) or len(objects) < 2:
        return
    keys = list(objects[0])
    if not keys or any(list(value) != keys for value in objects):
        return
    parts: list[Entry] = []
    for key in keys:
        found = solve(scope, Goal("Json", tuple(value[key] for value in objects)), depth + 1)
        if not found:
            return
        parts.append(found[0])
    yield Entry(
        Display(tuple(keys), tuple(part.term for part in parts)), "Json", 1 + sum(p.cost for p in parts), goal.values
    )


def collect(scope: Scope, goal: Goal, depth: int) -> Iterator[Entry]:
    """Build an object from a list: a key and a value of each element."""
    objects = [value for value in goal.values if isinstance(value, dict)]
    if goal.kind != "Json" or depth >= DEPTH or len(objects) < len(goal.values) or not any(objects):
        return
    keys = tuple(key for value in objects for key in value)
    values = tuple(inner for value in objects for inner in value.values())
    for source in _fitting(scope, [len(value) for value in objects]):
        inner = scope.inner(source)
        inner.grow(INNER_LEVEL)
        key_terms = solve(inner, Goal("Line", keys), depth + 1)[:1]
        value_terms = solve(inner, Goal("Json", values), depth + 1)[:1] if key_terms else []
        for key, value in zip(key_terms, value_terms, strict=False):
            if _uses(key.term, inner) and not isinstance(value.term, Literal):
                functions = (inner.function(source, key.term), inner.function(source, value.term))
                term = Call("collect", (source.term, *functions))
                yield Entry(term, "Json", source.cost + 2 + key.cost + value.cost, goal.values)
