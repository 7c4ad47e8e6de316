"""Shows a build: a live line a tool on a terminal, plain lines elsewhere; nothing else prints while it runs."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from toolbuilder.events import (
    Asked,
    BatchSent,
    Event,
    Joined,
    Listener,
    Raced,
    Rejected,
    StageKept,
    StageLanded,
    StageStarted,
)

NOTHING_TO_TELL = ""


def line_of(event: Event) -> str:
    """Give the line that tells an event, empty for those that only move the live line."""
    line = NOTHING_TO_TELL
    match event:
        case StageKept(tool, stage, note) if note:
            line = f"{tool}: {stage}: {note}"
        case StageLanded(tool, stage, commit, unchanged):
            line = f"{tool}: {stage}: {'same result, no new commit' if unchanged else f'commit {commit[:12]}'}"
        case Rejected(tool, stage, findings):
            line = f"{tool}: {stage}: the gate found {findings}"
        case Raced(tool, stage):
            line = f"{tool}: {stage}: the branch moved meanwhile; reading it again"
        case Joined(tool, commit):
            line = f"{tool}: the default branch joined it: commit {commit[:12]}"
        case BatchSent(questions, batch):
            line = f"batch {batch}: {questions} questions sent; their answers may take a day"
    return line


def doing(event: Event) -> str:
    """Give what the live line says, empty for events that end something."""
    match event:
        case StageStarted(tool, stage, why):
            return f"{tool}: {stage} ({why})"
        case Asked(tool, stage, microtask):
            return f"{tool}: {stage}: {microtask}"
        case _:
            return NOTHING_TO_TELL


@contextmanager
def shown(*, quiet: bool) -> Iterator[Listener]:
    """Give a listener that shows events on standard error until the context ends; safe to call from any thread."""
    if quiet:
        yield lambda _: None
        return
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    lock = threading.Lock()
    with _live(console) as status:

        def tell(event: Event) -> None:
            with lock:
                if line := line_of(event):
                    console.print(line)
                if status and (text := doing(event)):
                    status.update(text)

        yield tell


@contextmanager
def _live(console: Console) -> Iterator[Status | None]:
    if not console.is_terminal or not sys.stderr.isatty():
        yield None
        return
    with console.status("reading the branch") as status:
        yield status
