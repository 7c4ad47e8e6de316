"""How this process ends: whoever tells it to is heard as an interrupt is, and no temporary folder is left behind."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_ATTEMPTS = 100  # a thread that nobody waits for may still be writing; without its folder it soon cannot


@contextmanager
def tidy_end() -> Iterator[None]:
    """Make a request to end an interrupt, and keep all temporary folders in one that goes when the block ends.

    Only a kill leaves it, and then just this one. The process is to end with the block: a thread that nobody waits for
    finds no place for another folder afterwards.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, interrupted)
    try:
        folder = Path(tempfile.mkdtemp(prefix="toolbuilder-"))
    except OSError:  # whoever needs one will say so
        yield
        return
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        for _ in range(_ATTEMPTS):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break


def interrupted(_number: int, frame: FrameType | None) -> None:
    """Do what an interrupt does now: what is bought is stored, and the tool let go of."""
    if isinstance(sys.exception(), KeyboardInterrupt):
        return  # it is at it: a second interrupt would cut short what clears up after the first
    now = signal.getsignal(signal.SIGINT)
    if not callable(now):  # whoever started this in the background had interrupts ignored
        raise KeyboardInterrupt
    now(signal.SIGINT, frame)
