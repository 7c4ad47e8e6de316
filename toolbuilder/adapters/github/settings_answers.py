"""What is read of GitHub's answers about settings; everything else in them is left alone."""

from pydantic import BaseModel, ConfigDict


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Owner(_Answer):
    """Whom a repository belongs to."""

    login: str
    type: str = "User"


class Rights(_Answer):
    """What the token may do."""

    push: bool = False


class About(_Answer):
    """A repository."""

    default_branch: str
    owner: Owner | None = None
    permissions: Rights | None = None
    archived: bool = False
    has_pull_requests: bool = True  # older servers do not say, and have no such setting


class Allowed(_Answer):
    """Which actions may run."""

    enabled: bool
    allowed_actions: str = "all"


class WorkflowPolicy(_Answer):
    """What workflows may do by default."""

    default_workflow_permissions: str
    can_approve_pull_request_reviews: bool


class Rule(_Answer):
    """One rule that holds for a branch."""

    type: str


class Checks(_Answer):
    """Checks that have to pass."""

    contexts: tuple[str, ...] = ()


class BranchProtection(_Answer):
    """How a branch is protected in the older way."""

    required_status_checks: Checks = Checks()


class BranchAnswer(_Answer):
    """A branch."""

    protected: bool = False
    protection: BranchProtection | None = None


class Protection(_Answer):
    """One condition for using an environment."""

    type: str
    reviewers: tuple[object, ...] = ()


class BranchPolicy(_Answer):
    """Which branches may use an environment."""

    protected_branches: bool
    custom_branch_policies: bool


class EnvironmentAnswer(_Answer):
    """An environment."""

    protection_rules: tuple[Protection, ...] = ()
    deployment_branch_policy: BranchPolicy | None = None


class Named(_Answer):
    """Something with a name."""

    name: str


class Branches(_Answer):
    """Patterns of branches."""

    branch_policies: tuple[Named, ...]


class Secrets(_Answer):
    """Secrets, by their names."""

    secrets: tuple[Named, ...]


class Variables(_Answer):
    """Variables, by their names."""

    variables: tuple[Named, ...]
