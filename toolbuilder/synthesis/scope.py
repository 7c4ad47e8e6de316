"""Bottom-up search: every value that the operations can make of the variables, cheapest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from toolbuilder.synthesis.evaluate import apply
from toolbuilder.synthesis.kinds import KINDS, LISTS
from toolbuilder.synthesis.naming import element_noun
from toolbuilder.synthesis.operations import Operation
from toolbuilder.synthesis.terms import Call, Function, Literal, Term, Variable, operations_of, walk
from toolbuilder.synthesis.words import Vocabulary

MAPPED_COST = 4  # a function applied to each element costs at most so much before a goal asks for it
MAPPED_SOURCES = 6


@dataclass(frozen=True)
class Entry:
    """A term, its cost, and its value in every instance."""

    term: Term
    kind: str
    cost: int
    values: tuple[object, ...]
    named: frozenset[str] = frozenset()
    explained: frozenset[str] = frozenset()


@dataclass
class Meter:
    """Counts evaluations against the budget."""

    limit: int
    spent: int = 0

    @property
    def empty(self) -> bool:
        """Tell whether the budget is spent."""
        return self.spent >= self.limit


@dataclass
class Scope:
    """Values of variables in several instances, and all that was made of them so far.

    At the top an instance is an example; inside a list it is one element, and `owners` says in
    which instance of the scope around.
    """

    variables: tuple[Entry, ...]
    literals: tuple[Entry, ...]
    owners: tuple[int, ...]
    operations: tuple[Operation, ...]
    vocabulary: Vocabulary
    meter: Meter
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own: tuple[Entry, ...] = ()
    outer: "Scope | None" = None
    level: int = -1
    entries: dict[str, dict[int, list[Entry]]] = field(default_factory=dict)
    seen: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    known: dict[Term, Entry] = field(default_factory=dict)
    scopes: dict[Term, "Scope"] = field(default_factory=dict)

    def all(self, kind: str, limit: int = 99) -> Iterator[Entry]:
        """Give the entries of a kind, cheapest first."""
        for cost, entries in sorted(self.entries.get(kind, {}).items()):
            if cost <= limit:
                yield from entries

    def grow(self, level: int) -> None:
        """Make every value whose cost is at most `level`, within the budget."""
        while self.level < level and not self.meter.empty:
            self.level += 1
            for entry in (*self.variables, *self.literals):
                if entry.cost == self.level:
                    self._add(entry)
            for operation in self.operations:
                self._grow_by(operation)
            for operation in (*self._free(), *self._free()):
                self._grow_by(operation)
            self._grow_conditions()
            if self.outer is None:
                self._grow_lists()

    def _free(self) -> tuple[Operation, ...]:
        """Give the operations without a cost, which may follow any other of the same level."""
        return tuple(operation for operation in self.operations if not self.vocabulary.price(operation.name))

    def inner(self, source: Entry) -> "Scope":
        """Open the scope of the elements of a list."""
        if source.term not in self.scopes:
            self.scopes[source.term] = self._open(source)
        return self.scopes[source.term]

    def _open(self, source: Entry) -> "Scope":
        lists = [value if isinstance(value, list) else [] for value in source.values]
        owners = [index for index, elements in enumerate(lists) for _ in elements]
        elements = [element for inner in lists for element in inner]
        kind = KINDS[source.kind].element
        parts = KINDS[kind].parts
        variables = []
        for index, (part, part_kind) in enumerate(parts):
            values = tuple(element[index] if len(parts) > 1 else element for element in elements)
            name = element_noun(source.term, kind) if len(parts) == 1 or part == "value" else part
            name = f"{name}_here" if name in self._names() else name
            variables.append(Entry(Variable(name, part_kind), part_kind, 0, values))
        outer = [_spread(entry, owners) for entry in self.variables if entry.kind != "Text"]
        literals = tuple(_spread(entry, [0] * len(elements)) for entry in self.literals)
        own = tuple(variables)
        everything = (*own, *outer)
        meter, words = self.meter, self.vocabulary
        return Scope(everything, literals, tuple(owners), self.operations, words, meter, self.uses, own, self)

    def _names(self) -> set[str]:
        return {entry.term.name for entry in self.variables if isinstance(entry.term, Variable)}

    def _grow_by(self, operation: Operation) -> None:
        rest = self.level - self.vocabulary.price(operation.name)
        if rest < 0 or not operation.takes or self.meter.empty:
            return
        named, explained = self.vocabulary.named(operation.name), self.vocabulary.explained(operation.name)
        for arguments in self._arguments(operation.takes, rest):
            if any(self._foreign(argument, operation) for argument in arguments):
                continue
            self.meter.spent += len(self.owners)
            if self.meter.empty:
                return
            values = apply(operation.name, [argument.values for argument in arguments])
            if values is not None:
                term = Call(operation.name, tuple(argument.term for argument in arguments))
                asked = named.union(*(argument.named for argument in arguments))
                answered = explained.union(*(argument.explained for argument in arguments))
                self._add(Entry(term, operation.gives, self.level, values, asked, answered))

    def _foreign(self, argument: Entry, operation: Operation) -> bool:
        """Tell whether the argument is an option that is said to be for something else."""
        match argument.term:
            case Variable(name, _) if name in self.uses:
                return operation.name not in self.uses[name]
            case _:
                return False

    def _grow_conditions(self) -> None:
        """Where a flag of the task's options is set, take a step; where it is not, leave it out."""
        flags = [entry for entry in self.variables if entry.kind == "Flag" and len(set(entry.values)) == 2]
        for flag in flags:
            for entry in [entry for kind in self.entries.values() for entry in kind.get(self.level - 1, ())]:
                source = self.known.get(entry.term.arguments[0]) if isinstance(entry.term, Call) else None
                if source is not None and source.kind == entry.kind and self._decides(flag, entry, source):
                    self._add_condition(flag, entry, source)

    def _decides(self, flag: Entry, entry: Entry, source: Entry) -> bool:
        """Tell whether what is said of the flag speaks of the step to the entry, of which it is no part yet."""
        if flag.term in walk(entry.term):
            return False
        match flag.term:
            case Variable(name, _) if name in self.uses:
                steps = {*operations_of(entry.term)} - {*operations_of(source.term)}
                return bool(steps & self.uses[name])
            case _:
                return True

    def _add_condition(self, flag: Entry, entry: Entry, source: Entry) -> None:
        for then, otherwise in ((entry, source), (source, entry)):
            pairs = zip(flag.values, then.values, otherwise.values, strict=True)
            values = tuple(one if holds else other for holds, one, other in pairs)
            term = Call("when", (flag.term, then.term, otherwise.term))
            self._add(self._entry(term, entry.kind, values))

    def _arguments(self, kinds: Sequence[str], cost: int) -> Iterator[tuple[Entry, ...]]:
        head, *tail = kinds
        by_cost = self.entries.get(head, {})
        for own in range(cost + 1) if tail else (cost,):
            for entry in tuple(by_cost.get(own, ())):
                if not tail:
                    yield (entry,)
                    continue
                for others in self._arguments(tail, cost - own):
                    yield (entry, *others)

    def _grow_lists(self) -> None:
        for source in self.sources()[:MAPPED_SOURCES]:
            cost = self.level - source.cost - 1
            if not 0 < cost <= MAPPED_COST:
                continue
            inner = self.inner(source)
            inner.grow(cost)
            for kind in list(inner.entries):
                for entry in inner.entries[kind].get(cost, ()):
                    self._add_mapped(source, inner, entry)

    def sources(self) -> list[Entry]:
        """Give the lists made so far, cheapest first."""
        lists = [entry for kind in LISTS.values() for entry in self.all(kind)]
        return sorted(lists, key=lambda entry: entry.cost)

    def _add_mapped(self, source: Entry, inner: "Scope", entry: Entry) -> None:
        if isinstance(entry.term, Literal | Variable):
            return
        function = inner.function(source, entry.term)
        groups = inner.grouped(entry.values, len(self.owners))
        if entry.kind == "Flag":
            kept = tuple(
                [element for element, flag in zip(elements, flags, strict=True) if flag]
                for elements, flags in zip(_lists(source), groups, strict=True)
            )
            self._add(self._entry(Call("keep", (source.term, function)), source.kind, kept))
        elif entry.kind in LISTS:
            self._add(self._entry(Call("each", (source.term, function)), LISTS[entry.kind], tuple(groups)))

    def _entry(self, term: Term, kind: str, values: tuple[object, ...]) -> Entry:
        words = self.vocabulary
        return Entry(term, kind, self.level, values, words.all_named(term), words.all_explained(term))

    def function(self, source: Entry, body: Term) -> Function:
        """Make a function of an element of the source, of which this is the scope."""
        element = KINDS[source.kind].element
        parameters = [entry.term for entry in self.own]
        return Function(element, tuple(term for term in parameters if isinstance(term, Variable)), body)

    def grouped(self, values: Sequence[object], instances: int) -> list[list[object]]:
        """Put the values of the elements back into one list an instance of the scope around."""
        groups: list[list[object]] = [[] for _ in range(instances)]
        for owner, value in zip(self.owners, values, strict=True):
            groups[owner].append(value)
        return groups

    def _add(self, entry: Entry) -> None:
        """Keep the entry unless an earlier one has its values and explains as much of the description."""
        same = self.seen.setdefault((entry.kind, repr(entry.values)), [])
        if any(entry.named <= other.explained for other in same):
            return
        same.append(entry)
        self.known[entry.term] = entry
        self.entries.setdefault(entry.kind, {}).setdefault(entry.cost, []).append(entry)


def _lists(source: Entry) -> list[list[object]]:
    return [value if isinstance(value, list) else [] for value in source.values]


def _spread(entry: Entry, owners: Sequence[int]) -> Entry:
    values = tuple(entry.values[owner] for owner in owners)
    return replace(entry, values=values)
