"""Which command each job runs, with which words, and which secrets it can see: toolbuilder itself is a stand-in here."""

import json
from typing import Any

import pytest

from tests.actions.hub import BRANCH, Hub
from tests.actions.scene import DISPATCH

pytestmark = pytest.mark.slow

KEY, APP_KEY, APP_TOKEN = "key-of-the-model", "key-of-the-app", "token-of-the-app"
NASTY = 'it\'s "so"; $(touch x) `id` ${{ github.token }}\nand --more'
VERIFIED = '{"a":"1"}'
STAND_IN = """#!/usr/bin/env python3
import json, os, sys
names = {name: value for name, value in os.environ.items() if value in KNOWN and not name.endswith("_STUB")}
with open(SEEN, "a") as seen:
    print(json.dumps({"command": sys.argv[1:], "secrets": sorted(set(names.values()))}), file=seen)
if sys.argv[1] == "plan":
    print("build=" + json.dumps({"include": [{"tool": tool, "from": ""} for tool in TOOLS]}))
    print(f"builds={len(TOOLS)}")
    print("finish=" + json.dumps(TOOLS))
if sys.argv[1] == "verify":
    print('verified={"a":"1"}')
sys.exit(sys.argv[1] in FAILING)
"""


def calls(
    hub: Hub, tools: list[str], *failing: str, event: str = "workflow_dispatch", **inputs: str
) -> list[dict[str, Any]]:
    """Give what was run instead of toolbuilder, versions aside."""
    seen, stand_in = hub.folder / "seen", hub.folder / "bin/toolbuilder"
    stand_in.parent.mkdir()
    known = [hub.host.token, KEY, APP_KEY, APP_TOKEN]
    text = STAND_IN.replace("KNOWN", repr(known)).replace("SEEN", repr(str(seen)))
    stand_in.write_text(text.replace("TOOLS", repr(tools)).replace("FAILING", repr(failing)))
    stand_in.chmod(0o755)
    payload = {"inputs": DISPATCH | inputs} if event == "workflow_dispatch" else {"ref": f"refs/heads/{BRANCH}"}
    hub.run(event, **payload)
    found = [json.loads(line) for line in seen.read_text().splitlines()]
    return [one for one in found if one["command"] != ["--version"]]


def commands(found: list[dict[str, Any]]) -> list[list[str]]:
    return [one["command"] for one in found]


def test_a_push_asks_for_nothing_in_particular(fresh_hub: Hub) -> None:
    assert commands(calls(fresh_hub, ["a"], event="push")) == [
        ["plan", "--matrix", "--remote", "origin", "--"],
        ["run", "--remote", "origin", "--take-over", "--", "a"],
        ["verify", "--output", "--remote", "origin", "--", "a"],
        ["publish", "--remote", "origin", "--verified", VERIFIED, "--"],
    ]


def test_what_a_person_asks_for_arrives_word_for_word(fresh_hub: Hub) -> None:
    asked = {"tool": "a", "from-stage": "generation", "feedback": NASTY, "engine": "offline", "upgrade": "true"}
    plan, run, _, publish = commands(calls(fresh_hub, ["a"], **asked))
    assert plan == ["plan", "--matrix", "--remote", "origin", "--asked", "--from", "generation", "--upgrade", "--", "a"]
    assert run[3:] == ["--take-over", "--feedback", NASTY, "--engine", "offline", "--upgrade", "--", "a"]
    assert publish[-3:] == ["--asked", "--", "a"]


OPTED_IN = {"TOOLBUILDER_UPGRADE_ON_SCHEDULE": "true"}


def upgrading(hub: Hub, event: str, **variables: str) -> list[str]:
    """Give the commands that an event makes upgrade what is outdated."""
    hub.variables = {**hub.variables, **variables}
    return [command[0] for command in commands(calls(hub, ["a"], event=event)) if "--upgrade" in command]


def test_a_schedule_that_opted_in_upgrades(fresh_hub: Hub) -> None:
    assert upgrading(fresh_hub, "schedule", **OPTED_IN) == ["plan", "run"]


@pytest.mark.parametrize(
    ("event", "variables"),
    [
        ("push", OPTED_IN),
        ("workflow_dispatch", OPTED_IN),
        ("schedule", {}),
        ("schedule", dict.fromkeys(OPTED_IN, "false")),
    ],
    ids=["a push", "a dispatch", "not opted in", "opted out"],
)
def test_nothing_else_upgrades_of_itself(fresh_hub: Hub, event: str, variables: dict[str, str]) -> None:
    assert upgrading(fresh_hub, event, **variables) == []


def test_a_schedule_that_upgrades_unasked_is_noticed(fresh_hub: Hub) -> None:
    fresh_hub.sabotage("workflows/toolbuilder.yml", " && vars.TOOLBUILDER_UPGRADE_ON_SCHEDULE == 'true'", "")
    assert upgrading(fresh_hub, "schedule") == ["plan", "run"]


def secrets_seen(hub: Hub) -> dict[str, list[str]]:
    hub.secrets = {"ANTHROPIC_API_KEY": KEY, "TOOLBUILDER_APP_PRIVATE_KEY": APP_KEY}
    return {one["command"][0]: one["secrets"] for one in calls(hub, ["a"], event="push")}


def test_only_the_build_sees_the_key_of_the_model(fresh_hub: Hub) -> None:
    token = fresh_hub.host.token
    assert secrets_seen(fresh_hub) == {"plan": [token], "run": [KEY, token], "verify": [token], "publish": [token]}


def test_where_there_is_an_app_only_publishing_is_done_in_its_name(fresh_hub: Hub) -> None:
    fresh_hub.variables = {**fresh_hub.variables, "TOOLBUILDER_APP_CLIENT_ID": "Iv1.0"}
    fresh_hub.settings = {"APP_TOKEN_OF_THE_STUB": APP_TOKEN}
    token = fresh_hub.host.token
    seen = secrets_seen(fresh_hub)
    assert seen == {"plan": [token], "run": [KEY, token], "verify": [token], "publish": [APP_TOKEN]}


def test_a_key_that_another_job_sees_is_noticed(fresh_hub: Hub) -> None:
    finish = "FINISH: ${{ needs.plan.outputs.finish }}"
    fresh_hub.sabotage(
        "workflows/toolbuilder.yml", finish, f"{finish}\n          KEY: ${{{{ secrets.ANTHROPIC_API_KEY }}}}"
    )
    assert secrets_seen(fresh_hub)["verify"] == [KEY, fresh_hub.host.token]


@pytest.mark.parametrize("failing", ["run", "verify"])
def test_what_fails_does_not_keep_the_rest_from_being_published(fresh_hub: Hub, failing: str) -> None:
    found = commands(calls(fresh_hub, ["a", "b"], failing, event="push"))
    assert [command[0] for command in found] == ["plan", "run", "run", "verify", "publish"]
    assert VERIFIED in found[-1]


def test_where_nothing_is_due_nothing_is_built_or_verified(fresh_hub: Hub) -> None:
    assert [command[0] for command in commands(calls(fresh_hub, [], event="push"))] == ["plan", "publish"]


def test_a_job_of_several_tools_takes_none_of_them_over(fresh_hub: Hub) -> None:
    _, run, *_ = commands(calls(fresh_hub, ["a b"], event="push"))
    assert run == ["run", "--remote", "origin", "--", "a", "b"]
