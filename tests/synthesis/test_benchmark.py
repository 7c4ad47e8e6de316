import json
from pathlib import Path

import pytest

from toolbuilder.synthesis.benchmark import cases, main, measure

DUPLICATES: dict[str, object] = {
    "id": "repeats",
    "description": "Only print duplicate lines, one for each group",
    "reference": "uniq -d",
    "input_type": "lines",
    "output_type": "lines",
    "pairs": [
        {"input": "a\ncat\ncat\non\n", "output": "cat\n"},
        {"input": "a\nthe\nthe\n", "output": "the\n"},
        {"input": "sat\nsat\nx\n", "output": "sat\n"},
    ],
    "stress": [{"input": "b\na\nb\nc\nc\n", "output": "c\n"}],
}


def write(folder: Path, *forms: dict[str, object]) -> Path:
    path = folder / "tasks.jsonl"
    path.write_text("".join(f"{json.dumps(form)}\n" for form in forms))
    return path


def test_questions_are_answered_by_the_reference_command(tmp_path: Path) -> None:
    result = measure(next(cases(write(tmp_path, DUPLICATES))))
    assert (result.verdict, result.questions) == ("right", 1)


def test_without_a_reference_command_a_question_stays_one(tmp_path: Path) -> None:
    silent = {key: value for key, value in DUPLICATES.items() if key != "reference"}
    assert measure(next(cases(write(tmp_path, silent)))).verdict == "asked"


def test_a_program_that_fails_under_stress_is_wrong(tmp_path: Path) -> None:
    sabotaged = {**DUPLICATES, "stress": [{"input": "b\nb\n", "output": "never\n"}]}
    assert measure(next(cases(write(tmp_path, sabotaged)))).verdict == "wrong"


def test_a_table_of_the_suites_and_of_all_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = {key: value for key, value in DUPLICATES.items() if key != "reference"}
    main([str(write(tmp_path, DUPLICATES, silent))])
    header, _rule, suite, every = capsys.readouterr().out.splitlines()
    assert suite.startswith("| tasks | 2 | 1 | 1 | 0 | 0 | 100% | 1 | ")
    assert every.removeprefix("| all ") == suite.removeprefix("| tasks ")
    assert header.count("|") == suite.count("|")


def test_each_case_is_told_where_that_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--cases", str(write(tmp_path, DUPLICATES))])
    assert capsys.readouterr().out.startswith("right   1q")


def test_a_task_of_two_pairs_is_given_the_second_when_the_engine_asks_for_more(tmp_path: Path) -> None:
    pairs = [
        {"input": "a,1,x\nb,,y\nc,2,z\n", "output": "a,1,x\nc,2,z\n"},
        {"input": "d,,x\ne,5,y\n", "output": "e,5,y\n"},
        {"input": "f,,x\n", "output": "NOT AVAILABLE, SORRY\n"},
    ]
    form: dict[str, object] = {"id": "filled", "input_type": "csv", "output_type": "csv", "pairs": pairs}
    result = measure(next(cases(write(tmp_path, form))))
    assert (result.verdict, result.questions) == ("right", 1)
