"""What people did on a tool's branch, told first: files that are not the tool's, then edits of what was generated."""

from toolbuilder.commits import folder_of, spec_path
from toolbuilder.scaffold.plain_text import plain
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import code, cut, prose, quiet
from toolbuilder.telling.view import ToolView

LONGEST_PATH = 200
MOST_SHOWN = 20  # rows that stay whatever happens
AS_GENERATED = "As it was generated, before people edited it; this may not be true of what stands here"


def warning_parts(view: ToolView) -> tuple[Part, ...]:
    """Warn of files that are neither the tool's nor its spec; nothing where there are none."""
    paths = view.edits.outside
    if not paths:
        return ()
    told = (
        f"> [!CAUTION]\n> **This branch changes {_files(len(paths))} outside {code(folder_of(view.tool))} and "
        f"{code(spec_path(view.tool))}.** Nothing that toolbuilder builds does that, and merging brings all of it to "
        "the default branch. Look at this first; it stays a draft as long as the branch does so."
    )
    return (Part("", told), Part("", "", tuple(f"- {_path(path)}" for path in paths), least=MOST_SHOWN))


def edited_part(view: ToolView) -> Part:
    """Say which files are not as they were generated, and which commits on the branch are people's."""
    edits = view.edits
    if not edits.any:
        return Part("")
    kinds = {"edited": edits.changed, "added": edits.added, "deleted": edits.deleted}
    files = [f"- {kind}: {_path(path)}" for kind, paths in kinds.items() for path in paths]
    commits = [f"- commit {code(one.commit[:12])} by {prose(one.author, 80)}" for one in edits.commits]
    return Part("Edited by people", _said(view), (*files, *commits), least=MOST_SHOWN)


def _said(view: ToolView) -> str:
    edits = view.edits
    if edits.changed or edits.added or edits.deleted:
        return "Not all of this is as it was generated. On this branch people have edited, added or deleted:"
    if edits.stages:
        return (
            "People's edits stand among what these stages wrote: " + ", ".join(sorted(map(prose, edits.stages))) + "."
        )
    return "These commits on the branch are people's; every file is as it was generated."


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _path(path: str) -> str:
    return code(quiet(cut(plain(path), LONGEST_PATH)))
