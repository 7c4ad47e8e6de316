"""What GitHub answers about the settings of a repository where everything is right, by path."""

from typing import Any

REPOSITORY = "/repos/o/r"
ENVIRONMENT = {
    "id": 1,
    "node_id": "E_1",
    "name": "toolbuilder",
    "url": "https://api.github.com/repos/o/r/environments/toolbuilder",
    "html_url": "https://github.com/o/r/deployments/activity_log?environments_filter=toolbuilder",
    "created_at": "2026-11-22T10:00:00Z",
    "updated_at": "2026-11-22T10:00:00Z",
    "protection_rules": [{"id": 2, "node_id": "G_2", "type": "branch_policy"}],
    "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
}


def secrets(*names: str) -> dict[str, Any]:
    """Give a list of secrets, which never holds a value."""
    times = {"created_at": "2026-11-22T10:00:00Z", "updated_at": "2026-11-22T10:00:00Z"}
    return {"total_count": len(names), "secrets": [{"name": name, **times} for name in names]}


def variables(*names: str) -> dict[str, Any]:
    """Give a list of variables."""
    times = {"created_at": "2026-11-22T10:00:00Z", "updated_at": "2026-11-22T10:00:00Z"}
    return {"total_count": len(names), "variables": [{"name": name, "value": "1", **times} for name in names]}


def branches(*names: str) -> dict[str, Any]:
    """Give the branches that an environment is open to."""
    return {
        "total_count": len(names),
        "branch_policies": [{"id": 1, "node_id": "B_1", "name": name, "type": "branch"} for name in names],
    }


def right() -> dict[str, Any]:
    """Give the answers."""
    answers: dict[str, Any] = {
        "": {
            "id": 1,
            "full_name": "o/r",
            "default_branch": "main",
            "private": False,
            "owner": {"login": "o", "type": "Organization"},
            "permissions": {"admin": True, "push": True, "pull": True},
        },
        "/actions/permissions": {"enabled": True, "allowed_actions": "all"},
        "/actions/permissions/workflow": {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": True,
        },
        "/rules/branches/toolbuilder/any-tool": [],
        "/rules/branches/main": [
            {"type": "pull_request", "ruleset_source_type": "Repository", "ruleset_source": "o/r", "ruleset_id": 1},
            {"type": "deletion", "ruleset_source_type": "Repository", "ruleset_source": "o/r", "ruleset_id": 1},
            {"type": "pull_request", "ruleset_source_type": "Organization", "ruleset_source": "o", "ruleset_id": 2},
        ],
        "/branches/main": {"name": "main", "protected": True},
        "/actions/secrets": secrets("OTHER"),
        "/actions/organization-secrets": secrets("LENT"),
        "/actions/variables/TOOLBUILDER_APP_CLIENT_ID": {
            "name": "TOOLBUILDER_APP_CLIENT_ID",
            "value": "Iv1.0",
            "created_at": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:00:00Z",
        },
    }
    for name, secret in (("toolbuilder", "ANTHROPIC_API_KEY"), ("toolbuilder-publish", "TOOLBUILDER_APP_PRIVATE_KEY")):
        answers[f"/environments/{name}"] = {**ENVIRONMENT, "name": name}
        answers[f"/environments/{name}/deployment-branch-policies"] = branches("main")
        answers[f"/environments/{name}/secrets"] = secrets(secret)
    return {f"{REPOSITORY}{path}": answer for path, answer in answers.items()}
