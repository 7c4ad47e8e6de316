"""A comment as a command: its first line decides, what follows may be feedback, and nothing else of it counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from toolbuilder.artifacts import Wish
from toolbuilder.stages import STAGES
from toolbuilder.yaml_files.broken import near_miss

PREFIX = "/toolbuilder"
LONGEST = 2_000  # characters of feedback, as a stage's key takes them
STAGE_NAMES = tuple(stage.name for stage in STAGES)
WRITES_CODE = "generation"

COMMANDS = {
    "rerun": "`/toolbuilder rerun STAGE [FEEDBACK]` runs a stage again, and whatever depends on what it gives; "
    "feedback, also over several lines, is what the stage is to do differently",
    "regenerate": "`/toolbuilder regenerate [FEEDBACK]` writes the code again: the same as `rerun generation`",
    "status": "`/toolbuilder status` says what is done and what comes next",
    "explain": "`/toolbuilder explain` says why the build stopped, and what to change",
    "help": "`/toolbuilder help` shows this",
}
_TAKES_FEEDBACK = frozenset({"rerun", "regenerate"})
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Asked:
    """A command that was understood; a stage where something is to run again, with what is to be done differently."""

    command: str
    stage: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Misunderstood:
    """A comment that is meant for toolbuilder but is no command; `why` never repeats what was written."""

    why: str


def asked_of(body: str) -> Asked | Misunderstood | None:
    """Read a comment; None where it is not meant for toolbuilder."""
    first, *lines = _LINE_END.split(body)
    prefix, *words = first.split(maxsplit=2) or [""]
    if not first.startswith("/") or prefix.lower() != PREFIX:
        return None
    command = words[0].lower() if words else ""
    if command not in COMMANDS:
        return Misunderstood(f"there is no such command{near_miss(command, COMMANDS)}")
    said = words[1] if len(words) > 1 else ""
    if command in _TAKES_FEEDBACK:
        return _with_feedback(command, said, lines)
    return Misunderstood(f"`{command}` takes nothing more on its line") if said else Asked(command)


def _with_feedback(command: str, said: str, lines: Sequence[str]) -> Asked | Misunderstood:
    stage, rest = WRITES_CODE, said
    if command == "rerun":
        stage, rest = [*said.split(maxsplit=1), "", ""][:2]
        stage = stage.lower()
        if stage not in STAGE_NAMES:
            stages = ", ".join(STAGE_NAMES)
            return Misunderstood(f"`rerun` is followed by a stage ({stages}){near_miss(stage, STAGE_NAMES)}")
    if any(line.lower().startswith(PREFIX) for line in lines):
        return Misunderstood("a comment holds one command, on its first line")
    feedback = "\n".join([rest, *lines]).strip()
    if len(feedback) > LONGEST:
        return Misunderstood(f"feedback has at most {LONGEST:,} characters, this has {len(feedback):,}")
    if not _is_prose(feedback):
        return Misunderstood("feedback is text, without control characters")
    return Asked(command, stage, feedback)


def _is_prose(feedback: str) -> bool:
    """Tell whether a build would take the feedback: what it refuses is said here, before anything is started."""
    try:
        return not feedback or bool(Wish(stage=WRITES_CODE, text=feedback))
    except ValidationError:
        return False
