"""A place where everything is right, and what goes wrong in it."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from toolbuilder.doctor.facts import (
    Engine,
    Environment,
    Hub,
    Machine,
    Policy,
    Remote,
    Signing,
    Surroundings,
    Token,
    Tree,
    Unknown,
)

ENVIRONMENT = Environment(("main",), protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",))
RIGHT = Surroundings(
    Machine((2, 47, 1), (2, 38), (3, 13, 1), "bubblewrap", 50 << 30),
    Engine("auto", ("offline", "small", "large"), "anthropic", has_key=True, address="https://a.example", answers=True),
    Tree(
        has_commit=True,
        is_shallow=False,
        settings="",
        specs={"specs/a.yaml": ""},
        has_workflow=True,
        set_up="0.1.0",
        outdated=(),
        unsettled=(),
    ),
    Remote("origin", refs=7, failure="", takes_refs="", journal_refs="refs"),
    Hub(
        repository="o/r",
        web="https://github.com",
        owner="o",
        default_branch="main",
        token=Token("app", "builder[bot]", None),
        may_push=True,
        allowed="all",
        policy=Policy("read", may_propose=True),
        organisation=Policy("read", may_propose=True),
        tool_rules=(),
        default_rules=("pull_request",),
        building=ENVIRONMENT,
        publishing=replace(ENVIRONMENT, secrets=("TOOLBUILDER_APP_PRIVATE_KEY",)),
        secrets=(),
        has_app=True,
    ),
    Signing(wanted=False, author="Ada <ada@a.example>"),
)
Change = Callable[[Surroundings], Surroundings]


def with_(part: str, **changes: Any) -> Change:
    """Give the change of some facts about a part of the surroundings."""
    return lambda found: replace(found, **{part: replace(getattr(found, part), **changes)})


def without(part: str) -> Change:
    """Give the change by which nothing is known of a part."""
    unknown: dict[str, Any] = {part: Unknown("nobody knows")}
    return lambda found: replace(found, **unknown)


def unknowns() -> list[tuple[str, str]]:
    """Give every fact that may be unknown, as part and name."""
    parts = {field.name: getattr(RIGHT, field.name) for field in fields(RIGHT)}
    inside = [(part, field) for part, value in parts.items() for field in fields(value)]
    return [(part, field.name) for part, field in inside if "Unknown" in str(field.type)]
