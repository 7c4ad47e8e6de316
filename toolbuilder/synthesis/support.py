"""What speaks for a program: the examples behind its constants, and the words behind its operations."""

import re
from collections.abc import Sequence

from toolbuilder.synthesis.constants import mine
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.options import about, speaks_of, told_of
from toolbuilder.synthesis.outcome import Support
from toolbuilder.synthesis.program import Program, sentence
from toolbuilder.synthesis.task import Example, Task
from toolbuilder.synthesis.terms import Call, Literal, Variable, literals_of, walk
from toolbuilder.synthesis.words import CLEAR, NUMBERS, ORDINALS, Vocabulary, main_sentence, said, tokens, vocabulary

SAID_ELSEWHERE = frozenset({"Message", "Choice", "Meanings"})  # an error example and the option itself speak for these
UNREMARKABLE = 2  # operations up to this cost need no name in the description


def constants(task: Task, program: Program) -> tuple[Support, ...]:
    """Give the constants of the program with the examples that show them."""
    good = [example for example in task.examples if not example.exit_code]
    cheap = {literal for literal, cost in mine(task) if not cost}
    literals = [literal for literal in literals_of(program.term) if literal.kind not in SAID_ELSEWHERE]
    return tuple(_support(task, literal, good, named=literal in cheap) for literal in literals)


def _support(task: Task, literal: Literal, good: Sequence[Example], *, named: bool) -> Support:
    texts = literal.value if isinstance(literal.value, tuple) else (literal.value,)
    shown = tuple(example.id for example in good if all(_shows(example, text) for text in texts))
    return Support(", ".join(map(str, texts)), shown, named or all(_named(task, text) for text in texts))


def _shows(example: Example, value: object) -> bool:
    """Tell whether the example bears on the constant; one without an output shows no number."""
    if not isinstance(value, str):
        return bool(example.expected)
    return value in example.input or value in (example.expected or "") or value in "".join(example.files.values())


def _named(task: Task, value: object) -> bool:
    words = said(task)
    if isinstance(value, str):
        return value in words or (bool(tokens(value)) and tokens(value) <= tokens(words))
    spelled = {word for word, number in {**NUMBERS, **ORDINALS}.items() if number == value}
    return bool(tokens(" ".join(sorted(spelled)) + f" {value}") & tokens(words))


def lonely(supports: Sequence[Support]) -> Support | None:
    """Give the first constant that neither the description names nor two examples show."""
    return next((support for support in supports if not support.named and len(support.examples) < 2), None)


def unheeded(task: Task, program: Program) -> list[str]:
    """Give the words of the description that clearly ask for an operation which the program does not have."""
    words = vocabulary(task)
    left = {stemmed for stemmed, weight in words.weights.items() if weight >= CLEAR}
    left -= words.all_explained(program.term)
    return [
        word for word in re.findall(r"[\w-]+", main_sentence(task)) if tokens(word) & left and not word.startswith("--")
    ]


def unasked(task: Task, program: Program) -> tuple[str, str] | None:
    """Give a flag and the steps that it takes, where none of them is what the words about the flag speak of."""
    flags = {option.variable: option for option in task.options if option.type == "flag"}
    words = vocabulary(task)
    for choice in walk(program.term):
        match choice:
            case Call("when", (Variable(name, _), one, other)) if name in flags:
                steps = list(dict.fromkeys(step for step in (*walk(one), *walk(other)) if isinstance(step, Call)))
                own = [step for step in steps if (step in walk(one)) != (step in walk(other))]
                asked = told_of(task, flags[name])
                silent = [step for step in own if _silent(words, step)]
                if silent or not any(speaks_of(step.operation, asked) for step in own):
                    return flags[name].name, " ".join(dict.fromkeys(map(sentence, own)))
    return None


def _silent(words: Vocabulary, step: Call) -> bool:
    """Tell whether the description says nothing at all of the step."""
    return CATALOGUE[step.operation].cost > UNREMARKABLE and not words.explained(step.operation)


def forgotten(task: Task, program: Program) -> tuple[str, str] | None:
    """Give a flag and an option that does nothing where the flag is set, or only there, though nobody says so."""
    flags = {option.variable: option for option in task.options if option.type == "flag"}
    for choice in walk(program.term):
        match choice:
            case Call("when", (Variable(name, _), one, other)) if name in flags:
                used, unused = (
                    {inner.name for inner in walk(part) if isinstance(inner, Variable)} for part in (one, other)
                )
                said_of = tokens(about(task, flags[name]))
                for option in task.options:
                    lost = (option.variable in used) != (option.variable in unused)
                    if lost and not tokens(option.name) & said_of:
                        return flags[name].name, option.name
    return None


def unnamed(task: Task, program: Program) -> tuple[str, ...]:
    """Describe the operations that the description does not name."""
    words = vocabulary(task)
    calls = [inner for inner in walk(program.term) if isinstance(inner, Call)]
    return tuple(
        dict.fromkeys(
            sentence(call)
            for call in calls
            if CATALOGUE[call.operation].cost > UNREMARKABLE and not words.explained(call.operation)
        )
    )
