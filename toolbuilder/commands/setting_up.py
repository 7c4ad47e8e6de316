"""Setting a repository up: the command that writes files into the work tree, and commits nothing."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from toolbuilder import __version__
from toolbuilder.errors import FileIsWrong, Problem, RepositoryError
from toolbuilder.fleet import SPECS, SUFFIX
from toolbuilder.setting_up.deciding import kind_of
from toolbuilder.setting_up.folder import read_present, write_files
from toolbuilder.setting_up.plan import Plan, paths_of, plan, planned, without_first_spec
from toolbuilder.setting_up.record import PATH, Record, read_record
from toolbuilder.setting_up.report import report
from toolbuilder.setting_up.source import Source, known, parse_source
from toolbuilder.surroundings import Worktree, merger, own_source, rendered, worktree

NEEDS_PERSON = 3


@dataclass(frozen=True)
class How:
    """How to set up: as the command line says."""

    source: str = ""
    branch: str = ""
    update: bool = False


def init(folder: Path, how: How) -> int:
    """Set a repository up, or renew it; 3 where files are in conflict."""
    tree = worktree(folder)
    record = _record(tree)
    if how.update and record is None:
        raise FileIsWrong([Problem(PATH, 0, 0, "is not there, so there is nothing to update; type `toolbuilder init`")])
    source, notes = _source(how, record)
    made = _plan(tree, how, record, source)
    _refuse_unsaved(tree, made)
    ignored = sorted(tree.ignored(made.writes))
    write_files(tree.root, made.writes)
    _tell(tree, made, [*notes, *(f"{path} is kept out of commits by .gitignore" for path in ignored)])
    return NEEDS_PERSON if made.of("conflict") else 0


def _record(tree: Worktree) -> Record | None:
    content = read_present(tree.root, [PATH])[PATH]
    return read_record(content) if content is not None else None


def _source(how: How, record: Record | None) -> tuple[Source, list[str]]:
    """Give where the workflows come from: as is said, as it was, or as this toolbuilder was installed."""
    if how.source:
        return parse_source(how.source), []
    if record and not how.update:
        return record.origin, []
    source, published = own_source()
    if source is None and record:
        return record.origin, []
    found = known(source)
    unseen = f"{found} is on no branch of a remote as far as is known here; push it, or the workflows are not found"
    return found, [] if published else [unseen]


def _plan(tree: Worktree, how: How, record: Record | None, source: Source) -> Plan:
    specs = {path.relative_to(tree.root).as_posix() for path in (tree.root / SPECS).glob(f"*{SUFFIX}")}
    template = rendered(source, how.branch or tree.default_branch())
    fresh = without_first_spec(template, record, specs)
    present = read_present(tree.root, paths_of(record, fresh))
    changes = planned(record, present, fresh, merger(tree), update=how.update)
    return plan(__version__, source, record, changes, fresh)


def _refuse_unsaved(tree: Worktree, made: Plan) -> None:
    """Refuse to merge into edits that are nowhere else."""
    merged = [path for path in made.of("merged") if kind_of(path) == "ours"]
    if unsaved := sorted(tree.modified(merged) if merged else ()):
        raise RepositoryError(f"{', '.join(unsaved)}: commit or stash these edits first, they would be merged into")


def _tell(tree: Worktree, made: Plan, notes: Sequence[str]) -> None:
    git = "git" if Path.cwd().resolve() == tree.root else f"git -C {shlex.quote(str(tree.root))}"
    typer.echo("\n".join(report(tree.root, made, notes, git)))
