"""What stands in git: names of refs, the spec in force, and a stage's commit with its trailers.

Messages hold fixed words and validated names only: no text of a spec or a model.
"""

import re
from collections.abc import Iterable, Sequence

from toolbuilder.artifacts import Manifest, StageRecord
from toolbuilder.errors import NeedsPerson, RaceLost
from toolbuilder.merging import Versions, merge_file
from toolbuilder.ports import Answer, Commit, Repository


def branch_of(tool: str) -> str:
    """Give the ref of a tool's branch."""
    return f"refs/heads/toolbuilder/{tool}"


def log_ref(tool: str) -> str:
    """Give the ref that keeps every tip of a tool's branch alive."""
    return f"refs/toolbuilder/log/{tool}"


def journal_ref(tool: str) -> str:
    """Give the ref that holds every paid answer of a tool, its run record, and what was verified again."""
    return f"refs/toolbuilder/journal/{tool}"


def folder_of(tool: str) -> str:
    """Give the folder of a tool in the repository."""
    return f"tools/{tool}/"


def spec_path(tool: str) -> str:
    """Give the path of a tool's spec in the repository."""
    return f"specs/{tool}.yaml"


def spec_in_force(repository: Repository, manifest: Manifest, present: bytes | None, given: bytes, like: str) -> bytes:
    """Merge the spec as given with the one on the branch, which a person may have corrected there.

    Raises NeedsPerson when both were changed in the same place.
    """
    path = spec_path(manifest.tool)
    clean, content = merge_file(repository, Versions(path, manifest.spec, present, given, like))
    if not clean or content is None:
        raise NeedsPerson(
            f"{path} was changed here and on branch toolbuilder/{manifest.tool}, in the same place",
            advice=f"Compare with `git diff toolbuilder/{manifest.tool} -- {path}` and make both say the same.",
        )
    return content


def stage_message(tool: str, record: StageRecord, key: str, answers: Sequence[Answer]) -> str:
    """Give the message of a stage's commit."""
    trailers = {
        "Tool": tool,
        "Stage": record.stage,
        "Key": key,
        "Output": record.output,
        "Attempt": "1",
        "Engine": _names(answer.engine for answer in answers),
        "Model": _names(answer.model for answer in answers),
        "Tokens": str(sum(answer.input_tokens + answer.output_tokens for answer in answers)),
        "Cost-USD": f"{sum(answer.cost_usd for answer in answers):.6f}",
    }
    lines = "".join(f"Toolbuilder-{name}: {value}\n" for name, value in trailers.items())
    return f"{tool}: {record.stage}\n\n{lines}"


def move_branch(repository: Repository, tool: str, new: str, tip: str | None, before: str | None) -> None:
    """Move a tool's branch from its tip to a commit made on top of `before`: the log first, the branch last.

    Raises RaceLost when the branch stands elsewhere; the log then holds a commit too many, which harms nobody.
    """
    keep_in_log(repository, tool, new, before)
    repository.swap(branch_of(tool), new, tip)


def keep_in_log(repository: Repository, tool: str, tip: str, before: str | None) -> None:
    """Make the log ref hold a branch tip, beside all that it held: nothing that once was on the branch is lost."""
    ref = log_ref(tool)
    kept = repository.resolve(ref)
    if kept == tip:
        return
    new = tip if kept in (None, before) else repository.write(Commit((kept, tip), f"{tool}: keep\n", {}))
    try:
        repository.swap(ref, new, kept)
    except RaceLost:
        keep_in_log(repository, tool, tip, before)


def _names(given: Iterable[str]) -> str:
    """Give names as one line: a model's name comes from a server, and must not begin a trailer of its own."""
    return " ".join(sorted({re.sub(r"[^!-~]+", "-", name) for name in given})) or "none"
