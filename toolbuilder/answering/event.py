"""What GitHub says about a new comment: the few fields that are read, whatever else the event holds."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from toolbuilder.errors import FileIsWrong, Problem

LARGEST = 8 << 20  # bytes; GitHub's own limit for an event lies below
PERSON = "User"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Author(_Part):
    """Who wrote it, as the forge says; the text of a comment says nothing about that."""

    login: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,100}(\[bot\])?$")
    type: str


class Comment(_Part):
    """What was written."""

    body: str | None
    user: Author | None  # None: the account is gone


class Issue(_Part):
    """Where it was written; only a pull request has the part that is called so."""

    number: int = Field(ge=1)
    pull_request: dict[str, object] | None = None


class CommentEvent(_Part):
    """An `issue_comment` event."""

    action: str
    issue: Issue
    comment: Comment


def read_event(path: Path) -> CommentEvent:
    """Read the file of an event. Raises FileIsWrong when it is no event about a comment."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise FileIsWrong([Problem(str(path), 0, 0, f"the event cannot be read: {error.strerror}")]) from None
    if len(content) > LARGEST:
        raise FileIsWrong([Problem(str(path), 0, 0, f"an event has at most {LARGEST} bytes")])
    try:
        return CommentEvent.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        what = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise FileIsWrong([Problem(str(path), 0, 0, f"this is no `issue_comment` event of GitHub's: {what}")]) from None
