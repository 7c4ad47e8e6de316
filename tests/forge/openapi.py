"""GitHub's own description of its API, and what it has against a request that was sent.

It is an OpenAPI 3.0 document, whose schemas are JSON Schema draft 4 but for `nullable`. Two things are checked beyond
it: keys and parameters that it does not name are problems here, since GitHub would ignore them without a word.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

Json = dict[str, Any]
WHERE = "node_modules/@octokit/openapi/generated/api.github.com.json"
_ROOT = "urn:github"


def description(folder: Path) -> Json:
    """Read the description out of a folder that npm has filled."""
    whole: Json = json.loads((folder / WHERE).read_text())
    return whole


def template_of(whole: Json, path: str) -> str | None:
    """Give the path of the description that a request's path is an instance of; fixed words win over parameters."""
    fits = [one for one in whole["paths"] if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", one), path)]
    return min(fits, key=lambda one: one.count("{"), default=None)


def cut(whole: Json, templates: Sequence[str]) -> Json:
    """Give the description of some paths, with all that they refer to."""
    small: Json = {**whole, "paths": {one: whole["paths"][one] for one in templates}, "components": {}}
    small.pop("webhooks", None)
    small.pop("x-webhooks", None)
    waiting, seen = set(_references(small["paths"])), set[str]()
    while waiting:
        reference = waiting.pop()
        seen.add(reference)
        kind, name = reference.removeprefix("#/components/").split("/")
        part = whole["components"][kind][name]
        small["components"].setdefault(kind, {})[name] = part
        waiting |= set(_references(part)) - seen
    return small


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def problems(whole: Json, request: Mapping[str, Any]) -> list[str]:
    """Give what the description has against a request as `github_server` records it."""
    template = template_of(whole, request["path"])
    operation = whole["paths"].get(template, {}).get(request["method"].lower()) if template else None
    if operation is None or template is None:
        return [f"{request['method']} {request['path']}: there is no such request"]
    named = [*whole["paths"][template].get("parameters", []), *operation.get("parameters", [])]
    parameters = [_resolved(whole, one) for one in named]
    names = re.findall(r"\{([^}]+)\}", template)
    found = re.fullmatch(re.sub(r"\{[^}]+\}", "([^/]+)", template), request["path"])
    given = {
        "path": dict(zip(names, found.groups() if found else (), strict=True)),
        "query": dict(request["query"]),
    }
    told = [*_of_parameters(whole, parameters, given), *_of_body(whole, operation, request["body"])]
    return [f"{request['method']} {template}: {one}" for one in told]


def _of_parameters(whole: Json, parameters: Sequence[Json], given: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    known = {(one["in"], one["name"]): one for one in parameters}
    for place, values in given.items():
        for name, text in values.items():
            if (place, name) not in known:
                yield f"{place} parameter {name} is unknown"
                continue
            schema = known[place, name]["schema"]
            yield from _against(whole, schema, _as_type(schema, unquote(text)), f"{place} parameter {name}")
    for (place, name), one in known.items():
        if one.get("required") and name not in given.get(place, {}):
            yield f"{place} parameter {name} is missing"


def _of_body(whole: Json, operation: Json, body: object) -> Iterator[str]:
    wanted = operation.get("requestBody")
    if wanted is None:
        if body:
            yield "it takes no body"
        return
    schema = _resolved(whole, wanted["content"]["application/json"]["schema"])
    if body is None:
        if wanted.get("required") or schema.get("required"):
            yield "its body is missing"
        return
    yield from _against(whole, schema, body, "body")
    keys = {key for one in _alternatives(whole, schema) for key in one.get("properties", {})}
    for key in body if isinstance(body, dict) and keys else ():
        if key not in keys:
            yield f"body key {key} is unknown"


def _alternatives(whole: Json, schema: Json) -> Iterator[Json]:
    schema = _resolved(whole, schema)
    yield schema
    for kind in ("oneOf", "anyOf", "allOf"):
        for one in schema.get(kind, []):
            yield from _alternatives(whole, one)


def _against(whole: Json, schema: Json, value: object, what: str) -> Iterator[str]:
    root: Resource[Any] = DRAFT4.create_resource(_plain({"components": cut_to(whole, schema)}))
    registry: Registry[Any] = Registry().with_resource(_ROOT, root)
    validator = Draft4Validator(_plain(schema, _ROOT), registry=registry)
    for error in validator.iter_errors(value):
        yield f"{what}{''.join(f'/{step}' for step in error.absolute_path)}: {error.message}"


def cut_to(whole: Json, schema: Json) -> Json:
    """Give the components that a schema refers to."""
    components: Json = cut({**whole, "paths": {"/": schema}}, ["/"])["components"]
    return components


def _plain(part: Any, root: str = "") -> Any:
    """Say `nullable` as JSON Schema does, and make references absolute where a root is given."""
    if isinstance(part, list):
        return [_plain(one, root) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _plain(value, root) for key, value in part.items() if key != "nullable"}
    if isinstance(made.get("$ref"), str):
        made["$ref"] = f"{root}{made['$ref']}"
    if part.get("nullable") is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def _resolved(whole: Json, part: Json) -> Json:
    while "$ref" in part:
        _, kind, name = part["$ref"].removeprefix("#/").split("/")
        part = whole["components"][kind][name]
    return part


def _as_type(schema: Json, text: str) -> object:
    """Read a parameter as its schema wants it; one that cannot be read so stays a text, and is told."""
    try:
        return json.loads(text) if schema.get("type") in {"integer", "number", "boolean"} else text
    except ValueError:
        return text
