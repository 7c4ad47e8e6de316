"""How a call to a provider ends when it ends without an answer: each decorator acts on the class, not on the text.

Transient             the same question may be answered later: the retrying decorator waits and asks again
RejectedAnswer        an answer came and was billed, but is of no use: the next rung of the ladder is asked
ProviderRefuses       asking again changes nothing: a person has to change a setting
ProviderUnavailable   the retrying decorator has given up
"""

from toolbuilder.errors import AnswerRejected, ToolbuilderError
from toolbuilder.ports import Answer


class Transient(ToolbuilderError):
    """The provider did not answer this time.

    `retry_after` is in seconds, None where the provider does not say; `crowded` means that it asks for fewer calls;
    `maybe_billed` means that the call may have been answered, and paid for, without our knowing.
    """

    def __init__(
        self, reason: str, *, retry_after: float | None = None, crowded: bool = False, maybe_billed: bool = False
    ):
        super().__init__(reason)
        self.retry_after = retry_after
        self.crowded = crowded
        self.maybe_billed = maybe_billed


class RejectedAnswer(AnswerRejected):
    """An answer that was paid for and cannot be used; `answer` says what it took."""

    def __init__(self, reason: str, answer: Answer):
        super().__init__(reason)
        self.answer = answer


class ProviderRefuses(ToolbuilderError):
    """The provider will not answer before something is changed; the message says what."""


class ProviderUnavailable(ToolbuilderError):
    """The provider did not answer however often it was asked."""
