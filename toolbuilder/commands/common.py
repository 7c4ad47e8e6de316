"""What commands share: where they are, what they build with, and how they print for programs."""

import json
from pathlib import Path

import typer

from toolbuilder.bootstrap import find_root, workshop
from toolbuilder.build import Workshop
from toolbuilder.events import Listener


def here(engine: str = "", tell: Listener = lambda _: None, *, batch: bool = False) -> Workshop:
    """Give the workshop of the repository that the command is called in."""
    return workshop(Path.cwd(), engine=engine, tell=tell, batch=batch)


def root() -> Path:
    """Give the folder of the repository that the command is called in."""
    return find_root(Path.cwd())


def print_json(value: object) -> None:
    """Print a value for programs."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
