"""Running a sample: in this process where that shows enough, as a process of its own where it matters."""

import importlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.scaffold.samples import Sample


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    exit_code: int
    stdout: bytes
    stderr: bytes

    @property
    def message(self) -> str:
        """What follows the tool's name on standard error."""
        return self.stderr.decode().partition(": ")[2]


Run = Callable[..., Done]


def in_process(sample: Sample) -> Run:
    """Give a function that calls the sample's `main`; its package must be importable."""

    def run(*args: str, stdin: bytes = b"") -> Done:
        streams = {"stdin": io.BytesIO(stdin), "stdout": io.BytesIO(), "stderr": io.BytesIO()}
        main: Callable[[list[str]], int] = importlib.import_module(f"{sample.spec.package}.cli").main
        with pytest.MonkeyPatch.context() as patch:
            for name, stream in streams.items():
                patch.setattr(sys, name, io.TextIOWrapper(stream, write_through=True))
            exit_code = _finish(main, list(args))
            return Done(exit_code, streams["stdout"].getvalue(), streams["stderr"].getvalue())

    return run


def as_process(tools: Path, sample: Sample, folder: Path) -> Run:
    """Give a function that runs `python -m` in a folder."""
    path = {"PYTHONPATH": str(tools / sample.folder / "src"), "COLUMNS": "300"}

    def run(
        *args: str | bytes, stdin: bytes = b"", stdout: int | IO[bytes] = subprocess.PIPE, **environment: str
    ) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", sample.spec.package, *args],
            input=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=folder, check=False,
            env={**os.environ, **path, **environment},
        )  # fmt: skip
        return Done(done.returncode, done.stdout or b"", done.stderr)

    return run


def _finish(main: Callable[[list[str]], int], args: list[str]) -> int:
    try:
        return main(args)
    except SystemExit as stop:
        return int(stop.code or 0)
