"""A real process, whose output is read as the runner of GitHub Actions reads it."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC as WORLD_SPEC
from tests.sabotage import Protection, assert_guarded
from tests.telling.rendered import harms
from tests.telling.test_annotations import HOSTILE, commands
from toolbuilder import actions
from toolbuilder.events import Event, Raced
from toolbuilder.telling.annotations import Annotation

SPEC = """\
name: {name}
description: Count things.
input_type: lines
"""
UNSOLVABLE = WORLD_SPEC.replace("name: dedupe", "name: oracle").replace('b\\na\\n"}', 'qwertz\\n"}')


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "toolbuilder", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def ended_lines_pass_and_are_no_commands(part: Any) -> None:
    raw = io.BytesIO()
    stream = part.quiet(raw)
    for line in HOSTILE:
        stream.write(line[:1])
        stream.flush()
        stream.write(f"{line[1:]}\n")
    for line in raw.getvalue().decode().split("\n"):
        assert not commands(line), line
    assert raw.getvalue().count(b"\n") == len(HOSTILE)


def a_carriage_return_ends_a_line_too(part: Any) -> None:
    raw = io.BytesIO()
    part.quiet(raw).write("a\r::error::x\r\n::error::y\n")
    assert not [line for line in raw.getvalue().decode().splitlines() if commands(line)]


def bytes_that_are_no_text_pass(part: Any) -> None:
    raw = io.BytesIO()
    part.quiet(raw).buffer.write(b"\xff\xfe::x\n")
    assert raw.getvalue() == b"\xff\xfe::x\n"


GUARDED: list[Protection] = [
    (ended_lines_pass_and_are_no_commands, 'self._inner.write(b"".join(map(_harmless, lines)))', 'self._inner.write(b"".join(lines))'),
    (ended_lines_pass_and_are_no_commands, 'lines.pop() if lines and not lines[-1].endswith((b"\\n", b"\\r")) else b""', 'b""'),
    (a_carriage_return_ends_a_line_too, ".splitlines(keepends=True)", '.replace(b"\\n", b"\\n\\0").split(b"\\0")'),
    (bytes_that_are_no_text_pass, 'line.decode(errors="surrogateescape")', 'line.decode(errors="replace")'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_no_output_commands_the_runner(protection: Protection) -> None:
    assert_guarded(actions, protection)


@pytest.fixture
def broken(git_repo: Path) -> Path:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/x.yaml").write_text(SPEC.format(name='"::error::x"'))
    return git_repo


def test_a_wrong_file_is_annotated_at_its_place(broken: Path) -> None:
    ran = run(broken, "run", GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(broken))
    assert ran.returncode == 2
    told = [line for line in ran.stderr.splitlines() if commands(line)]
    assert told
    assert all(line.startswith("::error file=specs/x.yaml,line=1,col=") for line in told)


def test_wrong_usage_is_no_annotation(git_repo: Path) -> None:
    ran = run(git_repo, "nosuch", GITHUB_ACTIONS="true")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "No such command" in ran.stderr


def test_elsewhere_nothing_is_annotated(broken: Path) -> None:
    ran = run(broken, "run")
    assert not [line for line in ran.stderr.splitlines() if commands(line)]


def test_what_a_command_prints_is_no_command_and_ends_as_it_was(git_repo: Path) -> None:
    (git_repo / "::error::x.yaml").write_text("name: x\n")
    ran = run(git_repo, "validate", "::error::x.yaml", GITHUB_ACTIONS="true")
    assert ran.returncode == 2
    assert "error::x.yaml:1:1: `description` is missing" in ran.stderr
    assert not [line for line in ran.stderr.splitlines() if commands(line)]
    outside = run(git_repo, "validate", "::error::x.yaml")
    assert outside.stderr.startswith("::error::x.yaml:1:1:")


def test_what_goes_into_a_file_is_exact(git_repo: Path, tmp_path: Path) -> None:
    (git_repo / "::error::x.yaml").write_text("name: x\n")
    with (tmp_path / "out").open("wb") as out:
        command = [sys.executable, "-m", "toolbuilder", "validate", "--json", "::error::x.yaml"]
        environment = {**os.environ, "GITHUB_ACTIONS": "true"}
        subprocess.run(command, cwd=git_repo, env=environment, stdout=out, stderr=subprocess.DEVNULL, check=False)
    assert '"::error::x.yaml"' in (tmp_path / "out").read_text()


def test_a_run_is_summed_up_and_what_stops_it_is_annotated(git_repo: Path, tmp_path: Path) -> None:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(WORLD_SPEC)
    (git_repo / "specs/oracle.yaml").write_text(UNSOLVABLE)
    summary = tmp_path / "summary"
    actions_of_github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    ran = run(git_repo, "run", "--engine", "offline", "--until", "generation", **actions_of_github)
    assert ran.returncode == 3
    [first, *_] = [line for line in ran.stderr.splitlines() if commands(line)]
    assert first.startswith("::error file=specs/oracle.yaml,title=oracle%3A a person is needed::")
    text = summary.read_text()
    assert text.startswith("## toolbuilder: 1 done as far as ordered, 1 waits for a person\n")
    assert "section dedupe" in text
    assert "generation :crit, b" in text
    assert "## oracle waits for a person" in text
    assert "### Architecture" in text
    assert harms(text) == []


def test_a_summary_is_added_and_cut_before_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not actions.summarize("nowhere")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    assert actions.summarize("# a")
    assert actions.summarize("ä\n" * 600_000)
    content = (tmp_path / "summary").read_bytes()
    assert content.startswith("# a\nä\n".encode())
    assert 999_000 < len(content) <= actions.LARGEST_SUMMARY


def test_annotations_are_for_a_runner_only(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    actions.annotate([Annotation("error", "t", "m")])
    assert capfd.readouterr() == ("", "")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    actions.annotate([Annotation("error", "t", "m")])
    assert capfd.readouterr().err == "::error title=t::m\n"


def test_moments_are_counted_from_the_beginning_and_passed_on() -> None:
    times = iter((100.0, 101.5, 103.0))
    shown: list[Event] = []
    moments = actions.Moments(shown.append, lambda: next(times))
    moments.tell(Raced("a", "b"))
    assert (moments.seen, shown, moments.seconds) == ([(1.5, Raced("a", "b"))], [Raced("a", "b")], 3.0)
