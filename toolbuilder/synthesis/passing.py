"""Tasks and verdicts as JSON, so that a search may run in a process of its own."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Literal, TypeVar, get_args, get_origin, get_type_hints

from toolbuilder.synthesis.outcome import Accepted, Question, Refusal, Verdict
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.task import Json, Task

VERDICTS: tuple[type[Verdict], ...] = (Accepted, Question, Refusal)
Kind = TypeVar("Kind")


def task_to_json(task: Task) -> Json:
    """Give a JSON form of the task."""
    return _form(task)


def task_from_json(form: Json) -> Task:
    """Read the form that `task_to_json` gives; raise ValueError when it is no task."""
    return _value(Task, form)


def verdict_to_json(verdict: Verdict) -> Json:
    """Give a JSON form of the verdict."""
    return {type(verdict).__name__: _form(verdict)}


def verdict_from_json(form: Json) -> Verdict:
    """Read the form that `verdict_to_json` gives; raise ValueError when it is no verdict."""
    for kind in VERDICTS:
        if isinstance(form, dict) and list(form) == [kind.__name__]:
            return _value(kind, form[kind.__name__])
    raise ValueError("not a verdict")


def _form(value: object) -> Json:
    match value:
        case Program():
            return value.to_json()
        case tuple():
            return [_form(inner) for inner in value]
        case Mapping():
            return {str(key): _form(inner) for key, inner in value.items()}
        case None | str() | int() | float():
            return value
        case _ if is_dataclass(value):
            return {field.name: _form(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def _value(kind: type[Kind], form: Json) -> Kind:
    """Read a value of a type: a dataclass, a tuple, a mapping, or a scalar."""
    value: object = form
    if kind is Program:
        value = Program.from_json(form)
    elif is_dataclass(kind) and isinstance(form, dict):
        known = get_type_hints(kind)
        if form.keys() != known.keys():
            raise ValueError(f"not a {kind.__name__}")
        value = kind(**{name: _value(known[name], inner) for name, inner in form.items()})
    elif get_origin(kind) is tuple and isinstance(form, list):
        value = tuple(_value(get_args(kind)[0], inner) for inner in form)
    elif get_origin(kind) is not None and isinstance(form, dict):
        value = {name: _value(get_args(kind)[1], inner) for name, inner in form.items()}
    elif form not in get_args(kind) if get_origin(kind) is Literal else not isinstance(form, kind):
        raise ValueError(f"{form!r} is no {kind}")
    return value  # type: ignore[return-value]  # it has been made by the type
