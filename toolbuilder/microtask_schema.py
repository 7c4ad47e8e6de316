"""Which fields of an answer's type cannot be asked of a model that is held to a JSON schema.

Structured output knows objects with named fields, lists, and plain values. The rest is lost on the way: an object with
free keys may then only be empty, a tuple of fixed length has items of no type, and a type that contains itself or that
is not named at all is refused.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pydantic import BaseModel, JsonValue

Schema: TypeAlias = Mapping[str, JsonValue]
TYPED = frozenset({"type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref"})


def unsafe_fields(model: type[BaseModel]) -> list[str]:
    """Give the fields of a model that structured output cannot carry, each as `path: what is wrong`."""
    schema: Schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    return list(_unsafe(schema, "", definitions if isinstance(definitions, dict) else {}, ()))


def _unsafe(schema: Schema, path: str, definitions: Schema, inside: tuple[str, ...]) -> Iterator[str]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in inside:
        yield f"{path}: a {name} inside a {name}"
    elif name:
        yield from _unsafe(_object(definitions[name]), path, definitions, (*inside, name))
    else:
        yield from (f"{path or 'the answer'}: {fault}" for fault in _faults(schema))
        for step, part in _parts(schema):
            yield from _unsafe(part, f"{path}.{step}".lstrip(".") if step else path, definitions, inside)


def _faults(schema: Schema) -> Iterator[str]:
    if not TYPED & schema.keys():
        yield "a value of any type"
    if "prefixItems" in schema:
        yield "a tuple of fixed length"
    elif schema.get("type") == "array" and "items" not in schema:
        yield "a list of anything"
    if schema.get("type") == "object" and (schema.get("additionalProperties") or "properties" not in schema):
        yield "an object with free keys"


def _parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for field, part in _object(schema.get("properties")).items():
        yield field, _object(part)
    if "items" in schema:
        yield "[]", _object(schema["items"])
    for choice in ("anyOf", "oneOf", "allOf"):
        parts = schema.get(choice)
        for part in parts if isinstance(parts, list) else []:
            yield "", _object(part)


def _object(value: JsonValue) -> Schema:
    return value if isinstance(value, dict) else {}
