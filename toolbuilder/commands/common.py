"""What commands share: where they are, what they build with, and how they print for programs."""

import json
from collections.abc import Mapping
from pathlib import Path

import typer

from toolbuilder.bootstrap import workshop
from toolbuilder.build import Workshop
from toolbuilder.errors import FileIsWrong
from toolbuilder.events import Listener
from toolbuilder.places import find_root


def here(
    engine: str = "",
    tell: Listener = lambda _: None,
    *,
    batch: bool = False,
    remote: str = "",
    take_over: bool = False,
) -> Workshop:
    """Give the workshop of the repository that the command is called in."""
    return workshop(Path.cwd(), engine=engine, tell=tell, batch=batch, remote=remote, take_over=take_over)


def root() -> Path:
    """Give the folder of the repository that the command is called in."""
    return find_root(Path.cwd())


def tell_wrong(wrong: Mapping[str, FileIsWrong], rest: int) -> None:
    """Tell every problem of specs that are wrong. Raises FileIsWrong with all of them where there is no other spec."""
    problems = [problem for error in wrong.values() for problem in error.problems]
    if not rest:
        raise FileIsWrong(problems)
    for problem in problems:
        typer.echo(str(problem), err=True)


def print_json(value: object) -> None:
    """Print a value for programs."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
