"""What is read of an answer is what GitHub describes: every field by its name, and none that may be missing or null."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel

from tests.forge.openapi import Json, description
from toolbuilder.adapters.github import answers, settings_answers

REPOSITORY = "/repos/{owner}/{repo}"
ACTIONS = f"{REPOSITORY}/actions"
ENVIRONMENT = f"{REPOSITORY}/environments/{{environment_name}}"
READ: list[tuple[str, str, type[BaseModel]]] = [
    ("get", REPOSITORY, answers.Repository),
    ("get", REPOSITORY, settings_answers.About),
    ("get", f"{REPOSITORY}/pulls", answers.Pull),
    ("post", f"{REPOSITORY}/pulls", answers.Pull),
    ("get", f"{REPOSITORY}/pulls/{{pull_number}}", answers.Pull),
    ("get", f"{REPOSITORY}/issues/{{issue_number}}/comments", answers.Comment),
    ("get", f"{REPOSITORY}/collaborators/{{username}}/permission", answers.Permission),
    ("get", f"{ACTIONS}/permissions", settings_answers.Allowed),
    ("get", f"{ACTIONS}/permissions/workflow", settings_answers.WorkflowPolicy),
    ("get", "/orgs/{org}/actions/permissions/workflow", settings_answers.WorkflowPolicy),
    ("get", f"{REPOSITORY}/branches/{{branch}}", settings_answers.BranchAnswer),
    ("get", f"{REPOSITORY}/rules/branches/{{branch}}", settings_answers.Rule),
    ("get", ENVIRONMENT, settings_answers.EnvironmentAnswer),
    ("get", f"{ENVIRONMENT}/secrets", settings_answers.Secrets),
    ("get", f"{ENVIRONMENT}/deployment-branch-policies", settings_answers.Branches),
    ("get", f"{ACTIONS}/secrets", settings_answers.Secrets),
    ("get", f"{ACTIONS}/organization-secrets", settings_answers.Secrets),
    ("get", f"{ACTIONS}/organization-variables", settings_answers.Variables),
    ("get", f"{ACTIONS}/variables/{{name}}", settings_answers.Named),
]


@pytest.fixture(scope="module")
def whole() -> Json:
    return description(Path(os.environ["PEERS"]))


def forms(whole: Json, schema: Json) -> list[Json]:
    """Give the forms that a value can have, each with the properties that it can have and those that it has."""
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if choice := schema.get("anyOf") or schema.get("oneOf"):
        return [form for one in choice for form in forms(whole, one)]
    if "allOf" not in schema:
        return [schema]
    parts = [form for one in schema["allOf"] for form in forms(whole, one)]
    properties = {name: part for one in parts for name, part in one.get("properties", {}).items()}
    required = [name for one in parts for name in one.get("required", [])]
    return [{"properties": properties, "required": required, "nullable": any(one.get("nullable") for one in parts)}]


def misreadings(whole: Json, schema: Json, model: type[BaseModel], where: str) -> Iterator[str]:
    """Give what could come otherwise than a model reads it."""
    for form in forms(whole, schema):
        if "items" in form:
            yield from misreadings(whole, form["items"], model, where)
            continue
        for name, field in model.model_fields.items():
            at = f"{where}.{name}"
            # Where nothing is said to be there always, the description says nothing about it, and all of it is.
            if field.is_required() and name not in form.get("required", [name]):
                yield f"{at} may be missing"
            if name in form.get("properties", {}):
                yield from _within(whole, form["properties"][name], field.annotation, at)
    names = {name for form in forms(whole, schema) for name in form.get("properties", {})}
    if names:
        yield from (f"{where}.{name} is not described" for name in model.model_fields if name not in names)


def _within(whole: Json, schema: Json, wanted: object, where: str) -> Iterator[str]:
    kinds = get_args(wanted) if type(None) in get_args(wanted) else (wanted,)
    if schema.get("nullable") or any(form.get("nullable") for form in forms(whole, schema)):
        yield from () if type(None) in kinds else (f"{where} may be null",)
    for kind in kinds:
        inner = get_args(kind)[0] if get_origin(kind) is tuple else kind
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from misreadings(whole, schema, inner, where)


@pytest.mark.parametrize(("method", "path", "model"), READ)
def test_an_answer_as_described_is_never_misread(whole: Json, method: str, path: str, model: type[BaseModel]) -> None:
    assert list(misreadings(whole, answer_to(whole, method, path), model, model.__name__)) == []


def answer_to(whole: Json, method: str, path: str) -> Json:
    """Give the schema of a good answer."""
    responses = whole["paths"][path][method]["responses"]
    schema: Json = next(responses[status] for status in ("200", "201") if status in responses)["content"][
        "application/json"
    ]["schema"]
    return schema


class Misnamed(BaseModel):
    is_archived: bool = False


class Hasty(BaseModel):
    has_pull_requests: bool
    homepage: str
    owner: answers.Label


def test_a_model_that_could_misread_an_answer_is_caught(whole: Json) -> None:
    schema = answer_to(whole, "get", REPOSITORY)
    assert list(misreadings(whole, schema, Misnamed, "M")) == ["M.is_archived is not described"]
    assert list(misreadings(whole, schema, Hasty, "H")) == [
        "H.has_pull_requests may be missing",
        "H.homepage may be null",
        "H.owner.name may be missing",
        "H.owner.name may be null",
    ]
