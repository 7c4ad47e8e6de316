"""What GitHub says about a repository's settings. It is only asked; what it does not tell this token stays unknown."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.failures import Refused
from toolbuilder.adapters.github.forge import GitHubForge
from toolbuilder.adapters.github.requests import Request
from toolbuilder.adapters.github.settings_answers import (
    About,
    Allowed,
    BranchAnswer,
    Branches,
    EnvironmentAnswer,
    Named,
    Owner,
    Rights,
    Rule,
    Secrets,
    Variables,
    WorkflowPolicy,
)
from toolbuilder.adapters.github.token_kind import token_of
from toolbuilder.doctor.facts import Environment, Hub, Known, Policy, Token, Unknown
from toolbuilder.errors import ForgeError

T = TypeVar("T")
ADMIN = "it needs the permission Administration: read"
ENVIRONMENTS = "it needs the permission Environments: read"
SECRETS = "it needs the permission Secrets: read"
VARIABLES = "it needs the permission Variables: read"
APP_ID = "TOOLBUILDER_APP_CLIENT_ID"
BUILDING, PUBLISHING = "toolbuilder", "toolbuilder-publish"
CLASSIC = "branch protection"
A_TOOL = "toolbuilder/any-tool"  # stands for toolbuilder/**: rules are asked for by the name of a branch


class Missing:
    """What GitHub says is not there."""


class Inspection:
    """Asks about one repository. Raises ForgeError only where nothing at all can be said."""

    def __init__(self, client: Client):
        self._client = client
        self._place = client.place
        self._path = f"/repos/{client.place.repository}"

    def hub(self) -> Hub:
        """Give all that is told. Raises ForgeError where the repository itself is not."""
        about = self._client.ask(Request("GET", self._path)).read(About)
        owner = about.owner or Owner(login=self._place.owner)
        is_organisation = owner.type == "Organization"
        of_organisation = f"/orgs/{quote(owner.login)}/actions/permissions/workflow"
        token = self._token()
        return Hub(
            repository=self._place.repository,
            web=self._place.web,
            owner=owner.login,
            default_branch=about.default_branch,
            token=token,
            may_push=may_push(about.permissions, token),
            allowed=self._allowed(),
            policy=self._policy(f"{self._path}/actions/permissions/workflow"),
            organisation=self._policy(of_organisation) if is_organisation else None,
            tool_rules=self._rules(A_TOOL),
            default_rules=self._default_rules(about.default_branch),
            building=self._environment(BUILDING),
            publishing=self._environment(PUBLISHING),
            secrets=self._shared_secrets(of_organisation=is_organisation),
            has_app=self._has_variable(APP_ID, of_organisation=is_organisation),
            archived=about.archived,
            takes_pull_requests=about.has_pull_requests,
        )

    def _token(self) -> Known[Token]:
        try:
            login = GitHubForge(self._client).login
        except ForgeError as error:
            return Unknown(str(error))
        return token_of(self._place, login)

    def _allowed(self) -> Known[str]:
        found = self._ask(f"{self._path}/actions/permissions", Allowed, ADMIN)
        match found:
            case Allowed():
                return found.allowed_actions if found.enabled else "none"
            case _:
                return _unknown(found)

    def _policy(self, path: str) -> Known[Policy]:
        found = self._ask(path, WorkflowPolicy, ADMIN)
        if not isinstance(found, WorkflowPolicy):
            return _unknown(found)
        return Policy(found.default_workflow_permissions, found.can_approve_pull_request_reviews)

    def _rules(self, branch: str) -> Known[tuple[str, ...]]:
        path = f"{self._path}/rules/branches/{quote(branch, safe='')}"
        try:
            rules = list(self._client.pages(Request("GET", path), Rule))
        except ForgeError as error:
            return Unknown(_short(error, "it needs the permission Metadata: read"))
        return tuple(dict.fromkeys(rule.type for rule in rules))

    def _default_rules(self, branch: str) -> Known[tuple[str, ...]]:
        """Give the rules of the default branch, those of the older kind of protection among them."""
        rules = self._rules(branch)
        path = f"{self._path}/branches/{quote(branch, safe='')}"
        found = self._ask(path, BranchAnswer, "it needs the permission Contents: read")
        if isinstance(rules, Unknown) or not isinstance(found, BranchAnswer):
            return rules
        checks = found.protection.required_status_checks.contexts if found.protection else ()
        older = [*([CLASSIC] if found.protected and not rules else []), *(["required_status_checks"] if checks else [])]
        return tuple(dict.fromkeys([*rules, *older]))

    def _environment(self, name: str) -> Known[Environment | None]:
        path = f"{self._path}/environments/{name}"
        found = self._ask(path, EnvironmentAnswer, "it needs the permission Actions: read")
        if isinstance(found, Missing):
            return None
        if isinstance(found, Unknown):
            return found
        policy = found.deployment_branch_policy
        branches: Known[tuple[str, ...] | None] = None
        if policy and policy.custom_branch_policies:
            branches = self._branches(f"{path}/deployment-branch-policies")
        if isinstance(branches, Unknown):
            return branches
        asked = sum(len(rule.reviewers) for rule in found.protection_rules if rule.type == "required_reviewers")
        only_protected = bool(policy and policy.protected_branches)
        return Environment(branches, only_protected, asked, self._names(f"{path}/secrets"))

    def _branches(self, path: str) -> Known[tuple[str, ...] | None]:
        found = self._list(path, Branches, "it needs the permission Actions: read")
        if not isinstance(found, list):
            return _unknown(found)
        return tuple(one.name for page in found for one in page.branch_policies)

    def _names(self, path: str) -> Known[tuple[str, ...]]:
        found = self._list(path, Secrets, ENVIRONMENTS if "/environments/" in path else SECRETS)
        return tuple(one.name for page in found for one in page.secrets) if isinstance(found, list) else _unknown(found)

    def _shared_secrets(self, *, of_organisation: bool) -> Known[tuple[str, ...]]:
        """Give the secrets that every workflow can read: the repository's, and those that its organisation lends it."""
        own = self._names(f"{self._path}/actions/secrets")
        lent = self._names(f"{self._path}/actions/organization-secrets") if of_organisation else ()
        if isinstance(own, Unknown) or isinstance(lent, Unknown):
            return own if isinstance(own, Unknown) else lent
        return (*own, *lent)

    def _has_variable(self, name: str, *, of_organisation: bool) -> Known[bool]:
        found = self._ask(f"{self._path}/actions/variables/{name}", Named, VARIABLES)
        if isinstance(found, Unknown):
            return found
        if isinstance(found, Named) or not of_organisation:
            return isinstance(found, Named)
        lent = self._list(f"{self._path}/actions/organization-variables", Variables, VARIABLES)
        if not isinstance(lent, list):
            return _unknown(lent)
        return name in {one.name for page in lent for one in page.variables}

    def _ask(self, path: str, kind: type[T], needs: str) -> T | Missing | Unknown:
        return _told(lambda: self._client.ask(Request("GET", path)).read(kind), needs)

    def _list(self, path: str, kind: type[T], needs: str) -> list[T] | Missing | Unknown:
        """Give all pages: GitHub gives no more than 100 of anything at once, and of variables no more than 30."""
        return _told(lambda: list(self._client.parts(Request("GET", path), kind)), needs)


def _told(ask: Callable[[], T], needs: str) -> T | Missing | Unknown:
    try:
        return ask()
    except Refused as refusal:
        return Missing() if refusal.status == 404 else Unknown(_short(refusal, needs))
    except ForgeError as error:
        return Unknown(str(error))


def may_push(rights: Rights | None, token: Known[Token]) -> Known[bool]:
    """Say whether the token may push: GitHub tells what its owner may, and of some tokens that is all they may do."""
    if rights is None or isinstance(token, Unknown) or token.kind in {"workflow", "app"}:
        return Unknown("GitHub does not say what this token may do; a push shows it: add --probe")
    if rights.push and token.kind == "fine-grained":
        return Unknown("its owner may push; whether this token may, only a push shows: add --probe")
    return rights.push


def _unknown(found: Missing | Unknown) -> Unknown:
    return found if isinstance(found, Unknown) else Unknown(f"GitHub does not show it to this token; {ADMIN}")


def _short(error: ForgeError, needs: str) -> str:
    """Say why it is not told: permissions by what is missing, everything else in GitHub's words."""
    is_denied = isinstance(error, Refused) and error.status in {403, 404}
    return f"GitHub does not show it to this token; {needs}" if is_denied else str(error)
