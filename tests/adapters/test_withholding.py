"""What of an answer is kept: never a text that seems to hold a credential, and never a word of the credential."""

import json
from functools import partial
from typing import Any

import pytest
from anthropic.types import Message

from tests.adapters.anthropic.peer import QUESTION, message
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters import withholding
from toolbuilder.adapters.anthropic import answers
from toolbuilder.ports import Answer

SECRET = "sk-ant-" + "a" * 24  # made up, and put together here so that no scanner takes it for a real one
TOKEN = "ghp_" + "b" * 30
FINE = ["", "{", '{"source": "KEY = 1\\n"}', '{"a": [1, null, {"b": "sk-short"}]}', '"x"', "no JSON", "[" * 100_000]


def kept(part: Any, text: str) -> Answer:
    answer: Answer = part.as_kept(Answer(text, "anthropic", "model", 10, 5, cost_usd=0.5))
    assert "aaaa" not in str(answer)
    assert "bbbb" not in str(answer)
    return answer


def what_is_fine_stays_as_it_is(text: str, part: Any) -> None:
    answer = Answer(text, "anthropic", "model")
    assert part.as_kept(answer) is answer


def it_is_named_by_its_place(text: str, where: str, part: Any) -> None:
    answer = kept(part, text)
    assert (answer.text, answer.input_tokens, answer.cost_usd) == ("", 10, 0.5)
    assert answer.withheld.startswith(f"{where} holds what looks like ")
    assert answer.withheld.endswith(f"; {withholding.ADVICE}")


def the_first_of_many_are_named(part: Any) -> None:
    told = kept(part, json.dumps([SECRET, *(f"{end * line}{TOKEN}" for line, end in enumerate("\n" * 9))])).withheld
    assert (told.count("holds"), "; and 5 more; " in told) == (5, True)


def an_answer_that_arrives_is_looked_at(part: Any) -> None:
    said = Message.model_validate(message(json.dumps({"name": f"\n{SECRET}"})))
    answer = part.answer_of(said, QUESTION, "model-small", "anthropic")
    assert "aaaa" not in str(answer)
    assert (answer.text, answer.input_tokens, answer.output_tokens) == ("", 10, 5)
    assert answer.withheld.startswith("name: line 2 holds what looks like an API key; ")


def named(value: object, where: str) -> Any:
    return partial(it_is_named_by_its_place, value if isinstance(value, str) else json.dumps(value), where)


PLACES: list[tuple[object, str]] = [
    ({"source": f'"""Doc."""\n\nKEY = "{SECRET}"\n'}, "source: line 3"),
    ({"files": [{"path": "a", "body": f"x\n{TOKEN}"}]}, "files.body: line 2"),
    (f"\n{SECRET}", "the answer: line 2"),
    ({SECRET: 1}, "the answer: line 1"),
    ({"found": {TOKEN: 1}}, "found: line 1"),
    ({SECRET: TOKEN}, "the answer: line 1"),
    (f'{{"a": "{SECRET}", "a": "x"}}', "a: line 1"),
    ('{"a": "' + SECRET.replace("-", "\\u002d") + '"}', "a: line 1"),
    (f'{{"source": "x\\n{SECRET}', "the answer: line 1"),
    (SECRET, "the answer: line 1"),
    ("[" * 100_000 + SECRET, "the answer: line 1"),
]
GUARDED: list[Protection] = [
    (named(*PLACES[0]), 'text="", withheld=', "withheld="),
    (named(*PLACES[0]), "yield from _in_value(inner,", "yield from _in_value(None,"),
    (named(*PLACES[1]), "    elif isinstance(value, list):", "    elif isinstance(value, dict):"),
    (named(*PLACES[4]), "        yield path or THE_ANSWER, name\n", ""),
    (named(*PLACES[5]), '"?"', "name"),
    (named(*PLACES[6]), ", object_pairs_hook=list", ""),
    (named(*PLACES[8]), "yield THE_ANSWER, text", "yield THE_ANSWER, json.dumps(text)[:2]"),
    (the_first_of_many_are_named, "found[:MOST_NAMED], *more", "found"),
    *((partial(what_is_fine_stays_as_it_is, text), "    if not found:", "    if not answer.text:") for text in FINE[1:]),
]  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_what_holds_no_credential_stays_as_it_is(text: str) -> None:
    what_is_fine_stays_as_it_is(text, withholding)


@pytest.mark.parametrize(("value", "where"), PLACES)
def test_a_credential_is_named_by_its_place_and_not_repeated(value: object, where: str) -> None:
    named(value, where)(withholding)


@pytest.mark.parametrize("protection", GUARDED)
def test_what_withholds_an_answer_is_guarded(protection: Protection) -> None:
    assert_guarded(withholding, protection)


def test_every_answer_of_a_provider_is_looked_at() -> None:
    assert_guarded(answers, (an_answer_that_arrives_is_looked_at, "return as_kept(answer)", "return answer"))
