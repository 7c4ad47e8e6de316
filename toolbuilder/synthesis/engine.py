"""The engine: which program do these examples determine, if they determine one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from toolbuilder.synthesis.evidence import objection
from toolbuilder.synthesis.fresh import Start, failing
from toolbuilder.synthesis.mutation import Probe, probes
from toolbuilder.synthesis.nearest import nearest_operations, unknown_words
from toolbuilder.synthesis.outcome import (
    Accepted,
    AmbiguityReport,
    Behaviour,
    Budget,
    Refusal,
    Rejected,
    Verdict,
)
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.question import ask, explanation
from toolbuilder.synthesis.rivals import Difference, differences, rivals
from toolbuilder.synthesis.scope import Meter
from toolbuilder.synthesis.search import Candidate, search
from toolbuilder.synthesis.simplify import simplified
from toolbuilder.synthesis.support import constants, unnamed
from toolbuilder.synthesis.task import Example, Task
from toolbuilder.synthesis.trial import Outcome, fits, run
from toolbuilder.synthesis.validation import validated
from toolbuilder.synthesis.words import tokens

CLOSE = 1  # a rival this little worse is asked about when inputs like those of the examples tell the two apart
NAMED_AS_WELL = 2  # the same for a rival for which the description speaks as much, on any input
NOTHING = frozenset({"", "{}", "[]"})  # what is printed of nothing; whether that is refused is no question
FEWEST = 2  # good examples that a program found with fewer than all of them has to come from
SHOWN = 8  # nasty inputs in a report
SEMANTIC = "summarise summarize translate paraphrase classify sentiment rewrite explain recommend suggest brainstorm"
ADVICE = "say `intelligence: runtime` in the spec, and the finished tool asks a model"


def solve(task: Task, budget: Budget | None = None, start: Start | None = None) -> Verdict:
    """Find a program for the task: accept it, ask for the example that decides, or refuse and say why.

    With `start`, which starts a process, an accepted program has also run in one of its own.
    """
    answer = _answer(task, budget or Budget())
    if isinstance(answer, Refusal):
        return replace(answer, words=unknown_words(task), operations=nearest_operations(task))
    return answer if start is None else confirmed(task, answer, start)


def confirmed(task: Task, answer: Verdict, start: Start) -> Verdict:
    """Give the answer, unless it is a program that fails in a process of its own."""
    failed = failing(answer.program, task.examples, start) if isinstance(answer, Accepted) else None
    if failed is None or not isinstance(answer, Accepted):
        return answer
    reason = "the program fits the examples, but not when it runs in a process of its own"
    return Refusal(reason, failed, _told(answer.program), answer.evaluations)


def _answer(task: Task, budget: Budget) -> Verdict:
    meter = Meter(budget.evaluations)
    good = [example for example in task.examples if not example.exit_code]
    if not good:
        return Refusal("there is no example that shows an output", task.examples[0].id if task.examples else None)
    searched = search(task, meter)
    candidates = _fitting(task, searched)
    meaning = sorted(tokens(SEMANTIC) & tokens(task.description))
    if meaning and not _wordless(good) and (not candidates or candidates[0].score > len(candidates[0].program.steps)):
        return Refusal(f"the description asks for judgement, which examples do not determine: {ADVICE}", good[0].id)
    if not candidates:
        return _unrefusing(task, searched, meter) or _from_fewer(task, meter)
    return _judged(task, candidates, meter)


def _wordless(good: Sequence[Example]) -> bool:
    """Tell whether the outputs are JSON without a text in it: whatever they sum up, no judgement is in the words."""
    return all(example.as_value and '"' not in re.sub(r'"[^"]*"\s*:', "", example.expected or "") for example in good)


def _fitting(task: Task, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the candidates that fit every example when they run as they are emitted, wrong inputs included."""
    good = [example for example in task.examples if not example.exit_code]
    found: list[Candidate] = []
    for candidate in candidates:
        if all(fits(candidate.program, example) for example in good):
            program = validated(task, candidate.program)
            found += [replace(candidate, program=program)] if program else []
    return found


def _judged(task: Task, candidates: Sequence[Candidate], meter: Meter) -> Verdict:
    tried = probes(task)
    best = replace(candidates[0], program=simplified(task, candidates[0].program, tried))
    against = objection(task, candidates[0].program, best)
    if against is not None:
        return Refusal(*against, _told(best.program), meter.spent)
    candidates = [best, *candidates[1:]]
    found = differences(best.program, rivals(task, candidates), tried, _matters)
    doubt = next((difference for difference in found if _matters(difference)), None)
    if doubt is not None:
        return ask(task, best.program, doubt, meter.spent)
    behaviours, refused = _behaviours(best.program, tried)
    report = AmbiguityReport(
        fits=len(task.examples),
        unnamed=unnamed(task, best.program),
        constants=constants(task, best.program),
        rejected=tuple(_rejected(best.program, difference) for difference in found),
        behaviours=behaviours,
        refused=refused,
    )
    return Accepted(best.program, report, meter.spent)


def _matters(difference: Difference) -> bool:
    """Tell whether a difference leaves the program in doubt."""
    rival = difference.rival
    if difference.there.exit_code or (difference.here.exit_code and difference.there.output.strip() in NOTHING):
        return False
    if difference.probe.familiar and rival.gap <= CLOSE:
        return True
    return rival.named and rival.gap <= NAMED_AS_WELL


def _rejected(program: Program, difference: Difference) -> Rejected:
    said = explanation(difference.rival.program, program)
    return Rejected(said, difference.probe.input, str(difference.there), str(difference.here))


def _behaviours(program: Program, tried: Sequence[Probe]) -> tuple[tuple[Behaviour, ...], tuple[Behaviour, ...]]:
    """Give what the program makes of nasty inputs, and with what messages it refuses others."""
    nasty = [probe for probe in tried if not probe.familiar][:SHOWN]
    outcomes = [(probe.input, run(program, probe.input, {}, probe.files)) for probe in nasty]
    given = tuple(Behaviour(text, outcome.output) for text, outcome in outcomes if not outcome.exit_code)
    refused = tuple(Behaviour(text, outcome.output) for text, outcome in outcomes if outcome.exit_code == 2)
    return given, refused


def _plain(outcome: Outcome) -> str:
    return repr(str(outcome).removesuffix("\n"))


def _told(program: Program) -> str:
    return " ".join(program.steps)


def _unrefusing(task: Task, searched: Sequence[Candidate], meter: Meter) -> Refusal | None:
    """Blame the first wrong input that no program refuses, where the outputs shown do have a program."""
    good, bad = ([one for one in task.examples if bool(one.exit_code) == wrong] for wrong in (False, True))
    best = next((one.program for one in searched if all(fits(one.program, example) for example in good)), None)
    if best is None or not bad:
        return None
    alone = (one for one in bad if validated(replace(task, examples=(*good, one)), best) is None)
    blamed = next(alone, bad[-1])
    reason = f"no program was found that gives the outputs shown and refuses the input of {blamed.id} as it says"
    given = run(best, blamed.input, blamed.options, blamed.files)
    return Refusal(reason, blamed.id, f"{_told(best)} This gives {_plain(given)} for that input.", meter.spent)


def _from_fewer(task: Task, meter: Meter) -> Verdict:
    """Find the longest run of first examples that has a program: one that fits them all, or else where it fails."""
    good = [example for example in task.examples if not example.exit_code]
    for count in range(len(good) - 1, 0, -1):
        shorter = replace(task, examples=tuple(good[:count]))
        candidates = _fitting(shorter, search(shorter, Meter(meter.limit // 4)))
        whole = _fitting(task, candidates) if count >= FEWEST else []
        if whole:
            return _judged(task, whole, meter)
        if candidates:
            return _missed(candidates[0].program, good[count], meter)
    return Refusal("no program was found that gives the first example", good[0].id, None, meter.spent)


def _missed(program: Program, example: Example, meter: Meter) -> Refusal:
    given = run(program, example.input, example.options, example.files)
    nearest = f"{_told(program)} This gives {_plain(given)} instead of {example.expected!r}."
    return Refusal(
        f"no program was found that gives example {example.id} and those before it", example.id, nearest, meter.spent
    )
