"""What can go wrong, by consequence: the class says what happens now, the message says what to type next.

ToolbuilderError            1    it failed; nothing that was finished is lost
├── FileIsWrong             2    a file or an argument of the user is wrong; every problem located
├── NeedsPerson             3    a person has to decide or correct something; finished stages stay committed
│   └── MergeConflict       3    two commits cannot be merged by rule; nothing was overwritten
├── BudgetReached           4    the money cap stops the build; it resumes where it stopped
├── SandboxUnavailable      1    generated code cannot be run safely on this machine
├── RepositoryError         1    git refused; the message carries the command and its output
├── ForgeError              1    the forge refused; the message says which request, and what to change there
│   └── ForgeBusy           1    the forge asks for more patience than a run has; what remains is left to the next run
├── AnswerMissing           1    replay needs an answer that the journal does not hold
├── AnswerRejected          -    an answer does not fit its schema: the next rung of the ladder is asked
└── RaceLost                -    somebody else moved the ref: read everything again and start from the top
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a file; `line` and `column` count from 1, 0 means the file as a whole."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Give `file:line:column: message`, the form that editors and compilers share."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}" if self.line else f"{self.file}: {self.message}"


class ToolbuilderError(Exception):
    """An error whose message can be shown to a person as it is."""

    exit_code = 1


DEBUG = "TOOLBUILDER_DEBUG"


def a_bug(error: Exception) -> str:
    """Say that toolbuilder itself is wrong, and how its traceback is seen."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"this is a bug of toolbuilder: {what}; nothing that was finished is lost; {DEBUG}=1 shows where it happened"


def explained(error: OSError) -> str:
    """Say what the system refused, and where."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}; nothing that was finished is lost"


class FileIsWrong(ToolbuilderError):
    """A spec, an artifact, a pattern or an argument is wrong; `problems` holds every problem found."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class NeedsPerson(ToolbuilderError):
    """The machine has done what it can: `findings` say what failed, `advice` says what to change."""

    exit_code = 3

    def __init__(self, message: str, *, findings: Sequence[str] = (), advice: str = ""):
        super().__init__(
            "\n".join([message, *(f"  - {finding}" for finding in findings), *([advice] if advice else [])])
        )
        self.message = message
        self.findings = tuple(findings)
        self.advice = advice


class MergeConflict(NeedsPerson):
    """Two commits have changed the same places; `paths` are in conflict."""

    def __init__(self, message: str, *, paths: Sequence[str], advice: str = ""):
        shown = [path if path.isprintable() else ascii(path) for path in paths]  # a name can move a terminal's cursor
        super().__init__(message, findings=[f"{path} is in conflict" for path in shown], advice=advice)
        self.paths = tuple(paths)


class BudgetReached(ToolbuilderError):
    """The next call could cost more than what is left."""

    exit_code = 4


class SandboxUnavailable(ToolbuilderError):
    """No sandbox works here, or the sandbox itself failed; never the result of the command inside."""


class RepositoryError(ToolbuilderError):
    """A git command failed."""


class RefBroken(RepositoryError):
    """Where a ref should name a commit stands something that git cannot read, and will not overwrite or delete."""

    def __init__(self, ref: str):
        super().__init__(f'{ref} is broken, `git fsck` says how; `rm "$(git rev-parse --git-path {ref})"` removes it')


class ForgeError(ToolbuilderError):
    """The forge refused a request, or could not be reached."""


class ForgeBusy(ForgeError):
    """The forge asks to wait longer than this run may: whoever works through a list leaves the rest of it."""


class AnswerMissing(ToolbuilderError):
    """A replay met a question whose answer was never journalled."""


class AnswerRejected(ToolbuilderError):
    """A backend declines a question, or its answer cannot be used."""


class AnswerMisfits(AnswerRejected):
    """An answer is not of the shape that was asked for, or may not be kept; the next rung is told why."""


class RaceLost(ToolbuilderError):
    """A compare-and-swap on a ref failed because the ref had moved."""
