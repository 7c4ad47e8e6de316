"""Which fields of an answer's type cannot be asked of a model that is held to a JSON schema.

Structured output knows objects with named fields, lists, and plain values. The rest is lost on the way: an object with
free keys may then only be empty, a tuple of fixed length has items of no type, a type that contains itself or that is
not named at all is refused, and bounds become words that nobody enforces. A `pattern` becomes words too, but is let
through: no schema of the provider's says how an id is formed, so words are all that there is, and the answer is
checked when it comes.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TypeAlias

from pydantic import BaseModel, JsonValue

Schema: TypeAlias = Mapping[str, JsonValue]
TYPED = frozenset({"type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref"})
ANYTHING = "a value of any type; name its type"
ANY_LIST = "a list of anything; name the type of its items"
FIXED = "a tuple of fixed length; use a model with a named field for each item"
FREE_KEYS = "an object with free keys; use a list of models that hold a key and its value"
CIRCLE = "a {name} inside a {name}; use a flat list whose items name what they belong to"
BOUND = "`{bound}` is enforced by no provider; check it in an `AfterValidator`"
BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "maxItems", "uniqueItems"),
)
MOST_ENFORCED = 1  # of `minItems`: that a list is not empty


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Give the JSON schema of an answer's type; it is made once."""
    return model.model_json_schema()


def unsafe_fields(model: type[BaseModel]) -> list[str]:
    """Give the fields of a model that structured output cannot carry, each as `path: what is wrong; what helps`."""
    return unsafe_parts(schema_of(model))


def unsafe_parts(schema: Schema) -> list[str]:
    """Give the same of a JSON schema."""
    definitions = schema.get("$defs", {})
    return list(_unsafe(schema, "", definitions if isinstance(definitions, dict) else {}, ()))


def demand_safe(task: str, model: type[BaseModel]) -> None:
    """Raise TypeError naming the microtask, the model and every field of it that structured output cannot carry."""
    if faults := unsafe_fields(model):
        where = f"{model.__module__}.{model.__qualname__}"
        raise TypeError("\n".join([f"the microtask {task} cannot ask for {where}:", *(f"  {one}" for one in faults)]))


def _unsafe(schema: Schema, path: str, definitions: Schema, inside: tuple[str, ...]) -> Iterator[str]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in inside:
        yield f"{path}: {CIRCLE.format(name=name)}"
    elif name:
        yield from _unsafe(_object(definitions[name]), path, definitions, (*inside, name))
    else:
        yield from (f"{path or 'the answer'}: {fault}" for fault in _faults(schema))
        for step, part in _parts(schema):
            yield from _unsafe(part, f"{path}.{step}".lstrip(".") if step else path, definitions, inside)


def _faults(schema: Schema) -> Iterator[str]:
    if not TYPED & schema.keys():
        yield ANYTHING
    if "prefixItems" in schema:
        yield FIXED
    elif schema.get("type") == "array" and "items" not in schema:
        yield ANY_LIST
    if schema.get("type") == "object" and (schema.get("additionalProperties") or "properties" not in schema):
        yield FREE_KEYS
    if "prefixItems" not in schema:  # whose length is said by these
        yield from (BOUND.format(bound=bound) for bound in _bounds(schema))


def _bounds(schema: Schema) -> Iterator[str]:
    yield from (bound for bound in BOUNDS if bound in schema)
    least = schema.get("minItems")
    if isinstance(least, int) and least > MOST_ENFORCED:
        yield "minItems"


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
