from typing import Any

import pytest

from tests.answering.memory_forge import MemoryForge, pull
from tests.sabotage import Protection, assert_guarded
from toolbuilder.answering import answer as module
from toolbuilder.answering.answer import ANSWER, REFUSAL, Told, answer
from toolbuilder.answering.event import CommentEvent
from toolbuilder.errors import ForgeError

TOLD = Told(lambda tool: f"{tool} is fine", lambda tool: f"{tool} needs you")
EVIL = '`; rm -rf / #"$(id)${{ secrets.KEY }}\n::error::x\n@everyone <script> ../../x'


def event(body: str | None, login: str = "ada", kind: str = "User", *, action: str = "created", number: int = 7, on_pull: bool = True) -> CommentEvent:  # fmt: skip
    issue = {"number": number, "pull_request": {"url": "http://127.0.0.1"} if on_pull else None}
    comment = {"body": body, "user": {"login": login, "type": kind}, "author_association": "OWNER"}
    return CommentEvent.model_validate({"action": action, "issue": issue, "comment": comment})


@pytest.mark.parametrize(
    ("body", "stage", "feedback"),
    [
        ("/toolbuilder rerun verification", "verification", ""),
        ("/toolbuilder rerun generation Use a dict.\nKeep order.", "generation", "Use a dict.\nKeep order."),
        ("/toolbuilder regenerate", "generation", ""),
    ],
)
def test_a_rerun_is_dispatched_and_said(body: str, stage: str, feedback: str) -> None:
    forge = MemoryForge()
    assert answer(event(body), forge, TOLD) == f"started: dedupe from {stage}"
    inputs = {"tool": "dedupe", "from-stage": stage, "feedback": feedback}
    assert forge.dispatched == [("toolbuilder.yml", inputs)]
    assert f"built again from {stage}" in forge.comments[7, ANSWER]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("/toolbuilder status", "dedupe is fine"),
        ("/toolbuilder explain", "dedupe needs you"),
        ("/toolbuilder help", "`/toolbuilder rerun STAGE [FEEDBACK]`"),
        ("/toolbuilder statsu", "did you mean `status`?"),
    ],
)
def test_a_question_is_answered_at_once_and_starts_nothing(body: str, words: str) -> None:
    forge = MemoryForge()
    answer(event(body), forge, TOLD)
    assert words in forge.comments[7, ANSWER]
    assert forge.dispatched == []


@pytest.mark.parametrize("text", ["/toolbuilder rerun generation", "/toolbuilder status", "/toolbuilder nonsense"])
def test_a_stranger_is_refused_in_one_line_and_wipes_out_no_answer(text: str) -> None:
    forge = MemoryForge()
    answer(event("/toolbuilder status"), forge, TOLD)
    assert answer(event(text, "mallory"), forge, TOLD) == "refused: mallory has no write access"
    assert forge.dispatched == []
    assert forge.comments[7, ANSWER] == "dedupe is fine"
    assert forge.comments[7, REFUSAL].count("\n") == 0


@pytest.mark.parametrize(
    "given",
    [
        event("Looks good!"),
        event(None),
        event("/toolbuilder status", action="edited"),
        event("/toolbuilder status", action="deleted"),
        event("/toolbuilder status", on_pull=False),
        event("/toolbuilder status", kind="Bot"),
        event("/toolbuilder status", login="ada[bot]"),
        event(f"/toolbuilder status\n{ANSWER}"),
        event("/toolbuilder status", number=8),
        CommentEvent.model_validate({"action": "created", "issue": {"number": 7, "pull_request": {}}, "comment": {"body": "/toolbuilder status", "user": None}}),
    ],
)  # fmt: skip
def test_what_is_no_command_of_a_person_on_a_tool_is_left_alone(given: CommentEvent) -> None:
    forge = MemoryForge(writers=frozenset({"ada", "ada[bot]"}))
    assert answer(given, forge, TOLD).startswith("left alone: ")
    assert (forge.comments, forge.dispatched) == ({}, [])


@pytest.mark.parametrize("branch", ["main", "feature", "toolbuilder/../x", "toolbuilder/A", "toolbuilder/-x", "toolbuilder/a b", "toolbuilder-remove/dedupe", f"toolbuilder/{'x' * 64}", "toolbuilder/x\n"])  # fmt: skip
def test_a_branch_that_names_no_tool_is_left_alone(branch: str) -> None:
    forge = MemoryForge(pulls=(pull(branch=branch),))
    assert "branch of toolbuilder's" in answer(event("/toolbuilder rerun generation"), forge, TOLD)
    assert (forge.comments, forge.dispatched) == ({}, [])


def test_a_merged_tool_is_not_built_again_but_explained() -> None:
    forge = MemoryForge(pulls=(pull(state="merged"),))
    answer(event("/toolbuilder regenerate"), forge, TOLD)
    assert forge.dispatched == []
    assert "edit `specs/dedupe.yaml`" in forge.comments[7, ANSWER]
    answer(event("/toolbuilder explain"), forge, TOLD)
    assert forge.comments[7, ANSWER] == "dedupe needs you"


def test_a_closed_one_is_built_again_when_a_person_asks() -> None:
    forge = MemoryForge(pulls=(pull(state="closed"),))
    answer(event("/toolbuilder regenerate"), forge, TOLD)
    assert len(forge.dispatched) == 1


def test_a_refused_dispatch_is_answered_and_is_an_error() -> None:
    forge = MemoryForge(broken="POST dispatches: 404 ```\n@everyone")
    with pytest.raises(ForgeError):
        answer(event("/toolbuilder regenerate"), forge, TOLD)
    assert (
        forge.comments[7, ANSWER]
        == "That could not be done:\n\n````text\nPOST dispatches: 404 ```\n@\u200beveryone\n````"
    )


def check_strangers_start_nothing(answering: Any) -> None:
    forge = MemoryForge()
    answering.answer(event("/toolbuilder regenerate", "mallory"), forge, TOLD)
    assert forge.dispatched == []


def check_programs_start_nothing(answering: Any) -> None:
    forge = MemoryForge()
    answering.answer(event("/toolbuilder regenerate", kind="Bot"), forge, TOLD)
    assert forge.dispatched == []


def check_edits_start_nothing(answering: Any) -> None:
    forge = MemoryForge()
    answering.answer(event("/toolbuilder regenerate", action="edited"), forge, TOLD)
    assert forge.dispatched == []


def check_our_own_words_start_nothing(answering: Any) -> None:
    forge = MemoryForge()
    answering.answer(event(f"/toolbuilder regenerate\n{ANSWER}"), forge, TOLD)
    assert forge.dispatched == []


def check_only_a_valid_name_travels(answering: Any) -> None:
    forge = MemoryForge(pulls=(pull(branch="toolbuilder/$(id)"),))
    answering.answer(event("/toolbuilder regenerate"), forge, TOLD)
    assert forge.dispatched == []


def check_nothing_written_is_repeated(answering: Any) -> None:
    for body in (f"/toolbuilder {EVIL}", f"/toolbuilder rerun {EVIL}", f"/toolbuilder rerun generation {EVIL}"):
        forge = MemoryForge()
        answering.answer(event(body), forge, TOLD)
        assert not [part for part in EVIL.split() if len(part) > 2 and part in forge.comments[7, ANSWER]]
        assert all(inputs["tool"] == "dedupe" for _, inputs in forge.dispatched)


GUARDED: dict[str, Protection] = {
    "strangers": (check_strangers_start_nothing, "if not forge.may_write(author.login):", "if False:"),
    "programs": (check_programs_start_nothing, "author.type != PERSON or ", ""),
    "edits": (check_edits_start_nothing, 'if event.action != "created":', "if False:"),
    "our own words": (check_our_own_words_start_nothing, 'or OURS in (event.comment.body or "")', ""),
    "names": (check_only_a_valid_name_travels, "and re.fullmatch(HYPHENATED, tool)", ""),
    "repeating": (
        check_nothing_written_is_repeated,
        "return replies.started(asked, place.tool, place.login)",
        "return asked.feedback",
    ),
}


@pytest.mark.parametrize("protection", GUARDED.values(), ids=GUARDED)
def test_every_guard_is_needed(protection: Protection) -> None:
    assert_guarded(module, protection)
