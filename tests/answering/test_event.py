import json
from pathlib import Path

import pytest

from toolbuilder.answering.event import LARGEST, read_event
from toolbuilder.errors import FileIsWrong

GOOD = {
    "action": "created",
    "issue": {"number": 7, "pull_request": {"url": "x"}, "title": "more than is read"},
    "comment": {"body": "/toolbuilder status", "user": {"login": "ada", "type": "User", "id": 1}},
    "sender": {"login": "ada"},
}


def test_the_few_fields_are_read_and_the_rest_is_left(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(GOOD))
    event = read_event(tmp_path / "event.json")
    assert (event.issue.number, event.comment.body) == (7, "/toolbuilder status")
    assert event.comment.user is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "the file: "),
        (b'{"action": "opened", "pull_request": {}}', "issue: Field required"),
        (json.dumps({**GOOD, "issue": {"number": -1}}).encode(), "issue.number"),
        (json.dumps({**GOOD, "issue": {"number": "7; id"}}).encode(), "issue.number"),
        (json.dumps({**GOOD, "comment": {"body": "x", "user": {"login": "a b\n::error::", "type": "User"}}}).encode(), "comment.user.login"),
        (b" " * (LARGEST + 1), "at most"),
    ],
)  # fmt: skip
def test_what_is_no_event_about_a_comment_is_refused_in_a_line(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "event.json").write_bytes(content)
    with pytest.raises(FileIsWrong) as caught:
        read_event(tmp_path / "event.json")
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_an_event_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileIsWrong, match="cannot be read: No such file"):
        read_event(tmp_path / "event.json")
