"""How long to wait before the same request is sent again: what GitHub names, else pauses that double."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from toolbuilder.adapters.github.failures import FAILED, NOT_YET, TOO_FAST, Refused
from toolbuilder.adapters.github.requests import Request
from toolbuilder.errors import ForgeError

A_MINUTE = 60.0  # what GitHub asks for where it names no time
_TEAM = re.compile(r"global id of '(?:t_|mdq6vgvhb)")  # as both kinds of ids of a team begin, in lower case
_SECONDS = re.compile(r"[0-9]{1,12}")
_LIMITED = frozenset({200, 403, 429})  # how an answer about a limit can come; 200 from GraphQL


@dataclass(frozen=True)
class Patience:
    """How long is waited for GitHub."""

    attempts: int = 5  # of one request
    waiting: float = 120.0  # seconds of pauses in a whole run
    request: float = 60.0  # seconds that one request may take in all
    first: float = 1.0  # seconds; the pauses double, each cut short by chance
    between: float = 1.0  # seconds between two requests that create something people are told of

    def pause(self, attempt: int, chance: float) -> float:
        """Give the seconds to wait after an attempt, counted from 0; `chance` lies between 0 and 1."""
        return self.first * 2.0**attempt * (0.5 + chance / 2)


class Failed(Exception):
    """An attempt failed; what GitHub said about waiting stands in the headers."""

    def __init__(self, error: ForgeError, headers: Mapping[str, str] | None = None):
        super().__init__()
        self.error = error
        self.headers = headers or {}


@dataclass(frozen=True)
class Wait:
    """The seconds to wait; `asked` where GitHub asked for them."""

    seconds: float
    asked: bool = field(default=False)


def wait_after(request: Request, failed: Failed, backoff: float, now: float) -> Wait | None:
    """Say how long to wait before the same request is sent again, None where that would not help; `now`: Unix time."""
    if not isinstance(failed.error, Refused):  # nothing came back: whether it was done is not known
        return Wait(backoff) if request.repeatable else None
    status, said = failed.error.status, failed.error.said
    may_be_later = status in _LIMITED or (status >= 500 and request.repeatable)
    if may_be_later and (named := _named(failed.headers, now)) is not None:
        return Wait(named, asked=True)
    if status == 429 or any(words in said for words in TOO_FAST):
        return Wait(A_MINUTE, asked=True)
    if _TEAM.search(said):  # one that this token may not see, now or later
        return None
    if NOT_YET in said or (request.fresh and status == 404):
        return Wait(backoff)
    return Wait(backoff) if (status >= 500 or FAILED in said) and request.repeatable else None


def _named(headers: Mapping[str, str], now: float) -> float | None:
    if _SECONDS.fullmatch(after := headers.get("retry-after", "")):
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and _SECONDS.fullmatch(reset):
        return max(0.0, int(reset) - now) + 1  # it ends somewhere in that second
    return None
