"""Lists put in order, and rid of repetitions, by a key of each element."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Element = TypeVar("Element")


def first_by_key(elements: Iterable[Element], key: Callable[[Element], str]) -> list[Element]:
    """Keep the first element of each key, in order."""
    found: dict[str, Element] = {}
    for element in elements:
        found.setdefault(key(element), element)
    return list(found.values())


def last_by_key(elements: Iterable[Element], key: Callable[[Element], str]) -> list[Element]:
    """Keep the last element of each key, at the place of the key's first one."""
    return list({key(element): element for element in elements}.values())


def latest_by_key(elements: Iterable[Element], key: Callable[[Element], str]) -> list[Element]:
    """Keep the last element of each key, at its own place."""
    found: dict[str, Element] = {}
    for element in elements:
        found.pop(key(element), None)
        found[key(element)] = element
    return list(found.values())
