"""Every request that is sent is one that GitHub describes."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.forge.forges import Peer, github
from tests.forge.github_rules import ROUTES
from tests.forge.openapi import Json, description, problems, template_of
from tests.forge.scenario import everything
from toolbuilder.adapters.github.inspection import Inspection

FOLDER = Path(os.environ["PEERS"])
ASKED_BY_DOCTOR = "/actions/permissions/workflow"
Sent = list[dict[str, Any]]


@pytest.fixture(scope="module")
def whole() -> Json:
    return description(FOLDER)


@pytest.fixture(scope="module")
def sent() -> Sent:
    with github() as peer:
        return [one for one in everything(peer) if one["path"] != "/graphql"]


def test_every_request_is_as_github_describes_it(whole: Json, sent: Sent) -> None:
    assert [problem for one in sent for problem in problems(whole, one)] == []


def test_every_kind_of_request_was_sent(sent: Sent) -> None:
    shapes = [
        (method, pattern.replace("{repository}", "/repos/o/r"))
        for method, pattern, _ in ROUTES
        if not pattern.endswith((ASKED_BY_DOCTOR, "/graphql"))
    ]
    never = [
        shape
        for shape in shapes
        if not any(one["method"] == shape[0] and re.fullmatch(shape[1], one["path"]) for one in sent)
    ]
    assert never == []


def test_what_the_doctor_reads_is_described_too(whole: Json) -> None:
    with github() as peer:
        asked = inspected(peer)
    assert len(asked) > 5
    assert [problem for one in asked for problem in problems(whole, one)] == []


def inspected(peer: Peer) -> Sent:
    """Let the doctor look at everything that it knows to ask for."""
    peer.forge()
    for name in ("toolbuilder", "toolbuilder-publish"):
        path = f"/repos/o/r/environments/{name}"
        peer.world.fixed[path] = {
            "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True}
        }
    Inspection(peer.clients[0]).hub()
    return [one for one in peer.served.requests if one["path"] not in {"/graphql", "/"}]


WRONG: dict[str, Callable[[Sent], dict[str, Any]]] = {
    "there is no such request": lambda sent: {**pick(sent, "GET", "pulls"), "path": "/repos/o/r/pull"},
    "no such request": lambda sent: {**pick(sent, "GET", "pulls"), "method": "PUT"},
    "query parameter sort_by is unknown": lambda sent: with_query(sent, sort_by="created"),
    "query parameter state: 'any' is not one of": lambda sent: with_query(sent, state="any"),
    "query parameter per_page: 'many' is not of type": lambda sent: with_query(sent, per_page="many"),
    "path parameter issue_number: 'one' is not of type": lambda sent: {
        **pick(sent, "GET", "comments"),
        "path": "/repos/o/r/issues/one/comments",
    },
    "its body is missing": lambda sent: {**pick(sent, "POST", "dispatches"), "body": None},
    "'ref' is a required property": lambda sent: with_body(sent, "dispatches", {"inputs": {}}),
    "body/draft: 'yes' is not of type": lambda sent: with_body(sent, "pulls", {"draft": "yes"}),
    "body key labels is unknown": lambda sent: with_body(sent, "pulls", {"labels": ["x"]}),
    "is not valid under any of the given schemas": lambda sent: with_body(
        sent, "labels", {"name": "x", "labels": 1}, "issues/1/labels"
    ),
}


def pick(sent: Sent, method: str, end: str) -> dict[str, Any]:
    """Give the first request of a method whose path ends so."""
    return next(one for one in sent if one["method"] == method and one["path"].endswith(end))


def with_query(sent: Sent, **query: str) -> dict[str, Any]:
    return {**pick(sent, "GET", "pulls"), "query": query}


def with_body(sent: Sent, end: str, body: dict[str, Any], path: str = "") -> dict[str, Any]:
    return {**pick(sent, "POST", path or end), "body": body}


@pytest.mark.parametrize("told", WRONG)
def test_a_request_that_github_would_refuse_or_misread_is_caught(whole: Json, sent: Sent, told: str) -> None:
    assert any(told in one for one in problems(whole, WRONG[told](sent)))


def test_fixed_words_of_a_path_win_over_parameters(whole: Json) -> None:
    assert template_of(whole, "/repos/o/r/issues/comments/3") == "/repos/{owner}/{repo}/issues/comments/{comment_id}"
