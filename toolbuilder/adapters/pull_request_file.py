"""A pull request as a file: what is known of it in front, as YAML, then its text in Markdown."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.ports import PullRequest
from toolbuilder.yaml_files.models import read_model, write_model

_FENCE = "---\n"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Remark(_Part):
    """A comment; the marker says which it is."""

    marker: str
    text: str


class Front(_Part):
    """What stands in front of a pull request's text."""

    number: int
    branch: str
    state: Literal["open", "closed", "merged"]
    draft: bool
    tip: str
    title: str
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    comments: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Page:
    """One pull request, and its file."""

    path: Path
    front: Front
    body: str

    def with_front(self, **changes: object) -> "Page":
        """Give it with something else known of it."""
        return Page(self.path, self.front.model_copy(update=changes), self.body)

    def as_port(self) -> PullRequest:
        """Give it as the door has it."""
        front = self.front
        return PullRequest(
            front.number, str(self.path), front.branch, front.state, front.draft, front.tip, front.title, self.body,
            front.labels,
        )  # fmt: skip

    def with_comment(self, marker: str, text: str) -> "Page":
        """Give it with the comment that carries a marker in place."""
        others = tuple(remark for remark in self.front.comments if remark.marker != marker)
        return self.with_front(comments=(*others, Remark(marker=marker, text=text)))

    def write(self) -> "Page":
        """Put it in place, whole or not at all."""
        text = f"{_FENCE}{write_model(self.front).decode()}{_FENCE}\n{self.body}\n"
        draft = self.path.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.path)
        return self


def read_page(path: Path) -> Page:
    """Give the pull request that a file holds. Raises FileIsWrong with every problem located."""
    try:
        text = path.read_text(encoding="utf-8")
    except ValueError:
        raise FileIsWrong([Problem(str(path), 0, 0, "is not UTF-8")]) from None
    begin, _, rest = text.partition(_FENCE)
    front, fence, body = rest.partition(f"\n{_FENCE}")
    if begin or not fence:
        raise FileIsWrong([Problem(str(path), 1, 1, "the file is to begin with `---`, keys, and `---` again")])
    return Page(path, read_model(f"\n{front}\n".encode(), str(path), Front), body.strip())
