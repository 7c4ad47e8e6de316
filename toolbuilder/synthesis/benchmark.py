"""Measures the engine on task files: `python -m toolbuilder.synthesis.benchmark [--cases] FILE.jsonl …`.

A task is given its first three pairs (or its `train` rows), and is judged on all of its pairs and
on its `stress` inputs. Where the task names a reference command, the engine's questions are
answered by that command, two a task at most. A task of fewer pairs is given the first, and one
more when the engine asks or refuses.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolbuilder.synthesis.engine import solve
from toolbuilder.synthesis.outcome import Accepted, Question, Refusal, Verdict
from toolbuilder.synthesis.task import Example, Json, Task
from toolbuilder.synthesis.trial import fits

GIVEN = 3
ANSWERS = 2
FUSE = 20.0  # seconds; only a program that hangs needs more
HEADER = (
    "| suite | tasks | right | asked | refused | wrong accepted | precision | questions | evaluations"
    " | CPU median | CPU most |"
)
RULE = "|---|" + "--:|" * 10
MISSING = "NOT AVAILABLE, SORRY"  # stands in a suite for an output that it does not have


@dataclass(frozen=True)
class Case:
    """A task, all of the examples that judge it, and the command that answers its questions."""

    task: Task
    judges: tuple[Example, ...]
    reference: str
    spare: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of a case."""

    name: str
    verdict: str
    questions: int
    evaluations: int
    seconds: float
    told: str


def cases(path: Path) -> Iterator[Case]:
    """Read the cases of a task file."""
    for line in path.read_text("utf-8").splitlines():
        form: dict[str, Json] = json.loads(line)
        pairs = _rows(form.get("pairs")) or _rows(form.get("train"))
        output_type = str(form.get("output_type", "text"))
        as_value = output_type == "json"
        examples = [_example(f"E{index}", row, as_value=as_value) for index, row in enumerate(pairs, start=1)]
        more = [*_rows(form.get("test")), *_rows(form.get("stress"))]
        judges = [_example(f"J{index}", row, as_value=as_value) for index, row in enumerate(more, start=1)]
        given = len(examples) if "train" in form else 1 if len(examples) < GIVEN else GIVEN
        words = str(form.get("description") or form.get("title") or "")
        input_type = str(form.get("input_type") or "text")
        task = Task(str(form["id"]), words, input_type, output_type, (), tuple(examples[:given]))
        spare = tuple(examples[1:2]) if given == 1 else ()
        yield Case(task, (*examples, *judges), str(form.get("reference") or ""), spare)


def _rows(value: Json) -> list[Mapping[str, Json]]:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return [row for row in rows if MISSING not in str(row.get("output"))]


def _example(name: str, row: Mapping[str, Json], *, as_value: bool) -> Example:
    inputs = row.get("inputs")
    given = "\t".join(map(str, inputs)) if isinstance(inputs, list) else str(row.get("input"))
    return Example(name, given, str(row["output"]), as_value=as_value)


def measure(case: Case) -> Result:
    """Solve a case, with its questions answered, and judge the program."""
    start, task, questions, evaluations = time.process_time(), case.task, 0, 0
    while True:
        answer = solve(task, start=started)
        evaluations += answer.evaluations
        more = further(case, answer, questions)
        if more is None:
            break
        questions += 1
        task = replace(task, examples=(*task.examples, more))
    verdict, told = judged(answer, case.judges)
    return Result(case.task.name, verdict, questions, evaluations, time.process_time() - start, told)


def further(case: Case, answer: Verdict, questions: int) -> Example | None:
    """Give the example that the answer asks for: from the reference command, or one that was held back."""
    if isinstance(answer, Question) and case.reference and questions < ANSWERS:
        return answered(answer, case.reference, questions + 1)
    if not isinstance(answer, Accepted) and questions < len(case.spare):
        return case.spare[questions]
    return None


def started(script: str, text: str, seconds: float = FUSE) -> str | None:
    """Run a Python script in a fresh process, for so many seconds at most."""
    command = [sys.executable, "-I", "-c", script]
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=seconds)
    except subprocess.SubprocessError:
        return None
    return done.stdout


def answered(question: Question, reference: str, number: int) -> Example:
    """Verdict a question by the reference command."""
    done = subprocess.run(
        ["sh", "-c", reference], input=question.input.encode(), capture_output=True, check=False, env={"LC_ALL": "C"}
    )
    return Example(f"Q{number}", question.input, done.stdout.decode("utf-8", "replace"))


def judged(answer: Verdict, judges: tuple[Example, ...]) -> tuple[str, str]:
    """Give the verdict on an answer, and what there is to say about it."""
    if isinstance(answer, Refusal):
        return "refused", answer.reason
    if isinstance(answer, Question):
        return "asked", " / ".join(alternative.explanation for alternative in answer.alternatives)
    failed = [example.id for example in judges if not fits(answer.program, example)]
    told = " ".join(answer.program.steps)
    return ("wrong", f"{', '.join(failed)}: {told}") if failed else ("right", told)


def row(name: str, results: Sequence[Result]) -> str:
    """Give a line of the table: what became of the tasks of a suite, and what it took."""
    counts = Counter(result.verdict for result in results)
    accepted = counts["right"] + counts["wrong"]
    times = sorted(result.seconds for result in results) or [0.0]
    shown = (
        f"{len(results)}",
        *(f"{counts[verdict]}" for verdict in ("right", "asked", "refused", "wrong")),
        f"{counts['right'] / accepted:.0%}" if accepted else "-",
        f"{sum(result.questions for result in results)}",
        f"{sum(result.evaluations for result in results):,}",
        f"{times[len(times) // 2]:.2f} s",
        f"{times[-1]:.2f} s",
    )
    return f"| {name} | {' | '.join(shown)} |"


def main(arguments: Sequence[str]) -> None:
    """Measure every case of every file and print the table; before it, with `--cases`, what became of each."""
    suites: dict[str, list[Result]] = {}
    for path in (Path(argument) for argument in arguments if argument != "--cases"):
        suites[path.stem] = [measure(case) for case in cases(path)]
        for result in suites[path.stem] if "--cases" in arguments else ():
            numbers = f"{result.questions}q {result.evaluations:>7} {result.seconds:6.2f}s"
            sys.stdout.write(f"{result.verdict:<8}{numbers}  {result.name}: {result.told}\n")
    every = [result for results in suites.values() for result in results]
    rows = [*(row(name, results) for name, results in suites.items()), row("all", every)]
    sys.stdout.write("\n".join([HEADER, RULE, *rows]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
