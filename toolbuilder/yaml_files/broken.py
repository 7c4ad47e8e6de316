"""Rules that types cannot say: how a model refuses values that do not fit together, each with its own place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_core import PydanticCustomError

BROKEN_RULES = "broken_rules"


@dataclass(frozen=True)
class Broken:
    """A rule that a value breaks; `path` leads to it from the model that has the rule."""

    path: tuple[str | int, ...]
    message: str
    at_key: bool = False  # the key is wrong, not the value behind it


def refuse(broken: Iterable[Broken]) -> None:
    """Refuse a model that breaks rules: in a validator it becomes part of pydantic's ValidationError."""
    if found := tuple(broken):
        text = "; ".join(f"{_spelled(one.path)}{one.message}" for one in found)
        raise PydanticCustomError(BROKEN_RULES, "{text}", {"text": text, "broken": found})


def under(path: tuple[str | int, ...], broken: Iterable[Broken]) -> Iterator[Broken]:
    """Give the same findings as seen from further out: their paths begin with this one."""
    return (Broken((*path, *one.path), one.message, at_key=one.at_key) for one in broken)


def closest(wrong: object, right: Iterable[str]) -> str | None:
    """Give the right word that is close to a wrong one, if any is."""
    return next(iter(get_close_matches(wrong, [*right], n=1)), None) if isinstance(wrong, str) else None


def near_miss(wrong: object, right: Iterable[str]) -> str:
    """Give "; did you mean `…`?" when one of the right words is close to the wrong one, else nothing."""
    close = closest(wrong, right)
    return f"; did you mean `{close}`?" if close else ""


def _spelled(path: tuple[str | int, ...]) -> str:
    return f"{'.'.join(map(str, path))}: " if path else ""
