"""Modules that every thinking tool has alike, kept as text in `parts/`, with the tool's names put in."""

from importlib.resources import files

from toolbuilder.adapters.recipe.shape import ThinkingTool
from toolbuilder.patterns import PACKAGE
from toolbuilder.scaffold.python_text import LINE_LENGTH, import_line

PARTS = files("toolbuilder.adapters.recipe") / "parts"
TOOL = "__tool_name__"


def part(name: str, tool: ThinkingTool) -> str:
    """Give the source of a part in a tool's package."""
    source = (PARTS / f"{name}.py.txt").read_text(encoding="utf-8")
    return laid_out(source.replace(PACKAGE, tool.package).replace(TOOL, tool.name))


def laid_out(source: str) -> str:
    """Break imports that a long package name has made too long."""
    return "\n".join(_broken(line) if len(line) > LINE_LENGTH else line for line in source.split("\n"))


def _broken(line: str) -> str:
    start, found, names = line.partition(" import ")
    if not found or not start.startswith("from "):
        return line
    return import_line(start.removeprefix("from "), *names.split(", "))
