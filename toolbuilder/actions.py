"""What a run says to GitHub Actions: annotations, the job summary, and otherwise no commands at all."""

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, BinaryIO, TextIO

from toolbuilder.events import Event, Listener
from toolbuilder.telling.annotations import Annotation, annotation_lines, harmless

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LARGEST_SUMMARY = 1_000_000  # bytes a step; GitHub refuses all of one beyond 1 MiB


def in_actions() -> bool:
    """Say whether a runner of GitHub Actions reads the output."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def folder() -> Path:
    """Give the folder that paths in annotations are relative to."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())


def annotate(annotations: Iterable[Annotation]) -> None:
    """Put annotations on a run of GitHub Actions; elsewhere nothing is printed."""
    if not in_actions():
        return
    text = "".join(f"{line}\n" for line in annotation_lines(annotations))
    if sys.__stderr__ and text:
        with suppress(OSError):  # nobody reads it any more: what failed is told all the same
            sys.__stderr__.buffer.write(text.encode(errors="replace"))
            sys.__stderr__.flush()


def summarize(text: str) -> bool:
    """Add Markdown to the job summary; say whether there is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not in_actions() or not path:
        return False
    with Path(path).open("ab") as file:
        left = LARGEST_SUMMARY - file.tell()
        content = f"{text}\n".encode(errors="replace")
        file.write(content if len(content) <= left else content[: max(left, 0)].rpartition(b"\n")[0])
    return True


@contextmanager
def output_without_commands() -> Iterator[None]:
    """Let nothing that this process prints command the runner; only `annotate` does.

    What goes into a file is left as it is: `toolbuilder plan --matrix >> "$GITHUB_OUTPUT"` is exact.
    """
    if not in_actions():
        yield
        return
    before = out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream if _is_file(stream) else quiet(_raw(stream)) for stream in before)
    ours = [stream.buffer for stream in (sys.stdout, sys.stderr) if isinstance(stream.buffer, _Quiet)]
    try:
        yield
    finally:
        sys.stdout = out if sys.stdout else sys.stdout  # nobody reads it any more where it is None
        sys.stderr = err
        for stream in ours:
            with suppress(OSError):
                stream.finish()


def quiet(stream: BinaryIO) -> io.TextIOWrapper:
    """Give a text stream whose lines are no commands."""
    return io.TextIOWrapper(_Quiet(stream), "utf-8", "replace", write_through=True)


@dataclass
class Moments:
    """A listener that remembers when things happened; safe to call from any thread."""

    show: Listener
    clock: Callable[[], float] = time.monotonic
    seen: list[tuple[float, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def tell(self, event: Event) -> None:
        """Take an event down, seconds after the beginning, and pass it on."""
        self.seen.append((self.clock() - self.began, event))
        self.show(event)

    @property
    def seconds(self) -> float:
        """The time since the beginning."""
        return self.clock() - self.began


class _Quiet(io.BufferedIOBase):
    """Passes lines on once they are whole, none of them as a command."""

    name = "lines without commands"

    def __init__(self, inner: BinaryIO):
        self._inner = inner
        self._line = b""
        self._lock = threading.Lock()

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        with self._lock:
            lines = (self._line + bytes(data)).splitlines(keepends=True)
            self._line = lines.pop() if lines and not lines[-1].endswith((b"\n", b"\r")) else b""
            self._inner.write(b"".join(map(_harmless, lines)))
        return len(bytes(data))

    def flush(self) -> None:
        self._inner.flush()

    def finish(self) -> None:
        """Pass on the line that was never ended."""
        self._inner.write(_harmless(self._line))
        self._line = b""
        self._inner.flush()


def _harmless(line: bytes) -> bytes:
    return harmless(line.decode(errors="surrogateescape")).encode(errors="surrogateescape")


def _is_file(stream: TextIO) -> bool:
    try:
        return S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # no file descriptor at all
        return False


def _raw(stream: TextIO) -> BinaryIO:
    return stream.buffer
