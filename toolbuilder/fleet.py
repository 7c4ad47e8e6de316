"""Every spec against what is true: how far each tool is, and what stands on its branch."""

import os
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of
from toolbuilder.errors import FileIsWrong, Problem, ToolbuilderError
from toolbuilder.ports import LogEntry
from toolbuilder.spec.file import parse_spec, spec_bytes
from toolbuilder.survey import survey

SPECS = "specs"
SUFFIX = ".yaml"
SOURCES = ".toolbuilder/generation.yaml"  # stands where there are sources to export


@dataclass(frozen=True)
class Status:
    """How far a tool is; `due` is the stage that has to run next, empty when all are done."""

    tool: str
    tip: str
    done: tuple[str, ...]
    due: str
    why: str
    notes: tuple[str, ...]
    error: str = ""


def find_specs(root: Path, names: Sequence[str]) -> list[Path]:
    """Give the spec files that arguments name: paths, folders of specs, or tools by name; all of `specs/` for none.

    One that is named in several ways is given once. Raises FileIsWrong for a name that is none of these.
    """
    wanted = names or [str(root / SPECS)]
    once: dict[Path, Path] = {}
    for path in (path for name in wanted for path in _spec_files(root, name)):
        once.setdefault(path.parent.resolve() / path.name, path)
    return list(once.values())


def order_of(path: Path) -> Order:
    """Give the order to build a spec file. Raises FileIsWrong with every problem of the file."""
    source = spec_bytes(path)
    return Order(parse_spec(source, str(path)), source)


def orders_of(paths: Sequence[Path]) -> tuple[list[Order], dict[str, FileIsWrong]]:
    """Give the orders of the spec files that can be built, and every problem of the others, by tool.

    Of several specs that are called the same none is built: nobody knows which one is meant.
    """
    orders: list[Order] = []
    problems: dict[str, list[Problem]] = defaultdict(list)
    called = Counter(path.stem for path in paths)
    for path in paths:
        if called[path.stem] > 1:
            problems[path.stem].append(Problem(str(path), 0, 0, f"another spec is called {path.stem} too"))
        try:
            order = order_of(path)
        except FileIsWrong as error:
            problems[path.stem] += error.problems
        else:
            orders.append(order)
    wrong = {tool: FileIsWrong(found) for tool, found in problems.items()}
    return [order for order in orders if order.spec.name not in wrong], wrong


def status_of(path: Path, workshop: Workshop) -> Status:
    """Say how far the tool of a spec file is; what is wrong with it is told in `error`."""
    try:
        order = order_of(path)
        state = survey(order, workshop, frozenset())
    except ToolbuilderError as error:
        return Status(path.stem, "", (), "", "", (), str(error))
    done = tuple(one.stage.name for one in state.replay.done)
    notes = tuple(f"{one.stage.name} {note}" for one in state.replay.done for note in one.notes)
    due, why = (state.replay.due.stage.name, state.replay.due.why) if state.replay.due else ("", "")
    return Status(order.spec.name, state.tip or "", done, due, why, notes)


def tip_of(tool: str, workshop: Workshop) -> str:
    """Give the commit that holds a tool: its branch's tip, else HEAD. Raises FileIsWrong when neither does."""
    for ref in (branch_of(tool), "HEAD"):
        commit = workshop.repository.resolve(ref)
        if commit and workshop.repository.read(commit, folder_of(tool)):
            return commit
    raise FileIsWrong(
        [Problem(tool, 0, 0, f"no such tool is built here; type `toolbuilder run {SPECS}/{tool}{SUFFIX}`")]
    )


def stage_log(tool: str, workshop: Workshop) -> list[LogEntry]:
    """Give the commits of a tool's branch that are its own, newest first."""
    entries = workshop.repository.log(tip_of(tool, workshop))
    return [entry for entry in entries if entry.trailers.get("Toolbuilder-Tool") == tool]


def stage_text(tool: str, stage: str, workshop: Workshop) -> str:
    """Give a stage's artifact as it stands. Raises FileIsWrong for a stage that is not done."""
    path = f"{folder_of(tool)}.toolbuilder/{stage}{SUFFIX}"
    files = workshop.repository.read(tip_of(tool, workshop), path)
    if path not in files:
        raise FileIsWrong([Problem(tool, 0, 0, f"{stage} is not done; `toolbuilder status` says what is due")])
    return files[path].decode(errors="replace")


def export(tool: str, folder: Path, workshop: Workshop) -> int:
    """Write a tool's package into a new or empty folder; give the number of files. Raises FileIsWrong otherwise."""
    start = folder_of(tool)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FileIsWrong([Problem(str(folder), 0, 0, "is not empty; name a new folder")])
        files = workshop.repository.read(tip_of(tool, workshop), start)
        if f"{start}{SOURCES}" not in files:
            raise FileIsWrong([Problem(tool, 0, 0, "its sources are not generated yet; `toolbuilder status` says why")])
        _write(folder, {path.removeprefix(start): content for path, content in files.items()})
    except OSError as error:
        message = f"cannot be written: {error.strerror}; name another folder"
        raise FileIsWrong([Problem(str(folder), 0, 0, message)]) from None
    return len(files)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _spec_files(root: Path, name: str) -> list[Path]:
    path = Path(name)
    if os.path.isdir(path):  # noqa: PTH112  # unlike Path.is_dir, false for a name that is too long to exist
        if found := sorted(path.glob(f"*{SUFFIX}")):
            return found
        raise FileIsWrong([Problem(name, 0, 0, f"this folder holds no specs (*{SUFFIX})")])
    named = root / SPECS / f"{name}{SUFFIX}"
    for candidate in (path, *([] if "/" in name else [named])):
        if os.path.exists(candidate):  # noqa: PTH110  # as above
            return [candidate]
    raise FileIsWrong([Problem(name, 0, 0, "there is no such spec: give a file, a folder of specs, or a tool's name")])
