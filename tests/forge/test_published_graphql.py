"""The schema of its GraphQL API that GitHub publishes, against the excerpt that the default tests go by."""

import os
from pathlib import Path

import pytest
from graphql import GraphQLSchema

from tests.forge.graphql_schema import excerpt, problems, published, strays

STATES = "query($states: [PullRequestState!]) { viewer { pullRequests(states: $states) { totalCount } } }"
CLASSIFIER = "mutation { minimizeComment(input: {subjectId: 1, classifier: %s}) { clientMutationId } }"


@pytest.fixture(scope="module")
def whole() -> GraphQLSchema:
    return published(Path(os.environ["PEERS"]))


def test_the_excerpt_says_what_github_says(whole: GraphQLSchema) -> None:
    assert strays(excerpt(), whole) == []


def test_a_value_that_an_enumeration_does_not_have_is_caught(whole: GraphQLSchema) -> None:
    assert problems(whole, {"query": STATES, "variables": {"states": ["OPEN", "MERGED"]}}) == []
    [told] = problems(whole, {"query": STATES, "variables": {"states": ["HALF_OPEN"]}})
    assert "'HALF_OPEN' does not exist in 'PullRequestState' enum" in told
    assert problems(whole, {"query": CLASSIFIER % "OUTDATED"}) == []
    [told] = problems(whole, {"query": CLASSIFIER % "BORING"})
    assert "'BORING' does not exist in 'ReportedContentClassifiers' enum" in told


def test_a_field_that_github_will_take_away_is_caught(whole: GraphQLSchema) -> None:
    [told] = problems(whole, {"query": "query { viewer { databaseId projects { totalCount } } }"})
    assert "deprecated" in told
