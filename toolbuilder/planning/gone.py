"""Tools whose spec is gone, and those among them that live on under another name."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from toolbuilder.commits import branch_of, folder_of, spec_path
from toolbuilder.errors import ToolbuilderError
from toolbuilder.history import MANIFEST, spec_digest
from toolbuilder.manifests import read_manifest
from toolbuilder.planning.standing import View
from toolbuilder.planning.verdict import Verdict
from toolbuilder.spec.file import parse_spec

TOOLS = "tools"


def gone(view: View, head: str, specs: Collection[str]) -> dict[str, Verdict]:
    """Give the tools without a spec whose branch is still there, or that stand on the default branch."""
    branches = set(view.snapshot.branches())
    folders = set(view.snapshot.children(head, TOOLS)) - set(specs)
    built = {tool for tool in folders if view.snapshot.id_of(head, f"{folder_of(tool)}{MANIFEST}")}
    return {
        tool: Verdict(
            tool,
            "removed",
            f"{spec_path(tool)} is not on the default branch; {_left(branch=tool in branches, built=tool in built)}",
            tip=(tool in branches and view.snapshot.resolve(branch_of(tool))) or "",
        )
        for tool in sorted({*branches, *built} - set(specs))
    }


def renamings(view: View, head: str, verdicts: Sequence[Verdict], orphans: Sequence[Verdict]) -> list[Verdict]:
    """Give all verdicts, with a word where a new spec says what one that is gone has said."""
    merged = view.snapshot.children(head, TOOLS) if orphans else {}
    new = [one for one in verdicts if one.state != "broken" and one.tool not in merged] if orphans else []
    names = {_nameless(one.tool, view.snapshot.content(one.spec)): one.tool for one in new}
    now = {one.tool: names.get(_last_spec(one, view, head)) for one in orphans}
    before = {name: tool for tool, name in now.items() if name}
    return [
        *(_was(one, before[one.tool]) if one.tool in before else one for one in verdicts),
        *(_is(one, name) if (name := now[one.tool]) else one for one in orphans),
    ]


def _was(verdict: Verdict, name: str) -> Verdict:
    return replace(verdict, why=f"{verdict.why}; it was called {name}", other=name)


def _is(verdict: Verdict, name: str) -> Verdict:
    return replace(verdict, state="renamed", why=f"{name} says the same; {verdict.why}", other=name)


def _left(*, branch: bool, built: bool) -> str:
    here = " and ".join([*(["its branch"] if branch else []), *(["the tool on the default branch"] if built else [])])
    return f"{here} {'are' if branch and built else 'is'} still there"


def _last_spec(orphan: Verdict, view: View, head: str) -> str:
    """Name what the last spec of a tool said; empty where it cannot be read any more."""
    tool, snapshot = orphan.tool, view.snapshot
    try:
        if orphan.tip and (blob := snapshot.id_of(orphan.tip, spec_path(tool))):
            return _nameless(tool, snapshot.content(blob))
        path = f"{folder_of(tool)}{MANIFEST}"
        found = snapshot.id_of(head, path)
        return _nameless(tool, snapshot.content(read_manifest(snapshot.content(found), path).spec)) if found else ""
    except ToolbuilderError:
        return ""


def _nameless(tool: str, source: bytes) -> str:
    spec = parse_spec(source, spec_path(tool))
    return spec_digest(spec.model_copy(update={"name": ""}))
