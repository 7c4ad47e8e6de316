"""JSON arrays."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cmp_to_key
from itertools import zip_longest

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_order import compare_json, sort_items
from toolbuilder.synthesis.library.json_values import Json


def item_at(items: list[Json], place: int) -> Json:
    """Give the item at the place, counted from 0 (or from -1 at the end)."""
    if not -len(items) <= place < len(items):
        raise InputError(f"there is no item {place} among {len(items)}")
    return items[place]


def item_or_null(items: list[Json], place: int) -> Json:
    """Give the item at the place, counted from 0 (or from -1 at the end), or else null."""
    return items[place] if -len(items) <= place < len(items) else None


def without_item(items: list[Json], place: int) -> list[Json]:
    """Leave out the item at the place."""
    return [item for number, item in enumerate(items) if number != place % max(len(items), 1)]


def as_arrays(items: list[Json]) -> list[list[Json]]:
    """Take every item as an array."""
    arrays: list[list[Json]] = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, list):
            raise InputError(f"item {number}: expected a JSON array")
        arrays.append(item)
    return arrays


def as_texts(items: list[Json]) -> list[str]:
    """Take every item as a string."""
    texts: list[str] = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, str):
            raise InputError(f"item {number}: expected a JSON string")
        texts.append(item)
    return texts


def as_numbers(items: list[Json]) -> list[int | float]:
    """Take every item as a number."""
    numbers: list[int | float] = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, bool) or not isinstance(item, int | float):
            raise InputError(f"item {number}: expected a JSON number")
        numbers.append(item)
    return numbers


def numbers_among(items: Iterable[Json]) -> list[int | float]:
    """Keep the numbers among the items."""
    return [item for item in items if isinstance(item, int | float) and not isinstance(item, bool)]


def texts_among(items: Iterable[Json]) -> list[str]:
    """Keep the strings among the items."""
    return [item for item in items if isinstance(item, str)]


def arrays_among(items: Iterable[Json]) -> list[list[Json]]:
    """Keep the arrays among the items."""
    return [item for item in items if isinstance(item, list)]


def objects_among(items: Iterable[Json]) -> list[dict[str, Json]]:
    """Keep the objects among the items."""
    return [item for item in items if isinstance(item, dict)]


def flags_among(items: Iterable[Json]) -> list[Json]:
    """Keep the booleans among the items."""
    return [item for item in items if isinstance(item, bool)]


def without_nulls(items: Iterable[Json]) -> list[Json]:
    """Leave out the nulls."""
    return [item for item in items if item is not None]


def any_true(items: Iterable[Json]) -> bool:
    """Tell whether an item is neither false nor null."""
    return any(item is not None and item is not False for item in items)


def all_true(items: Iterable[Json]) -> bool:
    """Tell whether no item is false or null."""
    return all(item is not None and item is not False for item in items)


def flatten_items(items: list[Json]) -> list[Json]:
    """Put the items of nested arrays, however deep, into one array."""
    flat: list[Json] = []
    for item in items:
        flat += flatten_items(item) if isinstance(item, list) else [item]
    return flat


def flatten_once(items: list[Json]) -> list[Json]:
    """Put the items of the arrays directly inside into one array."""
    return [inner for item in items for inner in (item if isinstance(item, list) else [item])]


def transposed_rows(rows: list[list[Json]]) -> list[list[Json]]:
    """Exchange rows and columns; short rows are filled with null."""
    return [list(column) for column in zip_longest(*rows)]


def places_of(items: list[Json], wanted: Json) -> list[int]:
    """Give the places, counted from 0, at which the wanted value stands."""
    return [place for place, item in enumerate(items) if compare_json(item, wanted) == 0]


def first_place(items: list[Json], wanted: Json) -> int | None:
    """Give the first place at which the wanted value stands, or null."""
    return next(iter(places_of(items, wanted)), None)


def last_place(items: list[Json], wanted: Json) -> int | None:
    """Give the last place at which the wanted value stands, or null."""
    return next(reversed(places_of(items, wanted)), None)


def has_item(items: list[Json], wanted: Json) -> bool:
    """Tell whether the wanted value is among the items."""
    return bool(places_of(items, wanted))


def difference_of(items: list[Json], others: list[Json]) -> list[Json]:
    """Leave out the items that are among the others."""
    known = sort_items(others)
    return [item for item in items if not holds_item(known, item)]


def holds_item(ordered: list[Json], wanted: Json) -> bool:
    """Tell whether the wanted value is among the items, which are in order."""
    order = cmp_to_key(compare_json)
    place = bisect_left(ordered, order(wanted), key=order)
    return place < len(ordered) and compare_json(ordered[place], wanted) == 0


def keys_of(value: Json) -> list[Json]:
    """Give the sorted keys of an object, or the places of an array."""
    if isinstance(value, dict):
        return [*sorted(value)]
    if isinstance(value, list):
        return [*range(len(value))]
    raise InputError("expected a JSON object or array")


def sort_by_length(items: list[Json]) -> list[Json]:
    """Sort strings, arrays and objects by their length."""
    return sorted(items, key=size_of)


def one_of_each_length(items: list[Json]) -> list[Json]:
    """Keep the first item of each length, shortest first."""
    kept = {size_of(item): item for item in reversed(items)}
    return [kept[size] for size in sorted(kept)]


def size_of(value: Json) -> int | float:
    """Give the length of a string, array or object, the size of a number, and 0 for null."""
    if isinstance(value, bool):
        raise InputError("a boolean has no length")
    if isinstance(value, int | float):
        return abs(value)
    return len(value) if value is not None else 0


def sort_deep(value: Json) -> Json:
    """Sort every array in the value, from the inside out."""
    if isinstance(value, list):
        return sort_items([sort_deep(item) for item in value])
    if isinstance(value, dict):
        return {key: sort_deep(inner) for key, inner in value.items()}
    return value
