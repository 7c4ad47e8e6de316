"""What the exit codes of a finished tool mean."""

from toolbuilder.spec import Spec

WRITTEN = "the result is written"
NOT_WRITTEN = "the result cannot be written"
NO_ANSWER = "the model gives no answer that fits, or the result cannot be written"
WRONG = "the arguments or the input are wrong"


def exit_codes(spec: Spec) -> tuple[tuple[int, str], ...]:
    """Give every exit code with its meaning."""
    return (0, WRITTEN), (1, NO_ANSWER if spec.intelligence == "runtime" else NOT_WRITTEN), (2, WRONG)
