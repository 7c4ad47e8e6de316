"""Where on GitHub each thing is set: the page, or the command that does the same."""

from toolbuilder.doctor.facts import Hub


def settings_page(hub: Hub) -> str:
    """Give the page on what the repository is and has."""
    return f"{hub.web}/{hub.repository}/settings"


def actions_page(hub: Hub) -> str:
    """Give the page on what workflows may do."""
    return f"{hub.web}/{hub.repository}/settings/actions"


def organisation_page(hub: Hub) -> str:
    """Give the page on what workflows of the organisation's repositories may do."""
    return f"{hub.web}/organizations/{hub.owner}/settings/actions"


def rules_page(hub: Hub) -> str:
    """Give the page of the rules for branches."""
    return f"{hub.web}/{hub.repository}/settings/rules"


def environments_page(hub: Hub) -> str:
    """Give the page of the environments."""
    return f"{hub.web}/{hub.repository}/settings/environments"


def limit_environment(hub: Hub, name: str) -> str:
    """Give the commands that make an environment, and open it to the default branch only."""
    place = f"repos/{hub.repository}/environments/{name}"
    policy = "deployment_branch_policy"
    return (
        f"gh api -X PUT {place} -F '{policy}[protected_branches]=false' -F '{policy}[custom_branch_policies]=true' && "
        f"gh api -X POST {place}/deployment-branch-policies -f name={hub.default_branch} "
        f"(or {environments_page(hub)}, Deployment branches and tags)"
    )


def set_secret(hub: Hub, secret: str, environment: str) -> str:
    """Give the command that asks for a secret's value, and puts it into an environment."""
    return f"gh secret set {secret} --env {environment} --repo {hub.repository}"
