"""What GitHub answers: the rules that it enforces, and its words where they count."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from tests.forge.github_graphql import executed
from tests.forge.github_world import Answer, Comment, Pull, World, crlf, custom, failed


def shown(world: World, pull: Pull) -> dict[str, object]:
    """Give a pull request as the REST API does, as far as it is read."""
    sha, owner = world.tip(pull), pull.home.partition("/")[0]
    at = "2026-11-22T10:00:00Z" if pull.merged else None
    return {
        "number": pull.number,
        "html_url": f"https://github.com/{world.repository}/pull/{pull.number}",
        "node_id": f"PR_{pull.number}",
        "state": pull.state,
        "draft": pull.draft,
        "merged_at": at,
        "title": pull.title,
        "body": crlf(pull.body),
        "user": {"login": pull.author},
        "head": {"ref": pull.branch, "sha": sha, "label": f"{owner}:{pull.branch}", "repo": {"full_name": pull.home}},
        "base": {"ref": pull.base, "sha": world.sha(pull.base) or "0" * 40, "repo": {"full_name": world.repository}},
        "labels": [{"name": name} for name in pull.labels],
        "requested_reviewers": [{"login": login} for login in pull.reviewers],
        "requested_teams": [{"slug": slug} for slug in pull.teams],
    }


Parts = tuple[str, ...]
Obeyed = tuple[int, object]
Obey = Callable[[World, Parts, Mapping[str, str], Mapping[str, Any]], Obeyed]


def _repository(world: World, *_: object) -> Obeyed:
    return 200, {"full_name": world.repository, "default_branch": world.default, "private": False}


def _list_pulls(world: World, _: Parts, query: Mapping[str, str], __: object) -> Obeyed:
    all_of_them = [shown(world, pull) for pull in reversed(world.pulls)]
    state, head, base = query.get("state", "open"), query.get("head"), query.get("base")
    return 200, [
        one
        for one, pull in zip(all_of_them, reversed(world.pulls), strict=True)
        if state in {"all", pull.state}
        and head in {None, f"{pull.home.partition('/')[0]}:{pull.branch}"}
        and base in {None, pull.base}
    ]


def _open_pull(world: World, _: Parts, __: object, body: Mapping[str, Any]) -> Obeyed:
    owner, head, base = world.repository.partition("/")[0], body["head"].rpartition(":")[2], body["base"]
    sha = world.sha(head)
    if not world.may_create:
        raise Answer(403, {"message": "GitHub Actions is not permitted to create or approve pull requests."})
    if sha is None:
        raise Answer(422, failed({"resource": "PullRequest", "field": "head", "code": "invalid"}))
    if world.sha(base) is None:
        raise Answer(422, failed({"resource": "PullRequest", "field": "base", "code": "invalid"}))
    if sha == world.sha(base):
        raise Answer(422, failed(custom(f"No commits between {base} and {head}")))
    if body.get("draft") and not world.drafts:
        raise Answer(422, {"message": "Draft pull requests are not supported in this repository."})
    if any((pull.branch, pull.base, pull.state) == (head, base, "open") for pull in world.pulls):
        raise Answer(422, failed(custom(f"A pull request already exists for {owner}:{head}.")))
    pull = Pull(
        len(world.pulls) + 1, body["title"], body.get("body") or "", head, base,
        bool(body.get("draft")), world.me, sha, world.repository,
    )  # fmt: skip
    world.pulls.append(pull)
    answer = shown(world, pull)
    pull.unknown = world.slow_to_know
    return 201, answer


def _get_pull(world: World, parts: Parts, *_: object) -> Obeyed:
    return 200, shown(world, world.pull(parts[0]))


def _change_pull(world: World, parts: Parts, _: object, body: Mapping[str, Any]) -> Obeyed:
    pull = world.pull(parts[0])
    world.tip(pull)
    for name in ("title", "body", "state", "base"):
        setattr(pull, name, body.get(name, getattr(pull, name)))
    return 200, shown(world, pull)


def _request_reviews(world: World, parts: Parts, _: object, body: Mapping[str, Any]) -> Obeyed:
    pull = world.pull(parts[0])
    people, teams = body.get("reviewers", []), body.get("team_reviewers", [])
    if pull.author in people:
        raise Answer(422, {"message": "Review cannot be requested from pull request author."})
    if teams and not world.sees_teams:
        raise Answer(422, failed("Could not resolve to a node with the global id of 'T_kwDOA1234M4AAbCd'."))
    if set(people) - set(world.collaborators) or set(teams) - set(world.teams):
        words = "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the"
        raise Answer(422, {"message": f"{words} {world.repository} repository."})
    pull.reviewers += [name for name in people if name not in pull.reviewers]
    pull.teams += [name for name in teams if name not in pull.teams]
    return 201, shown(world, pull)


def _make_label(world: World, _: Parts, __: object, body: Mapping[str, Any]) -> Obeyed:
    if world.label(body["name"]) in world.labels:
        raise Answer(422, failed({"resource": "Label", "code": "already_exists", "field": "name"}))
    world.labels[body["name"]] = dict(body)
    return 201, dict(body)


def _add_labels(world: World, parts: Parts, _: object, body: Mapping[str, Any]) -> Obeyed:
    pull = world.pull(parts[0])
    for name in map(world.label, body["labels"]):
        world.labels.setdefault(name, {"name": name, "color": "ededed"})
        pull.labels += [] if name in pull.labels else [name]
    return 200, [{"name": name} for name in pull.labels]


def _take_label(world: World, parts: Parts, *_: object) -> Obeyed:
    pull = world.pull(parts[0])
    if parts[1] not in pull.labels:
        raise Answer(404, {"message": "Label does not exist"})
    pull.labels.remove(parts[1])
    return 200, [{"name": name} for name in pull.labels]


def _list_comments(world: World, parts: Parts, *_: object) -> Obeyed:
    return 200, [shown_comment(one) for one in world.comments if one.number == int(parts[0])]


def shown_comment(comment: Comment) -> dict[str, object]:
    return {"id": comment.id, "body": crlf(comment.body), "user": {"login": comment.login}}


def _add_comment(world: World, parts: Parts, _: object, body: Mapping[str, Any]) -> Obeyed:
    return 201, shown_comment(world.add_comment(world.pull(parts[0]).number, world.me, body["body"]))


def _comment(world: World, parts: Parts) -> Comment:
    for comment in world.comments:
        if comment.id == int(parts[0]):
            return comment
    raise Answer(404, {"message": "Not Found"})


def _change_comment(world: World, parts: Parts, _: object, body: Mapping[str, Any]) -> Obeyed:
    comment = _comment(world, parts)
    comment.body = body["body"]
    return 200, shown_comment(comment)


def _delete_comment(world: World, parts: Parts, *_: object) -> Obeyed:
    world.comments.remove(_comment(world, parts))
    return 204, None


def _permission(world: World, parts: Parts, *_: object) -> Obeyed:
    if parts[0] == "nobody":
        raise Answer(404, {"message": "nobody is not a user"})
    permission = world.collaborators.get(parts[0], "read")
    return 200, {"permission": permission, "role_name": permission, "user": {"login": parts[0]}}


def _dispatch(world: World, parts: Parts, _: object, body: Mapping[str, Any]) -> Obeyed:
    world.dispatches.append({"workflow": parts[0], **body})
    return 204, None


def _workflow_permissions(world: World, *_: object) -> Obeyed:
    return 200, {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": world.may_create}


def _graphql(world: World, _: Parts, __: object, body: Mapping[str, Any]) -> Obeyed:
    return 200, executed(world, body)


ROUTES: list[tuple[str, str, Obey]] = [
    ("GET", "{repository}", _repository),
    ("GET", "{repository}/pulls", _list_pulls),
    ("POST", "{repository}/pulls", _open_pull),
    ("GET", r"{repository}/pulls/(\d+)", _get_pull),
    ("PATCH", r"{repository}/pulls/(\d+)", _change_pull),
    ("POST", r"{repository}/pulls/(\d+)/requested_reviewers", _request_reviews),
    ("POST", "{repository}/labels", _make_label),
    ("POST", r"{repository}/issues/(\d+)/labels", _add_labels),
    ("DELETE", r"{repository}/issues/(\d+)/labels/([^/]+)", _take_label),
    ("GET", r"{repository}/issues/(\d+)/comments", _list_comments),
    ("POST", r"{repository}/issues/(\d+)/comments", _add_comment),
    ("PATCH", r"{repository}/issues/comments/(\d+)", _change_comment),
    ("DELETE", r"{repository}/issues/comments/(\d+)", _delete_comment),
    ("GET", r"{repository}/collaborators/([^/]+)/permission", _permission),
    ("POST", r"{repository}/actions/workflows/([^/]+)/dispatches", _dispatch),
    ("GET", r"{repository}/actions/permissions/workflow", _workflow_permissions),
    ("GET", r"/orgs/[^/]+/actions/permissions/workflow", _workflow_permissions),
    ("POST", "/graphql", _graphql),
]


def answer(world: World, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> Obeyed:
    """Obey a request, whose path is as it was sent; give the status and the body of the answer."""
    if method == "GET" and unquote(path) in world.fixed:
        return 200, world.fixed[unquote(path)]
    for wanted, pattern, obey in ROUTES:
        shape = pattern.replace("{repository}", re.escape(f"/repos/{world.repository}"))
        if method == wanted and (found := re.fullmatch(shape, path)):
            if world.archived and method != "GET" and path != "/graphql":
                return 403, {"message": "Repository was archived so is read-only."}
            try:
                return obey(world, tuple(map(unquote, found.groups())), query, body)
            except Answer as refusal:
                return refusal.status, refusal.body
    return 404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
