import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import context_of, produce, spec_of
from toolbuilder import history
from toolbuilder.artifacts import Manifest, StageRecord
from toolbuilder.errors import FileIsWrong, RepositoryError
from toolbuilder.schema import digest_files
from toolbuilder.stage import Artifact, Context, Files
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS
from toolbuilder.yaml_files.models import write_model

STAGES: tuple[history.AnyStage, ...] = (REQUIREMENTS, ARCHITECTURE)
FOLDER = "tools/dedupe/"
TOOLS = {"patterns": "p1", "template": "t1"}
SHA1 = "0" * 40


@cache
def two_stages() -> Context:
    """Give the context that two stages leave behind."""
    return produce(context_of(spec_of()), *STAGES)


def built() -> dict[str, bytes]:
    """Give a tool's folder as a build of two stages leaves it."""
    context = two_stages()
    files: dict[str, bytes] = {}
    records = []
    for stage, artifact in zip(STAGES, context.earlier, strict=True):
        mine = {stage.record: write_model(artifact)}
        here = replace(context, earlier=context.earlier[: STAGES.index(stage)])
        records.append(
            StageRecord(
                stage=stage.name,
                inputs=history.inputs_of(stage, here, history.Tree(FOLDER, files)),
                engine=stage.engine(TOOLS),
                output=digest_files(mine),
                files={path: history.blob_id(content, SHA1) for path, content in mine.items()},
            )
        )
        files |= mine
    manifest = Manifest(tool="dedupe", spec="", stages=tuple(records))
    return {**files, history.MANIFEST: write_model(manifest), "src/dedupe/cli.py": b"", "README.md": b"# dedupe\n"}


def replayed(part: Any, files: Files, *, spec: str = SPEC, tools: dict[str, str] = TOOLS, again: tuple[str, ...] = ()) -> Any:  # fmt: skip
    def context_for(earlier: tuple[Artifact, ...]) -> Context:
        return context_of(spec_of(spec), *earlier, files=files)

    return part.replay(STAGES, part.Tree(FOLDER, files), context_for, tools, again)


def edited(files: Files, path: str, old: str, new: str) -> Files:
    text = files[path].decode()
    assert old in text
    return {**files, path: text.replace(old, new).encode()}


def state(replay: Any) -> tuple[list[str], str, str]:
    due = replay.due
    return [one.stage.name for one in replay.done], due.stage.name if due else "", due.why if due else ""


BOTH = ["requirements", "architecture"]


def what_is_recorded_and_unchanged_is_done(part: Any) -> None:
    files = built()
    assert state(replayed(part, files)) == (BOTH, "", "")
    assert state(replayed(part, {})) == ([], "requirements", "not built yet")
    assert state(replayed(part, files, again=("architecture",))) == (["requirements"], "architecture", "asked for")


def a_changed_spec_is_stale_and_a_changed_budget_is_not(part: Any) -> None:
    files = built()
    changed = SPEC.replace("keeping the first", "keeping only the first")
    assert state(replayed(part, files, spec=changed)) == ([], "requirements", "spec changed")
    assert state(replayed(part, files, spec=f"{SPEC}budget: {{usd: 3}}\n")) == (BOTH, "", "")


def an_edit_upstream_makes_what_follows_stale(part: Any) -> None:
    files = edited(built(), REQUIREMENTS.record, "problem: Remove", "problem: Drop")
    replay = replayed(part, files)
    assert state(replay) == (["requirements"], "architecture", "requirements changed")
    assert replay.done[0].notes == ("adopted, with an edit",)
    assert replay.artifacts[0].problem.startswith("Drop")


def an_edit_that_does_not_pass_the_gate_is_refused(part: Any) -> None:
    files = edited(
        built(), ARCHITECTURE.record, "command_line: argparse", "command_line: argparse\ndependencies: [requests]"
    )
    with pytest.raises(
        FileIsWrong, match=r"tools/dedupe/\.toolbuilder/architecture\.yaml: the edit does not pass"
    ) as caught:
        replayed(part, files)
    assert "requests: is not allowed" in str(caught.value)


def other_tools_make_a_stage_outdated_and_nothing_due(part: Any) -> None:
    replay = replayed(part, built(), tools={**TOOLS, "patterns": "p2"})
    assert state(replay) == (BOTH, "", "")
    assert [one.notes for one in replay.done] == [(), ("outdated: patterns changed",)]


def a_record_without_its_file_is_an_error(part: Any) -> None:
    files = built()
    del files[ARCHITECTURE.record]
    with pytest.raises(RepositoryError, match=r"architecture\.yaml is missing.*run --from architecture"):
        replayed(part, files)


def the_tool_is_neither_its_record_nor_its_readme(part: Any) -> None:
    tree = part.Tree(FOLDER, built())
    assert set(tree.tool) == {"src/dedupe/cli.py"}
    assert tree.manifest.of("architecture").stage == "architecture"
    assert part.Tree(FOLDER, {}).manifest is None


def a_repair_counts_as_the_stages_own_work(part: Any) -> None:
    files = built()
    record = part.Tree(FOLDER, files).manifest.of("architecture")
    assert part.with_repairs(record, part.Tree(FOLDER, files), {"src/dedupe/cli.py": b"x"}) == record
    repairs = {ARCHITECTURE.record: b"repaired\n"}
    repaired = part.with_repairs(record, part.Tree(FOLDER, files), repairs)
    assert repaired.output == digest_files(repairs)
    assert repaired.files == {ARCHITECTURE.record: history.blob_id(b"repaired\n", SHA1)}


GUARDED: list[Protection] = [
    (what_is_recorded_and_unchanged_is_done, "if stage.name in again else", "if False else"),
    (what_is_recorded_and_unchanged_is_done, 'return "not built yet"', 'return ""'),
    (a_changed_spec_is_stale_and_a_changed_budget_is_not, 'update={"budget": None}', "update={}"),
    (a_changed_spec_is_stale_and_a_changed_budget_is_not, "record.inputs.get(name) != inputs[name]", "name not in record.inputs"),
    (an_edit_upstream_makes_what_follows_stale, "    if output != record.output:\n", "    if False:\n"),
    (an_edit_upstream_makes_what_follows_stale, 'for name in (*stage.reads, "feedback")}', "for name in stage.reads if name not in artifacts}"),
    (an_edit_that_does_not_pass_the_gate_is_refused, "        if findings:\n", "        if False:\n"),
    (other_tools_make_a_stage_outdated_and_nothing_due, "record.engine.get(name) != value", "name not in record.engine"),
    (a_record_without_its_file_is_an_error, "run --from {stage.name}`", "run`"),
    (a_repair_counts_as_the_stages_own_work, "if path in record.files}\n    if not mine", "if path}\n    if not mine"),
    (a_repair_counts_as_the_stages_own_work, '"files": {**record.files, **blobs}', '"files": record.files'),
    (a_repair_counts_as_the_stages_own_work, "{**tree.files, **mine}[path]", "tree.files[path]"),
    (the_tool_is_neither_its_record_nor_its_readme, " and p not in ABOUT}", "}"),
    (the_tool_is_neither_its_record_nor_its_readme, "if not p.startswith(RECORD) and", "if"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_branch_says_is_read_as_it_stands(protection: Protection) -> None:
    assert_guarded(history, protection)


def test_a_manifest_that_is_no_manifest_is_located() -> None:
    with pytest.raises(FileIsWrong, match=r"tools/dedupe/\.toolbuilder/manifest\.yaml:\d+:\d+: "):
        history.Tree(FOLDER, {history.MANIFEST: b"tool: dedupe\nspec: ''\nstage: []\n"}).manifest  # noqa: B018


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_a_files_id_is_the_one_that_git_gives_it(tmp_path: Path, git: Callable[..., str], form: str) -> None:
    git(tmp_path, "init", "--quiet", f"--object-format={form}")
    content = "é\r\n\0".encode()
    command = ["git", "-C", str(tmp_path), "hash-object", "--stdin"]
    ran = subprocess.run(command, input=content, check=True, capture_output=True)
    assert history.blob_id(content, ran.stdout.decode().strip()) == ran.stdout.decode().strip()
