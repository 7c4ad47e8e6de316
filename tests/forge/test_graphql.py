"""Every GraphQL request that is sent, and every answer that the fake gives, is one that GitHub's schema allows.

The excerpt that stands here always judges; what GitHub publishes does too where `make test-forge` has installed it.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

from tests.forge.forges import github
from tests.forge.github_graphql import executed
from tests.forge.github_world import WORKFLOW, Pull, World
from tests.forge.graphql_schema import excerpt, problems, problems_of_answer, published, strays
from tests.forge.scenario import everything

FOLDER = os.environ.get("PEERS", "")
ID = {"id": "PR_1"}
VIEWER = "query { viewer { login } }"
DRAFT = "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
DRAFTED = {"data": {"convertPullRequestToDraft": {"pullRequest": {"isDraft": True}}}}
Body = dict[str, Any]


@pytest.fixture(scope="module", params=["excerpt", *(["published"] if FOLDER else [])])
def schema(request: pytest.FixtureRequest) -> GraphQLSchema:
    return published(Path(FOLDER)) if request.param == "published" else excerpt()


@pytest.fixture(scope="module")
def sent() -> list[Body]:
    with github() as peer:
        return [one["body"] for one in everything(peer) if one["path"] == "/graphql"]


def world(**changes: Any) -> World:
    """Give a GitHub with one pull request."""
    pull = Pull(
        1, "Title", "Body", "toolbuilder/log-levels", "main", draft=False, author=WORKFLOW, sha="b" * 40, home="o/r"
    )
    return World(**{"branches": {"main": "a" * 40, pull.branch: pull.sha}, "pulls": [pull], **changes})


def body(query: str, variables: object = None) -> Body:
    return {"query": query, "variables": variables}


def test_every_request_is_as_the_schema_has_it(schema: GraphQLSchema, sent: list[Body]) -> None:
    assert [problem for one in sent for problem in problems(schema, one)] == []


def test_every_field_that_the_fake_knows_was_asked_for(sent: list[Body]) -> None:
    whole = excerpt()
    roots = [one for one in (whole.query_type, whole.mutation_type) if one]
    names = [name for root in roots for name in root.fields]
    assert [name for name in names if not any(name in one["query"] for one in sent)] == []


@pytest.mark.parametrize("changes", [{}, {"conversions": False}, {"pulls": []}])
def test_every_answer_is_as_the_schema_has_it(schema: GraphQLSchema, sent: list[Body], changes: dict[str, Any]) -> None:
    for one in sent:
        assert problems_of_answer(schema, one, executed(world(**changes), one)) == []


WRONG: dict[str, Body] = {
    "Cannot query field 'isDrafty' on type 'PullRequest'": body(DRAFT.replace("isDraft ", "isDrafty "), ID),
    "Cannot query field 'makeDraft' on type 'Mutation'": body(DRAFT.replace("convertPullRequestToDraft", "makeDraft"), ID),
    "Variable '$id' has invalid value: Expected a value of non-null type 'ID!' to be provided": body(DRAFT, {}),
    "Expected value of non-null type 'ID!' not to be None": body(DRAFT, {"id": None}),
    "ID cannot represent value: True": body(DRAFT, {"id": True}),
    "ID cannot represent value: ['PR_1']": body(DRAFT, {"id": ["PR_1"]}),
    "Variable '$id' of type 'String' used in position expecting type 'ID!'": body(DRAFT.replace("ID!", "String"), ID),
    "not to include unknown field 'pullId'": body(DRAFT.replace("pullRequestId", "pullId"), ID),
    "must have a selection of subfields": body("query { viewer }"),
    "Syntax Error": body("query { viewer { login }"),
    "variable $node is unknown": body(DRAFT, {**ID, "node": "PR_1"}),
    "key variable is unknown": {"query": VIEWER, "variable": {}},
}  # fmt: skip


@pytest.mark.parametrize("told", WRONG)
def test_a_request_that_github_would_refuse_or_misread_is_caught(schema: GraphQLSchema, told: str) -> None:
    assert told in "\n".join(problems(schema, WRONG[told]))


@pytest.mark.parametrize("told", WRONG)
def test_the_fake_does_nothing_for_such_a_request(told: str) -> None:
    there = world()
    answer = executed(there, WRONG[told])
    assert told in str([error["message"] for error in answer["errors"]])  # type: ignore[attr-defined]
    assert there == world()


WRONG_ANSWERS: dict[str, Body] = {
    "Boolean cannot represent a non boolean value: 'yes'": {"data": {"convertPullRequestToDraft": {"pullRequest": {"isDraft": "yes"}}}},
    "Cannot return null for non-nullable field PullRequest.isDraft": {"data": {"convertPullRequestToDraft": {"pullRequest": {}}}},
    "it was asked for": {"data": {"markPullRequestReadyForReview": {"pullRequest": {"isDraft": True}}}},
    "there is neither data nor an error": {"data": None},
    "errors: each has a message": {**DRAFTED, "errors": [{"type": "FORBIDDEN"}]},
    "key message is unknown": {**DRAFTED, "message": "Done"},
}  # fmt: skip


@pytest.mark.parametrize("told", WRONG_ANSWERS)
def test_an_answer_that_github_would_not_give_is_caught(schema: GraphQLSchema, told: str) -> None:
    assert problems_of_answer(schema, body(DRAFT, ID), DRAFTED) == []
    assert told in "\n".join(problems_of_answer(schema, body(DRAFT, ID), WRONG_ANSWERS[told]))


WRONG_FACTS = {
    "login: String!": ("login: String", "GraphQLObjectType User.login: String"),
    "isDraft: Boolean!": ("draft: Boolean!", "GraphQLObjectType PullRequest.draft: Boolean!"),
    "input: ConvertPullRequestToDraftInput!": ("input: ID!", "GraphQLObjectType Mutation.convertPullRequestToDraft(input: ID!)"),
}  # fmt: skip


@pytest.mark.parametrize("right", WRONG_FACTS)
def test_an_excerpt_that_says_otherwise_is_caught(right: str) -> None:
    text = (Path(__file__).parent / "github.graphql").read_text()
    assert text.count(right) == 1
    wrong, told = WRONG_FACTS[right]
    assert strays(excerpt(), excerpt()) == []
    assert strays(build_schema(text.replace(right, wrong)), excerpt()) == [told]
