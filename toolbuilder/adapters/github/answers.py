"""What is read of GitHub's answers; everything else in them is left alone."""

from pydantic import BaseModel, ConfigDict, Field

from toolbuilder.ports import PullRequest

OWN = "toolbuilder"  # the label of every pull request, and the first word of the others


def label_name(shown: str) -> str:
    """Give a label's name as toolbuilder knows it: GitHub keeps the capitals of whoever made it, but ignores them."""
    plain = shown.lower()
    return plain if plain.split(":")[0] == OWN else shown


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
    def shown_labels(self) -> tuple[str, ...]:
        """The names of its labels, as GitHub shows them."""
        return tuple(label.name for label in self.labels)

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of its labels, as toolbuilder knows them."""
        return tuple(map(label_name, self.shown_labels))

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


class _State(_Answer):
    is_draft: bool = Field(alias="isDraft")


class _Done(_Answer):
    pull: _State = Field(alias="pullRequest")


class _Switched(_Answer):
    done: _Done


class Switched(_Answer):
    """What became of a pull request that was to be a draft, or ready."""

    data: _Switched

    @property
    def draft(self) -> bool:
        """Whether it is a draft now."""
        return self.data.done.pull.is_draft


def unix(text: str) -> str:
    """Give a text as it was sent: GitHub gives it back with other line ends."""
    return text.replace("\r\n", "\n").rstrip()
