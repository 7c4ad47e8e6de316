"""Checks of what GitHub lets toolbuilder do: the token, workflows, and rules of branches."""

from collections.abc import Mapping

from toolbuilder.doctor.facts import Hub, Policy, Signing, Surroundings, Token
from toolbuilder.doctor.findings import Check, Verdict, of, ok, problem, warning
from toolbuilder.doctor.pages import actions_page, organisation_page, rules_page, settings_page

TOOLS = "toolbuilder/**"

_KINDS: Mapping[str, str] = {
    "workflow": "the token of a workflow",
    "app": "the token of a GitHub App",
    "fine-grained": "a fine-grained token",
    "classic": "a classic token",
    "oauth": "a token of the GitHub CLI or another OAuth app",
    "other": "a token of an unknown kind",
}
_WRITING = {"repo", "public_repo"}  # scopes; the second reaches public repositories only
_WAITING = "checks of the pull requests that it opens wait until a person approves them"
_APP = "let a GitHub App open them; the check `app` says how"

_SIGNATURES = "required_signatures"
_SIGN = "for signatures, set `sign_commits = true` in toolbuilder.toml, and see the checks on signing; or "

# Rules that a tool's branch, which is pushed commit by commit by a program, cannot meet -> what they refuse.
_IN_THE_WAY: Mapping[str, str] = {
    "creation": "new branches",
    "update": "pushes",
    "pull_request": "pushes without a pull request",
    _SIGNATURES: "commits without a signature",
    "required_status_checks": "commits whose checks have not run",
    "required_deployments": "commits that are not deployed",
    "required_linear_history": "merges of the default branch",
    "workflows": "commits whose workflows have not run",
    "commit_message_pattern": "other commit messages",
    "commit_author_email_pattern": "other authors",
    "committer_email_pattern": "other committers",
    "branch_name_pattern": "other names of branches",
    "file_path_restriction": "some paths",
    "file_extension_restriction": "some files",
}


def token(found: Surroundings) -> Verdict:
    """Check that the token is of a kind that can do what is needed."""
    return of(found.hub, lambda hub: of(hub.token, _token))


def _token(has: Token) -> Verdict:
    told = f"{_KINDS[has.kind]}, speaking as {has.login}"
    if has.kind == "workflow":
        return warning(f"{told}: {_WAITING}", _APP)
    if has.scopes is not None and not _WRITING & set(has.scopes):
        return problem(
            f"{told}: it lacks the scope `repo`", "gh auth refresh --scopes repo, or make a new token with it"
        )
    return ok(f"{told}: what it opens and starts runs by itself")


def pushing(found: Surroundings) -> Verdict:
    """Check that the token may push."""

    def judge(hub: Hub) -> Verdict:
        fix = "use a token with Contents: read and write, Pull requests: read and write"
        no = problem(f"the token may only read {hub.repository}", fix)
        if hub.archived:
            return problem(f"{hub.repository} is archived, so nobody may push", f"unarchive it at {settings_page(hub)}")
        return of(hub.may_push, lambda may: ok(f"the token may push to {hub.repository}") if may else no)

    return of(found.hub, judge)


def actions(found: Surroundings) -> Verdict:
    """Check that workflows run, and may call those of toolbuilder."""

    def judge(hub: Hub) -> Verdict:
        return of(hub.allowed, lambda allowed: _allowed(allowed, actions_page(hub)))

    return of(found.hub, judge)


def _allowed(allowed: str, page: str) -> Verdict:
    match allowed:
        case "none":
            return problem("GitHub Actions is turned off, so nothing is built there", f"turn it on at {page}")
        case "local_only":
            return problem(
                "only workflows of the same owner may be called", f"allow toolbuilder's repository at {page}"
            )
        case "selected":
            fix = f"see that toolbuilder's repository and actions/* are on the list at {page}"
            return warning("only listed actions and workflows may run", fix)
        case _:
            return ok("workflows run, and may call toolbuilder's")


def proposing(found: Surroundings) -> Verdict:
    """Check that workflows may open pull requests in this repository."""

    def judge(hub: Hub) -> Verdict:
        if not hub.takes_pull_requests:
            fix = f"tick `Pull requests` under Features at {settings_page(hub)}"
            return problem(f"pull requests are turned off in {hub.repository}", fix)
        return of(hub.policy, lambda policy: _may_propose(policy, hub, actions_page(hub), _by_command(hub)))

    return of(found.hub, judge)


def organisation(found: Surroundings) -> Verdict:
    """Check that workflows may open pull requests in the organisation; what is off there cannot be turned on below."""

    def judge(hub: Hub) -> Verdict:
        if hub.organisation is None:
            return ok(f"{hub.owner} is no organisation, whose settings would come first")
        return of(hub.organisation, lambda policy: _may_propose(policy, hub, organisation_page(hub), ""))

    return of(found.hub, judge)


def _may_propose(policy: Policy, hub: Hub, page: str, command: str) -> Verdict:
    if policy.may_propose:
        return ok("workflows may open pull requests")
    fix = f"tick `Allow GitHub Actions to create and approve pull requests` at {page}{command}"
    if hub.has_app is True:
        return warning("workflows may not open pull requests; the App does it", fix)
    return problem("workflows may not open pull requests", fix)


def _by_command(hub: Hub) -> str:
    place = f"repos/{hub.repository}/actions/permissions/workflow"
    return f" (or: gh api -X PUT {place} -F can_approve_pull_request_reviews=true)"


def default_token(found: Surroundings) -> Verdict:
    """Check that workflows that ask for nothing get little."""

    def judge(hub: Hub) -> Verdict:
        fix = f"choose `Read repository contents and packages permissions` at {actions_page(hub)}"
        loose = warning("workflows that name no permissions may write; toolbuilder's name theirs", fix)
        return of(hub.policy, lambda policy: loose if policy.token == "write" else ok("workflows read by default"))  # noqa: S105

    return of(found.hub, judge)


def tool_branches(found: Surroundings) -> Verdict:
    """Check that no rule keeps toolbuilder from its own branches."""
    signed = isinstance(found.signing, Signing) and found.signing.wanted

    def judge(hub: Hub) -> Verdict:
        return of(hub.tool_rules, lambda rules: _tool_rules(rules, hub, signed=signed))

    return of(found.hub, judge)


def _tool_rules(rules: tuple[str, ...], hub: Hub, *, signed: bool) -> Verdict:
    met = {_SIGNATURES} if signed else set()
    in_the_way = [rule for rule in rules if rule in _IN_THE_WAY and rule not in met]
    if in_the_way:
        fix = (
            f"exempt {TOOLS} from these rules at {rules_page(hub)}: they hold for the default branch, where it matters"
        )
        refused = ", ".join(f"{_IN_THE_WAY[rule]} ({rule})" for rule in in_the_way)
        return problem(f"rules for {TOOLS} refuse {refused}", f"{_SIGN}{fix}" if _SIGNATURES in in_the_way else fix)
    return ok(f"no rule is in the way of {TOOLS}")


def default_branch(found: Surroundings) -> Verdict:
    """Check that what the default branch demands of pull requests can be met."""

    def judge(hub: Hub) -> Verdict:
        return of(hub.default_rules, lambda rules: _default_rules(rules, hub))

    return of(found.hub, judge)


def _default_rules(rules: tuple[str, ...], hub: Hub) -> Verdict:
    if "required_status_checks" in rules and hub.has_app is not True:
        return warning(f"{hub.default_branch} demands checks, and {_WAITING} if a workflow's token opened them", _APP)
    if not rules:
        fix = f"demand a pull request for {hub.default_branch} at {rules_page(hub)}"
        return warning(f"anybody who may push can change {hub.default_branch} without a review", fix)
    return ok(f"{hub.default_branch} is protected by {', '.join(rules)}")


GITHUB_CHECKS = (
    Check("token", token),
    Check("pushing", pushing),
    Check("actions", actions),
    Check("pull requests", proposing),
    Check("organisation", organisation),
    Check("default token", default_token),
    Check("tool branches", tool_branches),
    Check("default branch", default_branch),
)
