from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import SecretStr

from tests.doctor.situations import RIGHT
from tests.forge.github_server import Served, serving
from tests.forge.github_world import Fault, World
from tests.forge.settings_answers import ENVIRONMENT, REPOSITORY, branches, right, secrets, variables
from tests.sabotage import assert_guarded
from toolbuilder.adapters.github import inspection
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.inspection import Inspection, may_push
from toolbuilder.adapters.github.place import Place
from toolbuilder.adapters.github.settings_answers import Rights
from toolbuilder.adapters.github.token_kind import token_of
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.doctor.examine import examine
from toolbuilder.doctor.facts import Environment, Hub, Policy, Token, TokenKind, Unknown
from toolbuilder.errors import ForgeError

SECRET = "ghs_0123456789abcdefghij"  # noqa: S105  (nobody's)
MANY = tuple(f"NAME_{number}" for number in range(250))
NO_APP = {"/actions/variables/TOOLBUILDER_APP_CLIENT_ID": None}
OF_A_PERSON = {"default_branch": "trunk", "owner": {"login": "ada", "type": "User"}}
TOKENS = {
    "ghs_1": "app",
    "ghu_1": "app",
    "gho_1": "oauth",
    "ghp_1": "classic",
    "github_pat_1": "fine-grained",
    "0123456789abcdef0123456789abcdef01234567": "other",
}


@dataclass
class GitHub:
    """A repository's settings, and who asks for them with the token of an App; making a client is what takes time."""

    served: Served
    client: Client

    def hub(self, changes: Mapping[str, Any] | None = None) -> Hub:
        """Give what is found where everything is right, but for some answers; None takes one away."""
        answers = {**right(), **{f"{REPOSITORY}{path}": answer for path, answer in (changes or {}).items()}}
        fixed = {path: answer for path, answer in answers.items() if answer is not None}
        self.served.world = World(me="builder[bot]", fixed=fixed, faults=self.served.world.faults)
        return Inspection(self.client).hub()


@pytest.fixture(scope="module")
def shared() -> Iterator[GitHub]:
    with serving(World()) as served:
        client = Client(Place("o/r", SecretStr(SECRET), served.url), Patience(attempts=1, waiting=0))
        yield GitHub(served, client)
        client.close()


@pytest.fixture
def github(shared: GitHub) -> GitHub:
    shared.served.requests.clear()
    shared.served.world.faults.clear()
    return shared


def test_everything_is_asked_and_nothing_is_changed(github: GitHub) -> None:
    found = github.hub()
    assert {request["method"] for request in github.served.requests if request["path"] != "/graphql"} == {"GET"}
    assert found == Hub(
        repository="o/r",
        web=github.served.url,
        owner="o",
        default_branch="main",
        token=Token("app", "builder[bot]", None),
        may_push=Unknown("GitHub does not say what this token may do; a push shows it: add --probe"),
        allowed="all",
        policy=Policy("read", may_propose=True),
        organisation=Policy("read", may_propose=True),
        tool_rules=(),
        default_rules=("pull_request", "deletion"),
        building=Environment(("main",), protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",)),
        publishing=Environment(("main",), protected_only=False, waits_for=0, secrets=("TOOLBUILDER_APP_PRIVATE_KEY",)),
        secrets=("OTHER", "LENT"),
        has_app=True,
    )


@pytest.mark.parametrize(
    ("changes", "part", "value"),
    [
        ({"/actions/permissions": {"enabled": False}}, "allowed", "none"),
        ({"/actions/permissions": {"enabled": True, "allowed_actions": "selected"}}, "allowed", "selected"),
        ({"/actions/permissions/workflow": {"default_workflow_permissions": "write", "can_approve_pull_request_reviews": False}}, "policy", Policy("write", may_propose=False)),
        ({"/rules/branches/toolbuilder/any-tool": [{"type": "required_signatures"}]}, "tool_rules", ("required_signatures",)),
        ({"/rules/branches/main": []}, "default_rules", ("branch protection",)),
        ({"/rules/branches/main": [], "/branches/main": {"protected": False}}, "default_rules", ()),
        ({"/rules/branches/main": [], "/branches/main": {"protected": True, "protection": {"required_status_checks": {"contexts": ["ci"]}}}}, "default_rules", ("branch protection", "required_status_checks")),
        ({"/environments/toolbuilder": None}, "building", None),
        ({"/environments/toolbuilder": {**ENVIRONMENT, "deployment_branch_policy": None}}, "building", Environment(None, protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",))),
        ({"/environments/toolbuilder": {**ENVIRONMENT, "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False}}}, "building", Environment(None, protected_only=True, waits_for=0, secrets=("ANTHROPIC_API_KEY",))),
        ({"/environments/toolbuilder/deployment-branch-policies": branches("main", "*")}, "building", Environment(("main", "*"), protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",))),
        ({"/environments/toolbuilder": {**ENVIRONMENT, "protection_rules": [{"type": "required_reviewers", "reviewers": [{"type": "User"}, {"type": "Team"}]}]}}, "building", Environment(("main",), protected_only=False, waits_for=2, secrets=("ANTHROPIC_API_KEY",))),
        ({"/actions/secrets": secrets("ANTHROPIC_API_KEY")}, "secrets", ("ANTHROPIC_API_KEY", "LENT")),
        ({**NO_APP, "/actions/organization-variables": variables("OTHER")}, "has_app", False),
        ({**NO_APP, "/actions/organization-variables": variables("TOOLBUILDER_APP_CLIENT_ID")}, "has_app", True),
        ({**NO_APP, "/actions/organization-variables": variables(*MANY, "TOOLBUILDER_APP_CLIENT_ID")}, "has_app", True),
        ({"/actions/organization-secrets": secrets(*MANY)}, "secrets", ("OTHER", *MANY)),
        ({"/environments/toolbuilder/deployment-branch-policies": branches(*MANY)}, "building", Environment(MANY, protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",))),
        ({**NO_APP, "": OF_A_PERSON}, "has_app", False),
        ({"": OF_A_PERSON}, "secrets", ("OTHER",)),
        ({"": OF_A_PERSON}, "organisation", None),
        ({"": OF_A_PERSON}, "default_branch", "trunk"),
        ({"": {**OF_A_PERSON, "archived": True}}, "archived", True),
        ({"": {**OF_A_PERSON, "has_pull_requests": False}}, "takes_pull_requests", False),
        ({"": OF_A_PERSON}, "takes_pull_requests", True),
    ],
)  # fmt: skip
def test_each_setting_is_read(github: GitHub, changes: dict[str, Any], part: str, value: object) -> None:
    assert getattr(github.hub(changes), part) == value


@pytest.mark.parametrize(("secret", "kind"), TOKENS.items())
def test_a_token_is_known_by_its_kind(github: GitHub, secret: str, kind: str) -> None:
    assert token_of(Place("o/r", SecretStr(secret), github.served.url), "ada").kind == kind


@pytest.mark.parametrize(
    ("answer", "scopes"),
    [
        ({"headers": {"x-oauth-scopes": "repo, workflow"}}, ("repo", "workflow")),
        ({"headers": {"x-oauth-scopes": ""}}, ()),
        ({}, None),
        ({"status": 301, "headers": {"location": "https://api.example.com/"}}, None),
        ({"status": 0}, None),
    ],
)
def test_the_scopes_of_a_classic_token_are_read_where_they_are_told(
    github: GitHub, answer: dict[str, Any], scopes: tuple[str, ...] | None
) -> None:
    github.served.world.faults.append(Fault(path="/", **{"status": 200, **answer}))
    assert token_of(Place("o/r", SecretStr("ghp_1"), github.served.url), "ada") == Token("classic", "ada", scopes)


def test_the_token_of_a_workflow_is_known_by_whom_it_speaks_as(github: GitHub) -> None:
    assert token_of(github.client.place, "github-actions[bot]") == Token("workflow", "github-actions[bot]", None)
    assert token_of(github.client.place, "github-actions") == Token("workflow", "github-actions", None)


@pytest.mark.parametrize(
    ("kind", "may", "known"),
    [
        ("classic", True, True),
        ("classic", False, True),
        ("oauth", True, True),
        ("fine-grained", False, True),
        ("fine-grained", True, False),
        ("app", True, False),
        ("workflow", False, False),
    ],
)
def test_only_of_some_tokens_the_rights_are_known(kind: TokenKind, *, may: bool, known: bool) -> None:
    found = may_push(Rights(push=may), Token(kind, "ada", None))
    assert found == may if known else isinstance(found, Unknown)
    assert isinstance(may_push(None, Token(kind, "ada", None)), Unknown)


ASKED = [path for path in right() if path != REPOSITORY] + ["/graphql", "/orgs/o/actions/permissions/workflow"]


@pytest.mark.parametrize("status", [403, 500, 0])
def test_what_is_not_told_stays_unknown_and_nothing_else_suffers(github: GitHub, status: int) -> None:
    whole = github.hub()
    for path in ASKED:
        github.served.world.faults.append(Fault(path=path, status=status, body={"message": f"Resource {SECRET}"}))
        found = github.hub()
        missing = {name for name, value in vars(whole).items() if getattr(found, name) != value}
        assert len(missing) == 1 or path.endswith("/branches/main"), path
        assert {finding.level for finding in examine(replace(RIGHT, hub=found))} <= {"ok", "warning", "unknown"}
        assert SECRET not in repr(found)


def test_what_an_organisation_does_not_tell_of_its_variables_stays_unknown(github: GitHub) -> None:
    github.served.world.faults.append(Fault(path=".*/organization-variables", status=403))
    assert github.hub(NO_APP).has_app == Unknown(f"GitHub does not show it to this token; {inspection.VARIABLES}")


def test_one_page_is_not_taken_for_all(github: GitHub) -> None:
    def everything_is_read(part: Any) -> None:
        github.hub({**NO_APP, "/actions/organization-variables": variables(*MANY, "TOOLBUILDER_APP_CLIENT_ID")})
        assert part.Inspection(github.client).hub().has_app is True

    assert_guarded(inspection, (everything_is_read, "for page in lent for one", "for page in lent[:1] for one"))


def test_a_repository_that_is_not_there_is_told(github: GitHub) -> None:
    with pytest.raises(ForgeError, match="GET /repos/o/r"):
        github.hub({"": "no repository"})
