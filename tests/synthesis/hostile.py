"""Applies every operation to hostile values: a program that prints each name before, and says what it took at the end.

Its argument is Python that takes a protection out. The search never applies an operation to larger values.
"""

import itertools
import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal

from toolbuilder.synthesis import evaluate
from toolbuilder.synthesis.library import arithmetic
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import Table
from toolbuilder.synthesis.operations import SEARCHED
from toolbuilder.synthesis.operations.operation import Operation

EACH = 10  # combinations of arguments an operation
MOST = evaluate.LARGEST
HUGE = ("1e999999999", "-1e-999999999", "0e999999999", "1e4000", "9" * 4000, "nan")
SEEDS = ("a", " ", "-", "1", "[", "(", "é", "a@", "a.", "a-", "http://", "<a ", "# ", "%41", '{"a":', "a'", "1.", "IX")
WHOLE = (10**9, -(10**9), 10**4000, 2**31, 0, -1)
TRIPLES: tuple[str, ...] = ("x", "", *HUGE)


def texts() -> Iterator[str]:
    yield from TRIPLES
    for seed in SEEDS:
        yield seed * (MOST // len(seed) - 1)
        yield seed * (MOST // len(seed) - 1) + "!"


def numbers() -> Iterator[Decimal]:
    for text in HUGE:
        with suppress(InputError):
            yield arithmetic.parse_number(text)


def nested(depth: int) -> dict[str, object]:
    return {"a": nested(depth - 1)} if depth else {}


def values() -> dict[str, list[object]]:
    """Give hostile values by kind."""
    lines = [["a"] * 4000, [str(n) for n in range(3000)], [*HUGE], ["x" * (MOST - 9)], [""] * 9000]
    objects: list[object] = [nested(200), {f"k{n}": n for n in range(3000)}, {"a": 10**9}, {}]
    arrays: list[object] = [[[]] * 3000, [[1, 2]] * 2000, [*range(3000)], [10**9] * 2, [{"a": n} for n in range(2000)]]
    tables = [Table(["a", "b"], [["1", "x"]] * 3000), Table(["a"], [[text] for text in HUGE]), Table([], [])]
    reals = [1e308, -1e308, 1e-308, 0.0, 1e18]
    return {
        **{kind: [*texts(), "\n" * 9000, "a,b\n" * 3000] for kind in ("Text", "Line", "Written")},
        **{kind: [*WHOLE] for kind in ("Integer", "Size", "Places", "Place")},
        **{kind: [*WHOLE, *reals] for kind in ("Value", "Real")},
        **{kind: [*lines] for kind in ("Lines", "Row")},
        **dict.fromkeys(("Object", "Changed"), objects),
        **{kind: [*objects, *arrays, "x" * 9000, 10**400, 1e308, None] for kind in ("Json", "Any")},
        "Number": [*numbers()],
        "Numbers": [[*numbers()], [Decimal(1)] * 5000],
        "Integers": [[*WHOLE], [*range(9000)]],
        "Values": [[*WHOLE, *reals], [*range(9000)]],
        "Items": arrays,
        "Arrays": [[[1, 2]] * 2000, [[*range(50)]] * 50, [[1, 2]] * 12],
        "Objects": [[{"a": n} for n in range(2000)], [{"a": 10**9}] * 3],
        "Counts": [{str(n): n for n in range(5000)}, dict.fromkeys(HUGE, 10**9)],
        "Tallies": [[("a", 10**9)] * 2000, [(text, 1) for text in HUGE]],
        "Table": [*tables],
        "Rows": [[["1"] * 3] * 3000, [["x"] * 2000] * 5, [[text] for text in HUGE]],
        "Records": [[{"a": "1"}] * 3000, [{"a": text} for text in HUGE]],
        "Flag": [True, False],
        "Date": [date.min, date.max],
        "Pairs": [[("a", number) for number in numbers()], [(text, Decimal(1)) for text in lines[0]]],
        "Totals": [dict(zip("abcdef", numbers(), strict=False)), {f"k{n}": Decimal(n) for n in range(3000)}],
        "Files": [{"a": text} for text in texts()],
    }


def hostile(operation: Operation, known: dict[str, list[object]]) -> list[tuple[object, ...]]:
    """Give combinations of arguments, spread over all that there are."""
    columns = [known.get(kind, ["a", "", "x" * 9000, "%Y-%m-%d"]) for kind in operation.takes]
    every = [row for row in itertools.islice(itertools.product(*columns), 3000) if "Function" not in operation.takes]
    return [row for row in every[:: max(1, len(every) // EACH)] if max(map(evaluate.size, row)) <= MOST]


def main(sabotage: str) -> None:
    """Apply every operation to its hostile arguments."""
    exec(sabotage)  # noqa: S102  (the test says what)
    known = values()
    for operation in SEARCHED.values():
        sys.stderr.write(f"{operation.name}\n")
        for row in hostile(operation, known):
            evaluate.apply(operation.name, [[argument] for argument in row])
    json.dump({"kibibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
