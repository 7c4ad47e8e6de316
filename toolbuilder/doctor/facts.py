"""What is known of the surroundings, as values; what could not be found out says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

T = TypeVar("T")
TokenKind: TypeAlias = Literal["workflow", "app", "fine-grained", "classic", "oauth", "other"]


@dataclass(frozen=True)
class Unknown:
    """What could not be found out, and why."""

    why: str


Known: TypeAlias = T | Unknown


@dataclass(frozen=True)
class Machine:
    """This machine."""

    git: Known[tuple[int, ...]]  # its version
    git_needed: tuple[int, ...]
    python: tuple[int, ...]
    sandbox: Known[str]  # the kind that was seen to hold
    free_bytes: Known[int]  # where the repository lies


@dataclass(frozen=True)
class Engine:
    """Who would answer."""

    name: str  # what the settings ask for
    ladder: tuple[str, ...]  # who is asked, one after the other
    provider: str
    has_key: bool
    address: str  # of the provider's server, without credentials
    answers: Known[bool]  # whether anybody answers there


@dataclass(frozen=True)
class Signing:
    """Whether commits are signed, and whether that works."""

    wanted: bool
    author: str  # "Name <mail>"
    failure: str = ""  # why a signature cannot be made, or not be verified; empty: it can
    advice: str = ""


@dataclass(frozen=True)
class Tree:
    """The repository as it lies here."""

    has_commit: bool
    is_shallow: bool
    settings: str  # what is wrong with them; empty: nothing
    specs: Mapping[str, str]  # path -> what is wrong with it; empty: nothing
    has_workflow: bool
    set_up: str  # the version that `init` wrote; empty: it did not
    outdated: tuple[str, ...]  # what `init --update` would renew
    unsettled: tuple[str, ...]  # proposals that nobody has taken over yet


@dataclass(frozen=True)
class Remote:
    """The remote that builds are pushed to."""

    name: str
    refs: int  # how many of toolbuilder's it has
    failure: str  # why it cannot be read; empty: it can
    takes_refs: Known[str]  # why it takes no new ref below refs/toolbuilder/; empty: it does
    journal_refs: str  # "refs", or "branches" for a remote that takes nothing else


@dataclass(frozen=True)
class Token:
    """The token, of which nothing but its kind is ever told."""

    kind: TokenKind
    login: str  # who it speaks as
    scopes: tuple[str, ...] | None  # of a classic or an OAuth token


@dataclass(frozen=True)
class Policy:
    """What workflows may do by default, in a repository or an organisation."""

    token: str  # "read" or "write"
    may_propose: bool  # open pull requests


@dataclass(frozen=True)
class Environment:
    """An environment of GitHub Actions, which holds secrets."""

    branches: tuple[str, ...] | None  # that may use it, as patterns; None: all
    protected_only: bool  # those branches that a rule protects
    waits_for: int  # how many people or teams can be asked to let a job in
    secrets: Known[tuple[str, ...]]  # their names


@dataclass(frozen=True)
class Hub:
    """The repository on GitHub."""

    repository: str  # "owner/name"
    web: str  # the address of the host
    owner: str
    default_branch: str
    token: Known[Token]
    may_push: Known[bool]
    allowed: Known[str]  # which actions may run: "none", "local_only", "selected" or "all"
    policy: Known[Policy]
    organisation: Known[Policy] | None  # None: it belongs to a person
    tool_rules: Known[tuple[str, ...]]  # the types of rules that hold for toolbuilder/**
    default_rules: Known[tuple[str, ...]]
    building: Known[Environment | None]  # None: there is none
    publishing: Known[Environment | None]
    secrets: Known[tuple[str, ...]]  # of the repository
    has_app: Known[bool]
    archived: bool = False  # read-only
    takes_pull_requests: bool = True  # whether its owner left that feature on


@dataclass(frozen=True)
class Surroundings:
    """Everything that checks look at."""

    machine: Machine
    engine: Known[Engine]
    tree: Known[Tree]
    remote: Known[Remote]
    hub: Known[Hub]
    signing: Known[Signing]
