"""What setting up did, and the next things to type, as lines."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolbuilder.setting_up.deciding import PROPOSED, Outcome
from toolbuilder.setting_up.plan import Plan
from toolbuilder.setting_up.record import PATH

_SAID: Mapping[Outcome, str] = {
    "new": "{path}: written",
    "renewed": "{path}: renewed",
    "merged": "{path}: what is new is merged with what stood there",
    "yours": "{path}: yours, left as it is",
    "gone": "{path}: was deleted here, and stays so",
    "outdated": "{path}: a newer one is there; type `toolbuilder init --update`",
    "surplus": "{path}: no longer needed; delete it",
    "conflict": f"{{path}}: differs, left as it is; take over what you want from {{path}}{PROPOSED}, then delete that",
}


def report(root: Path, made: Plan, notes: Sequence[str], git: str) -> list[str]:
    """Tell what became of each file, what to mind, and what to type next; `git` is how git is called from here."""
    lines = [_SAID[one.outcome].format(path=one.path) for one in made.changes if one.outcome in _SAID]
    changed = any(one.content is not None for one in made.changes)
    return [
        f"{root} is set up for toolbuilder" if changed else f"{root} is set up for toolbuilder; nothing was to be done",
        *(f"  {line}" for line in lines),
        *(f"  mind: {note}" for note in notes),
        *(_next(made, git) if changed else []),
    ]


def _next(made: Plan, git: str) -> list[str]:
    paths = [change.path for change in made.changes if change.content is not None and change.outcome != "conflict"]
    return [
        "Next:",
        f"  {git} add {shlex.join([*paths, PATH])} && {git} commit -m 'Set up toolbuilder'",
        "  toolbuilder doctor     # says what is still to be set on GitHub, and where",
        f"  {git} push               # builds what is new; `toolbuilder run` builds it here",
    ]
