"""Top-down search: a wanted value is taken apart, and its parts are searched for in their turn."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from toolbuilder.synthesis.choices import meanings, titled, verdicts
from toolbuilder.synthesis.goals import Goal, same_json
from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.shifts import shifts
from toolbuilder.synthesis.template import templates
from toolbuilder.synthesis.terms import Call, Display, Literal, Term, Variable, walk

JSON_KINDS = (
    *("Line", "Integer", "Value", "Flag", "Lines", "Integers", "Counts", "Fields", "Sections", "Record", "Records"),
    *("Row", "Rows", "Json", "Items", "Object", "Objects", "Values", "Arrays", "Groups", "Changed", "Place", "Written"),
    "Figures",
)
TEXT_OF = {"Integer": "integer_text", "Number": "plain", "Json": "plain_json"}
SOURCES = 12
DEPTH = 2
INNER_LEVEL = 7
MANY, SHALLOW = 60, 2  # with options there are many more lists: first of all, little is tried with each
KEPT = 6
IGNORED = 3
CONSTANT = 3
LOOSE = 3  # for taking a value of any type where a text is wanted
WIDEST = 8
SAID, UNSAID = 1, 4  # for a key of an object, by whether the description has its words


def chosen(scope: Scope, goal: Goal, _depth: int) -> Iterator[Entry]:
    """Choose one of few words."""
    texts = Goal("Line", goal.values)
    if goal.kind == "Line" or (goal.kind == "Json" and all(isinstance(value, str) for value in goal.values)):
        for rule in (verdicts, meanings, titled):
            yield from islice(rule(scope, texts), 2)


def solve(scope: Scope, goal: Goal, depth: int = 0) -> list[Entry]:
    """Find the cheapest terms that give the goal in every instance, cheapest first."""
    rules = (direct, text_of, template, chosen, constant, shifts, each, display, listed, changed, collect)
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
    for kind, operation in TEXT_OF.items():
        for entry in scope.all(kind):
            if all(_plain(value) == text for value, text in zip(entry.values, goal.values, strict=True)):
                yield Entry(Call(operation, (entry.term,)), "Line", entry.cost + LOOSE * (kind == "Json"), goal.values)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
    shallow = [(source, SHALLOW) for source in _fitting(scope, lengths, MANY)] if scope.uses and not depth else []
    for source, level in (*shallow, *((source, INNER_LEVEL) for source in _fitting(scope, lengths))):
        if all(map(same_json, source.values, wanted)):
            continue
        inner = scope.inner(source)
        inner.grow(level)
        for body in solve(inner, Goal(ELEMENT_GOALS[goal.kind], elements), depth + 1):
            if _uses(body.term, inner) and not isinstance(body.term, Variable):
                term = Call("each", (source.term, inner.function(source, body.term)))
                cost = source.cost + 1 + body.cost + _ignored(body.term, inner)
                yield Entry(term, goal.kind, cost, goal.values)


def _fitting(scope: Scope, lengths: list[int], most: int = SOURCES) -> Iterator[Entry]:
    fitting = (
        source
        for source in scope.sources()
        if [len(value) for value in source.values if isinstance(value, list)] == lengths
    )
    return islice(fitting, most)


def _uses(term: Term, scope: Scope) -> bool:
    own = {variable.term for variable in scope.own}
    return any(inner in own for inner in walk(term))


def _ignored(term: Term, scope: Scope) -> int:
    """Give the cost of parts of the element that the term leaves out."""
    used = set(walk(term))
    return IGNORED * sum(variable.term not in used for variable in scope.own)


def constant(_scope: Scope, goal: Goal, depth: int) -> Iterator[Entry]:
    """Find that a part of the output is always the same."""
    first = goal.values[0]
    if not depth or len(goal.values) < 2 or not all(same_json(value, first) for value in goal.values):
        return
    if first is None or isinstance(first, str | int | float):
        yield Entry(Literal(first, "Constant"), "Json", CONSTANT, goal.values)


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
    said = {literal.term.value for literal in scope.literals if isinstance(literal.term, Literal) and not literal.cost}
    cost = sum(part.cost + (SAID if key in said else UNSAID) for key, part in zip(keys, parts, strict=True))
    yield Entry(Display(tuple(keys), tuple(part.term for part in parts)), "Json", cost, goal.values)


def listed(scope: Scope, goal: Goal, depth: int) -> Iterator[Entry]:
    """Build a list with a fixed number of items item by item."""
    lists = [value for value in goal.values if isinstance(value, list)]
    if goal.kind != "Json" or depth > DEPTH or len(lists) < len(goal.values) or len(lists) < 2:
        return
    count = len(lists[0])
    if not 0 < count <= WIDEST or any(len(value) != count for value in lists):
        return
    parts: list[Entry] = []
    for index in range(count):
        found = solve(scope, Goal("Json", tuple(value[index] for value in lists)), depth + 1)
        if not found:
            return
        parts.append(found[0])
    if any(not isinstance(part.term, Literal) for part in parts):
        cost = 1 + sum(part.cost for part in parts)
        yield Entry(Display((), tuple(part.term for part in parts)), "Json", cost, goal.values)


def changed(scope: Scope, goal: Goal, depth: int) -> Iterator[Entry]:
    """Change one member of an object."""
    objects = [value for value in goal.values if isinstance(value, dict)]
    if goal.kind != "Json" or depth >= DEPTH or len(objects) < len(goal.values):
        return
    for source in islice(scope.all("Object"), SOURCES):
        key = _only_change(source, objects)
        if key is not None and all(key in one for one in objects):
            for value in solve(scope, Goal("Json", tuple(one[key] for one in objects)), depth + 1)[:2]:
                term = Call("with_member", (source.term, Literal(key, "Key"), value.term))
                yield Entry(term, "Changed", source.cost + 2 + value.cost, goal.values)


def _only_change(source: Entry, objects: list[dict[str, object]]) -> str | None:
    """Name the only key whose value is another one in the wanted objects."""
    keys: set[str] = set()
    for old, new in zip(source.values, objects, strict=True):
        if not isinstance(old, dict) or list(old) != list(new):
            return None
        keys |= {key for key in new if not same_json(old[key], new[key])}
    return next(iter(keys)) if len(keys) == 1 else None


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
