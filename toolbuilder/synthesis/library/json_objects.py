"""JSON objects, and lists of them."""

from functools import cmp_to_key
from itertools import groupby

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_order import compare_json
from toolbuilder.synthesis.library.json_values import Json


def sort_objects(objects: list[dict[str, Json]], key: str) -> list[dict[str, Json]]:
    """Sort the objects by the value under the key; a missing value counts as null."""

    def compare(one: dict[str, Json], other: dict[str, Json]) -> int:
        return compare_json(one.get(key), other.get(key))

    return sorted(objects, key=cmp_to_key(compare))


def sort_all_objects(objects: list[dict[str, Json]], key: str) -> list[dict[str, Json]]:
    """Sort the objects by the value under the key, which all of them must have."""
    for number, entry in enumerate(objects, start=1):
        if key not in entry:
            raise InputError(f"item {number}: there is no key {key!r}")
    return sort_objects(objects, key)


def sort_objects_last(objects: list[dict[str, Json]], key: str) -> list[dict[str, Json]]:
    """Sort the objects by the value under the key; those without one come last, in their order."""
    known = [entry for entry in objects if entry.get(key) is not None]
    return [
        *sort_objects(known, key),
        *(entry for entry in objects if entry.get(key) is None),
    ]


def group_objects(objects: list[dict[str, Json]], key: str) -> list[list[dict[str, Json]]]:
    """Group the objects by the value under the key, in the order of the values."""
    ranked = sort_objects(objects, key)
    return [list(group) for _, group in groupby(ranked, key=lambda entry: entry.get(key))]


def unique_objects(objects: list[dict[str, Json]], key: str) -> list[dict[str, Json]]:
    """Keep the first object for each value under the key, in the order of the values."""
    return [group[0] for group in group_objects(objects, key)]


def least_object(objects: list[dict[str, Json]], key: str) -> dict[str, Json]:
    """Give the first object with the smallest value under the key."""
    if not objects:
        raise InputError("there is no smallest of no objects")
    return sort_objects(objects, key)[0]


def greatest_object(objects: list[dict[str, Json]], key: str) -> dict[str, Json]:
    """Give the last object with the largest value under the key."""
    if not objects:
        raise InputError("there is no largest of no objects")
    return sort_objects(objects, key)[-1]


def with_member(entry: dict[str, Json], key: str, value: object) -> dict[str, object]:
    """Give the object with another value under the key."""
    return {**entry, key: value}


def without_key(entry: dict[str, Json], key: str) -> dict[str, Json]:
    """Give the object without the key."""
    return {name: value for name, value in entry.items() if name != key}


def rename_key(entry: dict[str, Json], old: str, new: str) -> dict[str, Json]:
    """Give the object with another name for a key, which no other value may have."""
    if old in entry and new != old and new in entry:
        raise InputError(f"there are both {old!r} and {new!r}")
    return {new if name == old else name: value for name, value in entry.items()}


def entry_of(key: str, value: Json) -> dict[str, Json]:
    """Give an object with one key."""
    return {key: value}


def list_entries(entry: dict[str, Json]) -> list[dict[str, Json]]:
    """Give an object with a key and a value for each member."""
    return [{"key": key, "value": value} for key, value in entry.items()]


def from_entries(entries: list[dict[str, Json]]) -> dict[str, Json]:
    """Give the object whose members are listed as objects with a key (or name) and a value."""
    return {str(entry.get("key", entry.get("name"))): entry.get("value", None) for entry in entries}


def merge_deep(one: dict[str, Json], other: dict[str, Json]) -> dict[str, Json]:
    """Merge two objects, and the objects inside them; the second one wins."""
    merged = dict(one)
    for key, value in other.items():
        inside = merged.get(key)
        if isinstance(inside, dict) and isinstance(value, dict):
            merged[key] = merge_deep(inside, value)
        else:
            merged[key] = value
    return merged


def values_under(value: Json, key: str) -> list[Json]:
    """Give the values under the key, however deep inside, outermost first."""
    found: list[Json] = []
    if isinstance(value, dict):
        found += [value[key]] if key in value else []
        for inner in value.values():
            found += values_under(inner, key)
    elif isinstance(value, list):
        for inner in value:
            found += values_under(inner, key)
    return found


def every_value(value: Json) -> list[Json]:
    """Give the value and all values inside it, outermost first."""
    found: list[Json] = [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        found += every_value(part)
    return found


def list_paths(value: Json) -> list[list[Json]]:
    """Give the path to every value inside, as keys and positions."""
    members: list[tuple[Json, Json]] = []
    if isinstance(value, dict):
        members = [(key, inner) for key, inner in value.items()]
    elif isinstance(value, list):
        members = list(enumerate(value))
    paths: list[list[Json]] = []
    for step, inner in members:
        paths += [[step], *([step, *path] for path in list_paths(inner))]
    return paths


def value_at(value: Json, path: list[Json]) -> Json:
    """Give what stands at the path, or null."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            return None
    return value
