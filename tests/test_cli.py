import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from toolbuilder.cli import run_app

Git = Callable[..., str]
HEAVY = ("git", "copier", "anthropic", "mcp", "yaml", "rich", "toolbuilder.bootstrap", "toolbuilder.spec")


@pytest.fixture
def home_of_specs(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with one spec, and stand in it."""
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    monkeypatch.chdir(git_repo)
    return git_repo


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"], ["bogus"]])
def test_help_and_wrong_usage_load_nothing_heavy(arguments: list[str]) -> None:
    code = "import sys; from toolbuilder.cli import run_app; run_app(sys.argv[2:]); "
    code += "print([name for name in sys.argv[1].split() if name in sys.modules], file=sys.stderr)"
    command = [sys.executable, "-c", code, " ".join(HEAVY), *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    assert ran.stderr.splitlines()[-1] == "[]"


@pytest.mark.usefixtures("home_of_specs")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], "No such command 'bogus'. `toolbuilder --help`"),
        (["create", "loud"], ". `toolbuilder create --help`"),
        (["run", "-j", "0"], "equal to 1. `toolbuilder run --help`"),
        (["run", "--until", "nothing"], "'nothing' is not one of"),
        (["run", "nowhere"], "nowhere: there is no such spec"),
        (["show", "dedupe", "packaging"], "no such tool is built here"),
        (["export", "dedupe", "specs"], "specs: is not empty"),
        (["export", "dedupe", "out"], "no such tool is built here"),
    ],
)
def test_wrong_usage_gives_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert run_app(arguments) == 2
    message = capsys.readouterr().err
    assert words in message
    assert len(message.splitlines()) == 1


def test_a_folder_that_is_no_repository_is_told_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dedupe.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    assert run_app(["run", "dedupe.yaml"]) == 1
    assert "git init" in capsys.readouterr().err


def test_validate_shows_every_error_of_every_file(home_of_specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home_of_specs / "specs/broken.yaml").write_text("name: broken\ninput_tpye: lines\n")
    assert run_app(["validate"]) == 2
    printed = capsys.readouterr()
    assert "specs/dedupe.yaml: good" in printed.out
    assert "broken.yaml:2:1" in printed.err
    assert run_app(["validate", "--json", "dedupe"]) == 0
    assert list(json.loads(capsys.readouterr().out).values()) == [[]]


def test_analyze_shows_what_is_wanted_and_runs_one_stage(
    home_of_specs: Path, capsys: pytest.CaptureFixture[str], git: Git
) -> None:
    assert run_app(["analyze", "dedupe"]) == 0
    assert "R1   code  Remove duplicate lines" in capsys.readouterr().out
    assert git(home_of_specs, "log", "--format=%s", "main..toolbuilder/dedupe") == "dedupe: requirements"


@pytest.mark.usefixtures("home_of_specs")
def test_status_log_and_show_tell_how_far_a_tool_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["run", "dedupe", "--until", "architecture"]) == 0
    capsys.readouterr()
    assert run_app(["status"]) == 0
    assert "2 stages done, next generation: not built yet" in capsys.readouterr().out
    assert run_app(["log", "dedupe", "--json"]) == 0
    assert [entry["subject"] for entry in json.loads(capsys.readouterr().out)] == [
        "dedupe: architecture",
        "dedupe: requirements",
    ]
    assert run_app(["show", "dedupe", "architecture"]) == 0
    assert "command_line: argparse" in capsys.readouterr().out


@pytest.mark.usefixtures("home_of_specs")
def test_a_program_reads_the_result_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["run", "dedupe", "--until", "requirements", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["tool"], row["exit_code"], row["complete"]) == ("dedupe", 0, False)
    assert row["stages"] == [{"stage": "requirements", "ran": True, "notes": []}]


def test_what_has_no_program_needs_a_person_and_keeps_the_finished_stages(
    home_of_specs: Path, capsys: pytest.CaptureFixture[str], git: Git
) -> None:
    impossible = SPEC.replace("Remove duplicate lines, keeping the first occurrence and the order.", "Guess my mind.")
    (home_of_specs / "specs/dedupe.yaml").write_text(impossible.replace('"b\\na\\n"}', '"seventeen\\n"}'))
    assert run_app(["run", "dedupe"]) == 3
    message = capsys.readouterr().err
    assert "example E1" in message
    assert "Traceback" not in message
    assert git(home_of_specs, "log", "--format=%s", "main..toolbuilder/dedupe").splitlines() == [
        "dedupe: architecture",
        "dedupe: requirements",
    ]


@pytest.mark.usefixtures("home_of_specs")
def test_replay_names_the_answer_that_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["run", "dedupe", "--engine", "replay"]) == 1
    assert "identify_problem" in capsys.readouterr().err


def test_replay_rebuilds_what_was_built(home_of_specs: Path, git: Git) -> None:
    assert run_app(["run", "dedupe", "--until", "architecture"]) == 0
    tip = git(home_of_specs, "rev-parse", "toolbuilder/dedupe")
    git(home_of_specs, "branch", "-D", "toolbuilder/dedupe")
    assert run_app(["run", "dedupe", "--until", "architecture", "--engine", "replay"]) == 0
    assert git(home_of_specs, "rev-parse", "toolbuilder/dedupe") == tip


def test_create_writes_a_spec_and_builds_it(home_of_specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create = ["create", "shout", "--description", "Print the text in upper case.", "--engine", "replay"]
    types = ["--input-type", "text", "--output-type", "text"]
    assert run_app([*create, *types, "--example", r"a\nb=A\nB", "--example", r"x\=y=X\=Y"]) == 1  # nothing to replay
    assert "input: x=y" in (home_of_specs / "specs/shout.yaml").read_text()
    capsys.readouterr()
    assert run_app([*create, *types, "--example", "a=A"]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "example", "words"), [("../up", "a=A", "name"), ("class", "a=A", "class"), ("good", "a", "no `=`")]
)
def test_create_refuses_what_would_be_no_good_spec_and_writes_nothing(
    home_of_specs: Path, capsys: pytest.CaptureFixture[str], name: str, example: str, words: str
) -> None:
    types = ["--input-type", "text", "--output-type", "text", "--example", example]
    assert run_app(["create", name, "--description", "Print it loud.", *types]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in home_of_specs.rglob("*.yaml")] == ["dedupe.yaml"]


def test_a_wrong_setting_is_named(
    home_of_specs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home_of_specs / "toolbuilder.toml").write_text('engine = "of-line"\n')
    assert run_app(["run", "dedupe"]) == 2
    assert "setting `engine`" in capsys.readouterr().err
    monkeypatch.setenv("TOOLBUILDER_ENGINE", "offline")
    assert run_app(["run", "dedupe", "--until", "requirements"]) == 0


def test_an_interrupt_ends_with_130_and_keeps_what_is_finished(home_of_specs: Path, git: Git) -> None:
    command = [sys.executable, "-m", "toolbuilder", "run", "dedupe"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=home_of_specs, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "requirements: commit" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "interrupted; what was finished is kept" in rest
    assert "Traceback" not in rest
    assert "dedupe: requirements" in git(home_of_specs, "log", "--format=%s", "toolbuilder/dedupe")


def test_no_colour_codes_reach_a_pipe(home_of_specs: Path) -> None:
    command = [sys.executable, "-m", "toolbuilder", "run", "dedupe", "--until", "requirements"]
    ran = subprocess.run(
        command, check=True, capture_output=True, cwd=home_of_specs, env={**os.environ, "TERM": "xterm"}
    )
    assert b"\x1b" not in ran.stdout + ran.stderr


def test_a_disk_that_takes_no_more_is_told_in_one_line(home_of_specs: Path) -> None:
    command = [sys.executable, "-m", "toolbuilder", "schema"]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=home_of_specs)
    assert ran.returncode == 1
    assert "No space left on device" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_two_files_of_one_name_are_not_built_side_by_side(
    home_of_specs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home_of_specs / "other").mkdir()
    (home_of_specs / "other/dedupe.yaml").write_text(SPEC)
    assert run_app(["run", "specs", "other"]) == 2
    assert "other/dedupe.yaml: another spec is called dedupe too" in capsys.readouterr().err


def test_where_every_spec_of_a_run_is_wrong_all_is_told_and_nothing_is_built(
    home_of_specs: Path, capsys: pytest.CaptureFixture[str], git: Git
) -> None:
    for name in ("one", "two"):
        (home_of_specs / f"specs/{name}.yaml").write_text(SPEC.replace("input_type", "input_tpye"))
    assert run_app(["run", "one", "two"]) == 2
    message = capsys.readouterr().err
    assert all(f"specs/{name}.yaml:3:1: " in message for name in ("one", "two"))
    assert git(home_of_specs, "for-each-ref", "refs/heads/toolbuilder", "refs/toolbuilder") == ""


def test_an_argument_that_is_not_text_is_told(home_of_specs: Path) -> None:
    command = [sys.executable, "-m", "toolbuilder", "create", "loud", "--description", "Print it loud.", "--input-type"]
    ran = subprocess.run(
        [*command, "text", "--output-type", "text", "--example", b"\xff=a"],
        capture_output=True,
        check=False,
        cwd=home_of_specs,
    )
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr


def test_an_interrupt_while_toolbuilder_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    command = [sys.executable, "-m", "toolbuilder", "schema"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (130, "toolbuilder: interrupted; nothing was begun\n")
