import json
from pathlib import Path

import pytest

from toolbuilder.cli import run_app

SORTED = """\
name: sorted
description: Sort the lines.
input_type: lines
output_type: lines
examples:
  - {input: "b\\na\\n", output: "a\\nb\\n"}
  - {input: "B\\nc\\na\\n", output: "B\\na\\nc\\n"}
  - {input: "10\\n9\\n", output: "10\\n9\\n"}
"""
OPEN = SORTED.partition('  - {input: "B')[0].replace("name: sorted", "name: open").replace("Sort", "Change")
ODD = OPEN.replace("name: open", "name: odd").replace('output: "a', 'output: "seventeen')


@pytest.fixture
def solve(git_repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    (git_repo / "specs").mkdir()
    monkeypatch.chdir(git_repo)

    def run(text: str, *args: str) -> tuple[int, str]:
        name = text.partition("\n")[0].removeprefix("name: ")
        (git_repo / f"specs/{name}.yaml").write_text(text)
        code = run_app(["solve", *args])
        return code, capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (SORTED, 0, "sorted: accepted. The program fits 3 examples"),
        (OPEN, 3, "open: the examples leave something open."),
        (ODD, 3, "odd: no program that one may trust (example E1)"),
    ],
    ids=["accepted", "open", "odd"],
)
def test_one_spec_is_explained(solve: object, text: str, code: int, words: str) -> None:
    assert callable(solve)
    ended, printed = solve(text)
    assert ended == code
    assert printed.startswith(words)


def test_several_specs_are_explained_and_the_worst_counts(solve: object) -> None:
    assert callable(solve)
    solve(SORTED)
    ended, printed = solve(ODD)
    assert ended == 3
    assert [line.partition(":")[0] for line in printed.splitlines() if line.startswith(("odd", "sorted"))] == [
        "odd",
        "sorted",
    ]


def test_programs_read_json(solve: object) -> None:
    assert callable(solve)
    ended, printed = solve(SORTED, "--json", "sorted")
    form = json.loads(printed)["sorted"]
    assert ended == 0
    assert list(form["verdict"]) == ["Accepted"]
    assert "def run(text: str) -> str:" in form["source"]
