"""Verifying: what a job without secrets does on a machine of its own, before a person is asked to review."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from toolbuilder.artifacts import Verification
from toolbuilder.build import Order
from toolbuilder.commands.reporting import report_verified
from toolbuilder.commits import branch_of, spec_path
from toolbuilder.errors import FileIsWrong, NeedsPerson, Problem
from toolbuilder.planning.standing import View
from toolbuilder.spec.file import parse_spec
from toolbuilder.verifying import Verified, verify
from toolbuilder.viewing import viewed


@dataclass(frozen=True)
class Form:
    """How the result is printed: for people, as JSON (tool -> commit that passed), or as output of a GitHub job."""

    as_json: bool = False
    as_output: bool = False


def show(tools: Sequence[str], form: Form, remote: str, ref: str) -> int:
    """Verify tools one after the other; exit code 3 says that one has not passed."""
    results = []
    with viewed(Path.cwd(), remote) as view:
        commit = _commit(view, ref) if ref else None
        for tool in dict.fromkeys(tools):
            results.append(_verified(tool, view, commit))
            _tell(results[-1], to_error=form.as_json or form.as_output)
    report_verified(results)
    passed = {one.tool: one.tip for one in results if one.passed}
    if form.as_json or form.as_output:
        typer.echo(f"{'verified=' if form.as_output else ''}{json.dumps(passed, separators=(',', ':'))}")
    return 0 if len(passed) == len(results) else NeedsPerson.exit_code


def _verified(tool: str, view: View, commit: str | None) -> Verified:
    try:
        seen = view.snapshot.moved(branch_of(tool), commit) if commit else view.snapshot
        workshop = replace(view.workshop, repository=seen)
        return asyncio.run(verify(_order(tool, view), workshop))
    except FileIsWrong as error:
        return Verified(tool, findings=tuple(map(str, error.problems)))


def _commit(view: View, ref: str) -> str:
    if (found := view.snapshot.resolve(ref)) is None:
        raise FileIsWrong([Problem("--ref", 0, 0, f"there is no {ref!r} here; give a branch or a commit")])
    return found


def _order(tool: str, view: View) -> Order:
    """Give the order of a spec as the default branch has it. Raises FileIsWrong where there is none, or a wrong one."""
    path, head = spec_path(tool), view.snapshot.resolve("HEAD")
    source = view.snapshot.read(head, path).get(path) if head else None
    if source is None:
        raise FileIsWrong([Problem(path, 0, 0, "the default branch has no such spec; commit it there")])
    return Order(parse_spec(source, path), source)


def _tell(result: Verified, *, to_error: bool) -> None:
    if result.passed:
        typer.echo(f"{result.tool}: verified at {result.tip[:12]}{_facts(result.record)}", err=to_error)
        return
    where = f" at {result.tip[:12]}" if result.tip else ""
    lines = [f"{result.tool}: not verified{where}", *(f"  - {finding}" for finding in result.findings)]
    typer.echo("\n".join(lines), err=True)


def _facts(record: Verification | None) -> str:
    if record is None:
        return ""
    held_out = sum(one.held_out for one in record.examples)
    tests = f"{record.tests_passed} of {record.tests_passed + record.tests_failed} tests"
    return f": {tests}, {len(record.examples)} examples ({held_out} held out)"
