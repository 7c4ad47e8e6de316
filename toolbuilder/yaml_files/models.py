"""From the bytes of a YAML file to a model, with every error at its line and column."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.yaml_files.broken import BROKEN_RULES, Broken, closest, near_miss
from toolbuilder.yaml_files.text import Located, dump, load
from toolbuilder.yaml_files.words import described, sentence

Model = TypeVar("Model", bound=BaseModel)

_IN_KEY = "[key]"  # how pydantic's locations end when a key of a mapping is wrong, not its value


def read_model(content: bytes, file_name: str, model: type[Model]) -> Model:
    """Give the model that a YAML file holds. Raises FileIsWrong with every problem located."""
    return validated(load(content, file_name), model)


def validated(located: Located, model: type[Model]) -> Model:
    """Give the model that located values make; keys are the aliases of fields. Raises FileIsWrong."""
    if not isinstance(located.value, dict):
        words = f"the file must hold keys and values, not {described(located.value)}"
        raise FileIsWrong([located.problem((), words)])
    try:
        return model.model_validate_json(json.dumps(located.value), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        raise FileIsWrong(_problems(error, located, model)) from None


@dataclass(frozen=True)
class _Placed:
    """One of pydantic's errors and the path in the file that it is about."""

    error: ErrorDetails
    path: tuple[str | int, ...]
    union: int | None  # the length of the path to the value whose possible types were tried one after the other

    @property
    def alternatives(self) -> object:
        """What errors about the types of one value have in common; other errors have nothing in common."""
        return id(self) if self.union is None else self.path[: self.union]

    @property
    def missing(self) -> tuple[str | int, ...] | None:
        """The path of the key that is missing, if that is the error."""
        return (*self.path, self.error["loc"][-1]) if self.error["type"] == "missing" else None


def _problems(error: ValidationError, located: Located, model: type[BaseModel]) -> list[Problem]:
    placed = [_placed(one, located) for one in error.errors(include_url=False)]
    groups = [[*group] for _, group in groupby(placed, lambda one: one.alternatives)]
    misspelt = [_meant(one, model) for one in placed if one.error["type"] == "extra_forbidden"]
    groups = [group for group in groups if group[0].missing is None or group[0].missing not in misspelt]
    broken = [one for group in groups for one in _broken(group, located, model)]
    return sorted({_problem(one, located) for one in broken})


def _problem(broken: Broken, located: Located) -> Problem:
    place = located.key_problem if broken.at_key else located.problem
    return place(broken.path, broken.message)


def _placed(error: ErrorDetails, located: Located) -> _Placed:
    """Leave out of pydantic's location what is no key or index but a type that it tried."""
    steps = error["loc"][:-1] if error["type"] == "missing" or error["loc"][-1:] == (_IN_KEY,) else error["loc"]
    path: tuple[str | int, ...] = ()
    union = None
    for step in steps:
        if located.holds((*path, step)):
            path = (*path, step)
        elif union is None:
            union = len(path)
    return _Placed(error, path, union)


def _broken(group: Sequence[_Placed], located: Located, model: type[BaseModel]) -> Iterator[Broken]:
    deepest = max(len(one.path) for one in group)
    errors = [one.error for one in group if len(one.path) == deepest]
    path = next(one.path for one in group if len(one.path) == deepest)
    location = errors[0]["loc"]
    match errors[0]["type"]:
        case "missing":
            yield Broken(path, f"`{location[-1]}` is missing")
        case "extra_forbidden":
            hint = near_miss(path[-1], _keys(model, path[:-1]))
            yield Broken(path, f"`{path[-1]}` is no key here{hint}", at_key=True)
        case kind if kind == BROKEN_RULES:
            for one in errors[0]["ctx"]["broken"]:
                yield Broken((*path, *one.path), one.message, at_key=one.at_key)
        case "too_short" if located.length(path) >= errors[0]["ctx"]["min_length"]:
            return  # its entries are wrong, and have been counted as if they were not there
        case _:
            yield Broken(path, sentence(_called(path), errors), at_key=location[-1:] == (_IN_KEY,))


def _meant(unknown: _Placed, model: type[BaseModel]) -> tuple[str | int | None, ...]:
    """Give the path that an unknown key was probably meant to be: what is misspelt is not missing as well."""
    *around, key = unknown.path
    return (*around, closest(key, _keys(model, around)))


def _called(path: Sequence[str | int]) -> str:
    match path:
        case [*_, str(key)]:
            return f"`{key}`"
        case [*_, str(key), int(index)]:
            return f"entry {index + 1} of `{key}`"
        case _:
            return "the value"


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Give the keys that the model at a path knows."""
    for step in path:
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if step in fields:
            model = next(_models(fields[str(step)].annotation), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def write_model(model: BaseModel) -> bytes:
    """Give the YAML text of a model, from which `read_model` reads the same; what stands at its default is left out."""
    return dump(model.model_dump(mode="json", by_alias=True, exclude_defaults=True)).encode()
