"""The string leaf: a text as a sequence of known texts and constants, found by the shortest path."""

import heapq
from collections.abc import Iterator
from itertools import count, takewhile

from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.terms import Literal, Template, Term

STATES = 3000
PIECES = 400
LONGEST = 24


def templates(scope: Scope, wanted: tuple[str, ...]) -> Iterator[Entry]:
    """Give the cheapest sequences of the scope's texts and of constants that spell the wanted texts."""
    if len(wanted) < 2 or len(set(wanted)) < 2:
        return
    pieces = [
        piece for piece in _pieces(scope) if all(text in whole for text, whole in zip(piece[1], wanted, strict=True))
    ]
    tick = count()
    heap: list[tuple[int, int, tuple[int, ...], tuple[Term, ...]]] = [(0, next(tick), (0,) * len(wanted), ())]
    best: dict[tuple[int, ...], int] = {}
    ends = tuple(map(len, wanted))
    for _ in range(STATES):
        if not heap:
            return
        cost, _tick, at, parts = heapq.heappop(heap)
        if best.get(at, cost + 1) <= cost:
            continue
        best[at] = cost
        if at == ends:
            if len(parts) > 1 and any(not isinstance(part, Literal) for part in parts):
                yield Entry(Template(parts), "Line", cost + 1, wanted)
            continue
        scope.meter.spent += len(wanted)
        for price, following, part in _steps(wanted, at, pieces, parts):
            heapq.heappush(heap, (cost + price, next(tick), following, (*parts, part)))


def _steps(
    wanted: tuple[str, ...],
    at: tuple[int, ...],
    pieces: list[tuple[int, tuple[str, ...], Term]],
    parts: tuple[Term, ...],
) -> Iterator[tuple[int, tuple[int, ...], Term]]:
    for cost, texts, term in pieces:
        if all(whole.startswith(text, here) for whole, text, here in zip(wanted, texts, at, strict=True)):
            yield (
                cost + 1 + _crowded(parts),
                tuple(here + len(text) for here, text in zip(at, texts, strict=True)),
                term,
            )
    if parts and isinstance(parts[-1], Literal):
        return
    rests = [whole[here : here + LONGEST] for whole, here in zip(wanted, at, strict=True)]
    for length in takewhile(lambda end: len({rest[:end] for rest in rests}) == 1, range(1, min(map(len, rests)) + 1)):
        text = rests[0][:length]
        yield _price(text), tuple(here + length for here in at), Literal(text, "Constant")


def _crowded(parts: tuple[Term, ...]) -> int:
    """Give the cost of two known texts without anything between them: mostly a coincidence."""
    return 2 if parts and not isinstance(parts[-1], Literal) else 0


def _price(text: str) -> int:
    return 1 + sum(character.isalnum() for character in text)


def _pieces(scope: Scope) -> list[tuple[int, tuple[str, ...], Term]]:
    pieces: dict[tuple[str, ...], tuple[int, tuple[str, ...], Term]] = {}
    for kind in ("Line", "Integer", "Value", "Written"):
        for entry in scope.all(kind):
            texts = tuple(str(value) for value in entry.values)
            if all(texts) or kind in {"Line", "Written"}:
                pieces.setdefault(texts, (entry.cost, texts, entry.term))
    return [piece for piece in sorted(pieces.values(), key=lambda piece: piece[0]) if any(piece[1])][:PIECES]
