import pytest

from toolbuilder.answering import replies
from toolbuilder.answering.asked import COMMANDS, Asked, asked_of


def test_the_help_names_every_command_and_what_it_names_is_understood() -> None:
    text = replies.help_text()
    assert all(f"`/toolbuilder {name}" in text for name in COMMANDS)
    assert [
        asked_of(f"/toolbuilder {name} generation" if name == "rerun" else f"/toolbuilder {name}") for name in COMMANDS
    ] == [Asked(name, "generation" if name in {"rerun", "regenerate"} else "") for name in COMMANDS]


@pytest.mark.parametrize(
    ("feedback", "words"), [("", "from generation."), ("say it", "from generation with the feedback.")]
)
def test_what_is_started_is_said_without_what_was_written(feedback: str, words: str) -> None:
    text = replies.started(Asked("rerun", "generation", feedback), "dedupe", "ada")
    assert words in text
    assert "say it" not in text


def test_an_error_cannot_leave_its_block_and_mentions_nobody() -> None:
    text = replies.failed("no ``` @everyone\n```\n# title")
    assert text.count("````") == 2
    assert "@everyone" not in text
