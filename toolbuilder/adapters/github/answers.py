"""What is read of GitHub's answers; everything else in them is left alone."""

from pydantic import BaseModel, ConfigDict

from toolbuilder.ports import PullRequest


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(_Answer):
    """A repository as a pull request names it."""

    full_name: str


class Repository(_Answer):
    """A repository."""

    default_branch: str


class User(_Answer):
    """Somebody, or something."""

    login: str


class Label(_Answer):
    """A label."""

    name: str


class Team(_Answer):
    """A team of an organisation."""

    slug: str


class End(_Answer):
    """One end of a pull request."""

    ref: str
    sha: str
    repo: Named | None = None  # None: the fork is gone


class Pull(_Answer):
    """A pull request."""

    number: int
    html_url: str
    node_id: str
    state: str
    draft: bool = False
    merged_at: str | None = None
    title: str
    body: str | None = None
    head: End
    base: End
    user: User | None = None  # None: the account is gone
    labels: tuple[Label, ...] = ()
    requested_reviewers: tuple[User, ...] = ()
    requested_teams: tuple[Team, ...] = ()

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of its labels."""
        return tuple(label.name for label in self.labels)

    def as_port(self) -> PullRequest:
        """Give it as the door has it."""
        return PullRequest(
            number=self.number,
            url=self.html_url,
            branch=self.head.ref,
            state="merged" if self.merged_at else "open" if self.state == "open" else "closed",
            draft=self.draft,
            tip=self.head.sha,
            title=self.title,
            body=unix(self.body or ""),
            labels=self.label_names,
        )


class Comment(_Answer):
    """A comment on a pull request."""

    id: int
    body: str | None = None
    user: User | None = None


class Permission(_Answer):
    """What somebody may do: admin, write, read or none; `maintain` counts as write, `triage` as read."""

    permission: str


class _Viewer(_Answer):
    viewer: User


class Viewer(_Answer):
    """Who a token speaks as."""

    data: _Viewer


def unix(text: str) -> str:
    """Give a text as it was sent: GitHub gives it back with other line ends."""
    return text.replace("\r\n", "\n").rstrip()
