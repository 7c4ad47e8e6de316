"""GitHub's GraphQL API as far as toolbuilder knows it: what its schema has nothing against is done."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLError, graphql_sync

from tests.forge.github_world import Answer, World
from tests.forge.graphql_schema import excerpt, problems

SCHEMA = excerpt()
Resolve = Callable[..., dict[str, object]]


def executed(world: World, body: Mapping[str, Any]) -> dict[str, object]:
    """Obey a request; give the answer, which has the status 200 whatever is in it."""
    if told := problems(SCHEMA, body):
        return {"errors": [{"message": one} for one in told]}
    root = {
        "viewer": {"login": world.me},
        "convertPullRequestToDraft": _switch(world, draft=True),
        "markPullRequestReadyForReview": _switch(world, draft=False),
    }
    done = graphql_sync(SCHEMA, body["query"], root, variable_values=body.get("variables"))
    errors = [_shown(error) for error in done.errors or ()]
    return {"data": done.data, **({"errors": errors} if errors else {})}


def _shown(error: GraphQLError) -> dict[str, object]:
    """Give an error as GitHub does, which tells its type beside its message."""
    return {**(error.extensions or {}), "path": error.path, "message": error.message}


def _switch(world: World, *, draft: bool) -> Resolve:
    def switched(_: object, **arguments: Any) -> dict[str, object]:
        node = str(arguments["input"]["pullRequestId"])
        try:
            pull = world.pull(node.removeprefix("PR_"))
        except Answer:
            raise _refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'") from None
        if not world.conversions:
            raise _refusal("FORBIDDEN", "Resource not accessible by integration")
        pull.draft = draft
        return {"pullRequest": {"id": node, "isDraft": draft}}

    return switched


def _refusal(kind: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})
