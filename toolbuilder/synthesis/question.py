"""The question that decides between two programs: the smallest input on which they differ, as YAML."""

import json
from dataclasses import replace

from toolbuilder.synthesis.mutation import Probe
from toolbuilder.synthesis.outcome import Alternative, Question
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.rivals import Difference
from toolbuilder.synthesis.task import OptionValue, Task
from toolbuilder.synthesis.trial import Outcome, run


def ask(task: Task, program: Program, difference: Difference, evaluations: int) -> Question:
    """Make the question of a difference, on an input cut down as far as the difference lasts."""
    probe = shrunk(program, difference.rival.program, difference.probe, task.input_type)
    alternatives = tuple(
        Alternative(other, str(_outcome(other, probe)), explanation(other, versus))
        for other, versus in ((program, difference.rival.program), (difference.rival.program, program))
    )
    outcomes = tuple(_outcome(alternative.program, probe) for alternative in alternatives)
    text = _yaml(task, probe, alternatives, outcomes)
    return Question(probe.input, alternatives, text, probe.options, evaluations)


def shrunk(one: Program, other: Program, probe: Probe, input_type: str) -> Probe:
    """Leave out lines of the input for as long as the programs still differ."""
    if input_type == "json":
        return probe
    lines, index = probe.input.splitlines(keepends=True), 0
    while index < len(lines):
        smaller = replace(probe, input="".join(lines[:index] + lines[index + 1 :]))
        if _differ(one, other, smaller):
            lines.pop(index)
            probe = smaller
        else:
            index += 1
    return probe


def explanation(program: Program, versus: Program) -> str:
    """Say what the program does that the other one does not."""
    own = [step for step in program.steps if step not in versus.steps]
    return " ".join(own or program.steps)


def _outcome(program: Program, probe: Probe) -> Outcome:
    return run(program, probe.input, probe.options, probe.files)


def _differ(one: Program, other: Program, probe: Probe) -> bool:
    here, there = _outcome(one, probe), _outcome(other, probe)
    return not here.same(there) and not here.crashed and not there.crashed


def _yaml(task: Task, probe: Probe, alternatives: tuple[Alternative, ...], outcomes: tuple[Outcome, ...]) -> str:
    lines = ["# Which output is right? Keep one of the two."]
    if probe.files:
        lines += ["- files:", *(f"    {_scalar(name)}: {_scalar(text)}" for name, text in probe.files.items())]
    else:
        lines.append(f"- input: {_scalar(probe.input)}")
    arguments = _arguments(task, probe)
    if arguments:
        lines.append(f"  args: {json.dumps(arguments, ensure_ascii=False)}")
    for mark, alternative, outcome in zip(("", "# "), alternatives, outcomes, strict=True):
        lines.append(f"  # {alternative.explanation}")
        lines += [f"  {mark}{line}" for line in _expected(task, outcome)]
    return "\n".join(lines) + "\n"


def _expected(task: Task, outcome: Outcome) -> list[str]:
    if outcome.exit_code:
        return ["exit_code: 2", f"stderr: {_scalar(outcome.output)}"]
    if task.output_type == "json":
        return [f"output: {json.dumps(json.loads(outcome.output), ensure_ascii=False)}"]
    return [f"output: {_scalar(outcome.output)}"]


def _scalar(text: str) -> str:
    """Write a text as a YAML double-quoted scalar, of which JSON's strings are a part."""
    return json.dumps(text, ensure_ascii=False)


def _arguments(task: Task, probe: Probe) -> list[str]:
    arguments: list[str] = []
    for option in task.options:
        value: OptionValue = probe.options.get(option.name, option.default)
        if value == option.default or value is None:
            continue
        arguments.append(f"--{option.name}")
        if option.type != "flag":
            arguments.append(str(value))
    return arguments
