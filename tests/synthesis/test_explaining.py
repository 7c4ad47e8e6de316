from dataclasses import replace

from tests.synthesis.synthesis_tasks import GREETING, LOG_LEVELS, cli20, lines_task, solved
from toolbuilder.synthesis import Accepted, Question, Refusal
from toolbuilder.synthesis.explaining import explanation, source
from toolbuilder.synthesis.nearest import nearest_operations, unknown_words

OPEN = lines_task("Change the lines.", ("b\na\n", "a\nb\n"))
ODD = lines_task("Interleave the stanzas of a poem backwards.", ("b\na\n", "x\n"), ("c\n", "y\n"))


def test_an_accepted_program_is_shown_with_the_evidence_for_it_and_what_it_does_elsewhere() -> None:
    verdict = solved(LOG_LEVELS)
    assert isinstance(verdict, Accepted)
    words = explanation(LOG_LEVELS, verdict)
    assert words.startswith("log-levels: accepted. The program fits 4 examples; that is evidence, not proof.\n")
    assert "For inputs that no example shows, it prints:" in words
    assert "It refuses these inputs:" in words
    assert "".join(f"    {line}".rstrip() + "\n" for line in source(verdict.program).splitlines()) in words
    assert words.endswith(f"\nEvaluations: {verdict.evaluations}.")


def test_constants_alternatives_and_unnamed_steps_are_told_with_what_speaks_for_them() -> None:
    told = ""
    for task, _ in cli20():
        verdict = solved(task)
        told += explanation(task, verdict)
    assert "Steps that the description does not name:" in told
    assert "not named in the description, shown by E1, E2" in told
    assert "Alternatives that fit too, and what tells them apart:" in told


def test_a_program_that_streams_is_shown_as_a_stream() -> None:
    task = next(task for task, _ in cli20() if task.name == "jsonl_filter")
    words = explanation(task, solved(task))
    assert "It works line by line." in words
    assert "-> Iterator[str]:" in words


def test_a_question_is_ready_to_be_pasted() -> None:
    verdict = solved(OPEN)
    assert isinstance(verdict, Question)
    words = explanation(OPEN, verdict)
    assert "".join(f"    {line}\n" for line in verdict.yaml.splitlines()) in words
    assert words.count("  - Read the lines.") == 2


def test_a_refusal_names_the_example_the_words_and_the_operations() -> None:
    verdict = solved(ODD)
    assert isinstance(verdict, Refusal)
    assert (verdict.words, verdict.example_id) == (("Interleave", "stanzas", "poem"), "E1")
    words = explanation(ODD, verdict)
    assert words.startswith("task: no program that one may trust (example E1): ")
    assert "Words of the description that no operation knows:\n  - Interleave\n" in words
    assert "Operations of which it speaks most:\n  - Turn their order round.\n" in words


def test_a_word_that_examples_options_or_operations_know_is_not_unknown() -> None:
    assert unknown_words(replace(GREETING, description="Greet Zebedee politely.")) == ("Greet", "Zebedee", "politely")
    known = lines_task("Sort the zebras.", ("zebra b\n", "zebra b\n"))
    assert unknown_words(known) == ()


def test_the_operations_that_a_description_names_come_first() -> None:
    assert nearest_operations(lines_task("Remove duplicates.", ("a\n", "a\n")))[0].startswith("Drop repetitions")
    assert nearest_operations(lines_task("Do it.", ("a\n", "a\n"))) == ()
