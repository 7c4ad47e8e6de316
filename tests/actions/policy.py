"""What no workflow here may do: rules that linters do not know, each giving its findings in sentences."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.actions.workflows import Job, Workflow

# Read from the tags of the actions' own repositories. An update is a change here too: two pairs of eyes, or none.
PINNED = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0",
    "actions/create-github-app-token": "1b10c78c7865c340bc4f6099eb2f838309f1e8c3 # v3.1.1",
}
OWN = re.compile(r"\$/\.github/(actions/[a-z-]+|workflows/[a-z-]+\.yml)")  # this repository, at the running commit
WRITES = {
    ("toolbuilder.yml", "build"): {"contents"},
    ("toolbuilder.yml", "publish"): {"contents", "pull-requests"},
    ("command.yml", "answer"): {"actions", "pull-requests"},
}
SECRETS = {
    ("toolbuilder.yml", "build"): ("toolbuilder", {"ANTHROPIC_API_KEY", "TOOLBUILDER_SIGNING_KEY"}),
    ("toolbuilder.yml", "publish"): ("toolbuilder-publish", {"TOOLBUILDER_APP_PRIVATE_KEY", "TOOLBUILDER_SIGNING_KEY"}),
}
OF_A_PULL_REQUEST = {"preview.yml", "ci.yml"}  # they look at what is proposed; the others at the default branch
CHECKOUT = "actions/checkout@"


def unpinned(workflow: Workflow) -> list[str]:
    """Every action is one that was looked at, by its commit, or this repository's own."""
    return [
        f"{used} is not pinned to a commit that was looked at"
        for used in workflow.uses()
        if not OWN.fullmatch(used) and PINNED.get(used.partition("@")[0]) != used.partition("@")[2]
    ]


def over_permitted(workflow: Workflow) -> list[str]:
    """A job has the permissions that it names, and writes nothing but what the table above allows it."""
    found = [] if workflow.body.get("permissions") == {} else ["`permissions: {}` does not stand at the top"]
    for job in workflow.jobs:
        allowed = WRITES.get((workflow.name, job.name), set())
        match job.body.get("permissions"):
            case dict() as granted:
                more = {scope for scope, level in granted.items() if level != "read"} - allowed
                found += [f"{job.name} may write {scope}" for scope in sorted(more)]
            case other:
                found += [f"{job.name} does not name its permissions: {other}"]
    return found


def interpolated(workflow: Workflow) -> list[str]:
    """Nothing from outside becomes a part of a script: it comes as a variable."""
    return [
        f"{job.name}: an expression stands in a script"
        for job, step in _steps(workflow)
        if "${{" in step.get("run", "")
    ]


def careless_checkouts(workflow: Workflow) -> list[str]:
    """A checkout leaves no credential behind, and takes the default branch by name, whatever commit the run is of."""
    found = []
    for job, step in _steps(workflow):
        if not step.get("uses", "").startswith(CHECKOUT):
            continue
        given = step.get("with", {})
        if given.get("persist-credentials") is not False:
            found.append(f"{job.name}: the checkout leaves its credentials")
        if workflow.name not in OF_A_PULL_REQUEST and "default_branch" not in given.get("ref", ""):
            found.append(f"{job.name}: the checkout does not name the default branch")
    return found


def indiscreet(workflow: Workflow) -> list[str]:
    """A secret is read by the job that needs it, from an environment, and no token is an argument of a command."""
    found = []
    for job in workflow.jobs:
        environment, allowed = SECRETS.get((workflow.name, job.name), ("", set()))
        read = set(re.findall(r"secrets\.(\w+)", json.dumps(job.body)))
        found += [f"{job.name} reads the secret {name}" for name in sorted(read - allowed)]
        if read and job.body.get("environment", {}).get("name") != environment:
            found.append(f"{job.name} reads a secret outside the environment {environment}")
        found += [f"{job.name}: a token in a script" for step in job.steps if "TOKEN" in step.get("run", "")]
    return found


def unending(workflow: Workflow) -> list[str]:
    """Every job ends, and what must not run twice at once waits for its turn rather than being dropped."""
    found = [f"{job.name} may run for ever" for job in workflow.jobs if "timeout-minutes" not in job.body]
    for job in workflow.jobs:
        writes = (workflow.name, job.name) in WRITES
        if writes and job.body.get("concurrency", {}).get("queue") != "max":
            found.append(f"{job.name} writes, and does not queue")
    return found


def deaf(workflow: Workflow) -> list[str]:
    """toolbuilder takes the place of the shell, so that the interrupt of a cancelled run reaches it."""
    return [
        f"{job.name}: a shell stands before toolbuilder"
        for job, step in _steps(workflow)
        if "toolbuilder" in (run := step.get("run", ""))
        and not run.strip().splitlines()[-1].lstrip().startswith("exec ")
    ]


def at_odds(workflow: Workflow) -> list[str]:
    """Who calls the workflow can ask for what who starts it can."""
    events: Mapping[str, Any] = workflow.body["on"]
    if not {"workflow_call", "workflow_dispatch"} <= {*events}:
        return []
    called, started = ({*(events[name] or {}).get("inputs", {})} for name in ("workflow_call", "workflow_dispatch"))
    return [f"`{name}` can be asked for in one way only" for name in sorted(called ^ started)]


OF_WORKFLOWS: tuple[Callable[[Workflow], list[str]], ...] = (
    unpinned,
    over_permitted,
    interpolated,
    careless_checkouts,
    indiscreet,
    unending,
    deaf,
    at_odds,
)
OF_ACTIONS = (unpinned, interpolated, indiscreet)


def _steps(workflow: Workflow) -> list[tuple[Job, Mapping[str, Any]]]:
    return [(job, step) for job in workflow.jobs for step in job.steps]
