"""The workflows keep to the rules, and every rule notices the one who does not."""

from dataclasses import replace
from typing import get_args

import pytest

from tests.actions import policy
from tests.actions.workflows import ROOT, Workflow, actions_in, workflows_in
from toolbuilder.settings import Settings
from toolbuilder.stages import STAGES

WORKFLOWS = workflows_in(ROOT)
ACTIONS = actions_in(ROOT)
NAMES = ["ci.yml", "command.yml", "preview.yml", "toolbuilder.yml"]


def findings(workflow: Workflow) -> dict[str, list[str]]:
    rules = policy.OF_ACTIONS if "runs" in workflow.body else policy.OF_WORKFLOWS
    return {rule.__name__: found for rule in rules if (found := rule(workflow))}


def test_the_workflows_and_the_action_are_there() -> None:
    assert [workflow.name for workflow in WORKFLOWS] == NAMES
    assert [action.name for action in ACTIONS] == ["toolbuilder"]


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *ACTIONS], ids=lambda workflow: workflow.name)
def test_a_workflow_keeps_to_every_rule(workflow: Workflow) -> None:
    assert findings(workflow) == {}


@pytest.mark.parametrize("used", sorted({used for one in WORKFLOWS for used in one.uses() if used.startswith("$/")}))
def test_what_a_workflow_uses_of_this_repository_is_there(used: str) -> None:
    place = ROOT / used.removeprefix("$/")
    assert place.is_file() or (place / "action.yml").is_file()


MUTANTS = {
    "a tag": ("unpinned", "toolbuilder.yml", "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7"),
    "another commit": ("unpinned", "ci.yml", "@3d3c42e5", "@3d3c42e6"),
    "another tag said": ("unpinned", "ci.yml", "# v7.0.1", "# v7.0.2"),
    "an action of a stranger": ("unpinned", "preview.yml", "actions/checkout@", "action/checkout@"),
    "the caller's files": ("unpinned", "command.yml", "$/.github/actions", "./.github/actions"),
    "all permissions": ("over_permitted", "toolbuilder.yml", "permissions: {}", "permissions: write-all"),
    "no permissions named": ("over_permitted", "preview.yml", "    permissions:\n", "    env:\n"),
    "a reader that writes": ("over_permitted", "toolbuilder.yml", "pull-requests: read", "pull-requests: write"),
    "an expression in a script": ("interpolated", "toolbuilder.yml", '<<<"$TOOL"', "<<<'${{ inputs.tool }}'"),
    "credentials left": ("careless_checkouts", "ci.yml", "persist-credentials: false", "fetch-tags: false"),
    "credentials kept": ("careless_checkouts", "ci.yml", "persist-credentials: false", "persist-credentials: true"),
    "the commit of the run": (
        "careless_checkouts",
        "toolbuilder.yml",
        "github.event.repository.default_branch || ",
        "",
    ),
    "a secret for the plan": ("indiscreet", "toolbuilder.yml", "github.token", "secrets.ANTHROPIC_API_KEY"),
    "a secret without a door": ("indiscreet", "toolbuilder.yml", "name: toolbuilder #", "name: production #"),
    "a token as an argument": ("indiscreet", "command.yml", "toolbuilder answer", "toolbuilder answer $GITHUB_TOKEN"),
    "no end": ("unending", "preview.yml", "timeout-minutes: 15", "continue-on-error: true"),
    "a pending run that is dropped": ("unending", "toolbuilder.yml", "queue: max", "queue: single"),
    "a shell before toolbuilder": ("deaf", "command.yml", "exec toolbuilder", "toolbuilder"),
    "a question for some only": (
        "at_odds",
        "toolbuilder.yml",
        "      upgrade: { type: boolean, default: false }\n",
        "",
    ),
}


@pytest.mark.parametrize(("rule", "name", "right", "wrong"), MUTANTS.values(), ids=MUTANTS)
def test_a_workflow_that_breaks_a_rule_is_caught(rule: str, name: str, right: str, wrong: str) -> None:
    sound = next(workflow for workflow in WORKFLOWS if workflow.name == name)
    assert right in sound.text
    assert rule in findings(replace(sound, text=sound.text.replace(right, wrong, 1)))


def test_every_rule_has_a_workflow_that_it_catches() -> None:
    assert {rule for rule, *_ in MUTANTS.values()} == {rule.__name__ for rule in policy.OF_WORKFLOWS}


def test_stages_and_engines_that_can_be_asked_for_are_those_that_there_are() -> None:
    inputs = next(one for one in WORKFLOWS if one.name == "toolbuilder.yml").body["on"]["workflow_dispatch"]["inputs"]
    assert inputs["from-stage"]["options"] == ["", *(stage.name for stage in STAGES)]
    assert inputs["engine"]["options"] == ["", *get_args(Settings.model_fields["engine"].annotation)]
