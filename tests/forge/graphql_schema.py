"""GitHub's schema of its GraphQL API, and what it has against a request that was sent, or against an answer.

Beyond the rules of GraphQL, keys and variables that nothing names are problems here, since GitHub would ignore them
without a word, and so are fields that it has said it will take away.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)
from graphql.execution import get_variable_values

Json = Mapping[str, Any]
WHERE = "node_modules/@octokit/graphql-schema/schema.graphql"


def excerpt() -> GraphQLSchema:
    """Give the part that toolbuilder uses, as it stands beside this file."""
    return build_schema((Path(__file__).parent / "github.graphql").read_text())


def published(folder: Path) -> GraphQLSchema:
    """Read the whole schema out of a folder that npm has filled."""
    # Its text breaks rules that do not touch us: two fields stand there twice, and some are deprecated in one place only.
    return build_schema((folder / WHERE).read_text(), assume_valid=True)


def strays(small: GraphQLSchema, whole: GraphQLSchema) -> list[str]:
    """Give what a smaller schema says otherwise than the whole one, or beyond it."""
    told = {one: set(_facts(schema)) for one, schema in (("small", small), ("whole", whole))}
    return sorted(told["small"] - told["whole"])


def _facts(schema: GraphQLSchema) -> Iterator[str]:
    for name, kind in schema.type_map.items():
        for field, told in getattr(kind, "fields", {}).items():
            yield f"{type(kind).__name__} {name}.{field}: {told.type}"
            for argument, given in getattr(told, "args", {}).items():
                yield f"{type(kind).__name__} {name}.{field}({argument}: {given.type})"


def problems(schema: GraphQLSchema, body: Json) -> list[str]:
    """Give what a schema has against the body of a request."""
    try:
        document = parse(body["query"])
    except GraphQLError as error:
        return [error.message]
    rules = [*specified_rules, NoDeprecatedCustomRule]
    unknown = [f"key {key} is unknown" for key in body if key not in {"query", "variables"}]
    told = [*unknown, *(error.message for error in validate(schema, document, rules))]
    return told or list(_of_variables(schema, document, body.get("variables") or {}))


def _of_variables(schema: GraphQLSchema, document: DocumentNode, given: Json) -> Iterator[str]:
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    named = operation.variable_definitions or ()
    coerced = get_variable_values(schema, named, dict(given))
    if isinstance(coerced, list):
        yield from (error.message for error in coerced)
    for name in given.keys() - {one.variable.name.value for one in named}:
        yield f"variable ${name} is unknown"


def problems_of_answer(schema: GraphQLSchema, body: Json, answer: Json) -> list[str]:
    """Give what a schema has against the answer to a request that it has nothing against."""
    told = [f"key {key} is unknown" for key in answer if key not in {"data", "errors"}]
    errors, data = answer.get("errors"), answer.get("data")
    if errors is not None and not (errors and all(isinstance(one.get("message"), str) for one in errors)):
        told.append("errors: each has a message, and there is at least one")
    if data is None:
        return told if errors else [*told, "there is neither data nor an error"]
    made = execute_sync(
        schema, parse(body["query"]), data, variable_values=body.get("variables"),
        field_resolver=lambda parent, info, **_: parent.get(info.path.key),  # as it was called in the request
    )  # fmt: skip
    told += [error.message for error in made.errors or ()]
    return told if told or made.data == data else [f"it was asked for {made.data}, not for {data}"]
