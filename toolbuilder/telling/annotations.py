"""Annotations of GitHub Actions: workflow commands that put an error at its line; and lines that must not become one.

The runner takes every line of a step's output for a command that begins, after white space, with `::`, or that holds
`##[` anywhere. What others wrote, in specs, findings or answers, must not command it.
Source: docs.github.com, "Workflow commands for GitHub Actions"; ActionCommand.cs of github.com/actions/runner.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import PurePath
from typing import Literal

from toolbuilder.errors import BudgetReached, FileIsWrong, NeedsPerson, Problem, ToolbuilderError, a_bug, explained

MOST = 10  # of a kind in one step: the runner shows no more
LONGEST = 4_000
LONGEST_TITLE = 200
APART = "\u200b"  # no white space to the runner, and nothing to a reader
COMMAND = re.compile(r"^([\s\ufeff]*)::|##\[")
LOCATED = re.compile(r"(.+?):([0-9]+):([0-9]+): (.*)")
PLACE = re.compile(r"(?<![\w./-])((?:src|tests)/[\w./-]+\.py):(\d+)(?::(\d+))?", re.ASCII)


@dataclass(frozen=True)
class Annotation:
    """A message at a place; `line` and `column` count from 1, 0 means the file as a whole."""

    kind: Literal["error", "warning", "notice"]
    title: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0


def annotation_lines(annotations: Iterable[Annotation]) -> list[str]:
    """Give the commands; of more than ten of a kind the last one counts the rest."""
    kinds = groupby(sorted(annotations, key=lambda one: one.kind), lambda one: one.kind)
    return [_command(one) for _, group in kinds for one in _at_most(list(group))]


def of_error(error: Exception, folder: PurePath, tool: str = "") -> Iterator[Annotation]:
    """Give the annotations of an error; `folder` is what paths are to be relative to."""
    match error:
        case FileIsWrong():
            yield from (_of_problem(problem, folder) for problem in error.problems)
        case NeedsPerson():
            message = "\n".join(filter(None, (error.message, error.advice)))
            yield Annotation("error", _title(tool, "a person is needed"), message, _spec(tool))
            yield from (_of_finding(finding, tool) for finding in error.findings)
        case BudgetReached():
            yield Annotation("warning", _title(tool, "a cap is reached"), str(error), _spec(tool))
        case ToolbuilderError():
            yield Annotation("error", _title(tool, "it failed"), str(error), _spec(tool))
        case OSError():
            yield Annotation("error", "it failed", explained(error))
        case _:
            yield Annotation("error", "toolbuilder is wrong", a_bug(error))


def of_findings(findings: Iterable[str], tool: str) -> Iterator[Annotation]:
    """Give the annotations of what was found of a tool, whether it names a file of the repository or of the tool."""
    for finding in findings:
        problem = problem_of(finding)
        if problem.line and " " not in problem.file:
            title = _title(tool, "not verified")
            yield Annotation("error", title, problem.message, problem.file, problem.line, problem.column)
        else:
            yield replace(_of_finding(finding, tool), title=_title(tool, "not verified"))


def problem_of(line: str) -> Problem:
    """Read a problem back from the line that tells it."""
    if found := LOCATED.fullmatch(line):
        return Problem(found[1], int(found[2]), int(found[3]), found[4])
    file, _, message = line.partition(": ")
    return Problem(file, 0, 0, message)


def harmless(line: str) -> str:
    """Give a line of output that the runner takes for no command."""
    return COMMAND.sub(_apart, line)


def _apart(found: re.Match[str]) -> str:
    return f"##{APART}[" if found[1] is None else f"{found[1]}{APART}::"


def _at_most(group: Sequence[Annotation]) -> list[Annotation]:
    if len(group) <= MOST:
        return list(group)
    left = len(group) - MOST + 1
    return [*group[: MOST - 1], Annotation(group[0].kind, f"{left} more", f"… and {left} more; the log has them all")]


def _of_problem(problem: Problem, folder: PurePath) -> Annotation:
    file = PurePath(problem.file)
    inside = file.relative_to(folder) if file.is_relative_to(folder) else file
    return Annotation("error", "the file is wrong", problem.message, str(inside), problem.line, problem.column)


def _of_finding(finding: str, tool: str) -> Annotation:
    """Put a finding where it points to in the tool's folder, else at the spec."""
    found = PLACE.search(finding)
    if not found:
        return Annotation("error", _title(tool, "found"), finding, _spec(tool))
    file, line, column = found[1], int(found[2]), int(found[3] or 0)
    return Annotation("error", _title(tool, "found"), finding, f"tools/{tool}/{file}" if tool else file, line, column)


def _title(tool: str, what: str) -> str:
    return f"{tool}: {what}" if tool else what


def _spec(tool: str) -> str:
    return f"specs/{tool}.yaml" if tool else ""


def _command(one: Annotation) -> str:
    where = {"file": one.file, "line": one.line or "", "col": one.column or "", "title": one.title[:LONGEST_TITLE]}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items() if value)
    message = one.message if len(one.message) <= LONGEST else f"{one.message[:LONGEST]}…"
    return f"::{one.kind} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
