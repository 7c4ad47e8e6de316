"""What the five stages produce: one typed artifact each, and the manifest that says what is done.

Artifacts are YAML files that people read and may correct; `spec.Words` closes them to unknown keys.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticKnownError

from toolbuilder.spec import FieldName, Text, ToolName, Words
from toolbuilder.yaml_files.forms import PROSE

LONGEST_SIGNATURE = 500  # characters


def _not_too_long(signature: str) -> str:
    """Check what a model's schema cannot say: providers enforce no length."""
    if len(signature) > LONGEST_SIGNATURE:
        raise PydanticKnownError("string_too_long", {"max_length": LONGEST_SIGNATURE})
    return signature


ObligationId = Annotated[str, StringConstraints(pattern=r"^[REC][1-9][0-9]{0,3}$")]
ModuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
DefLine = Annotated[str, StringConstraints(pattern=r"^(async )?def [a-z_][a-z0-9_]*\(")]
Signature = Annotated[DefLine, AfterValidator(_not_too_long)]


Origin: TypeAlias = Literal["template", "module", "tests", "examples", "constraints"]


class Obligation(Words):
    """Something the tool owes its user: a sentence (R), an example (E) or a constraint (C) of the spec."""

    id: ObligationId
    text: str


class Requirement(Obligation):
    """An obligation, and who meets it: code, or a model when the tool runs."""

    by: Literal["code", "ai"]


class Flow(Words):
    """Data on its way: `carries` goes from one place to the next; `input` and `output` are the ends."""

    source: str
    target: str
    carries: str


class Agent(Words):
    """One thinking step of the finished tool."""

    id: FieldName
    task: str
    sees: tuple[FieldName, ...]
    gives: tuple[FieldName, ...]


class CriticalPath(Words):
    """A way through the tool that has to work, and the obligations that show it."""

    name: str
    shown_by: tuple[ObligationId, ...]


class Requirements(Words):
    """Stage 1: what is wanted, nothing lost and nothing invented."""

    problem: str
    requirements: tuple[Requirement, ...]
    flows: tuple[Flow, ...]
    agents: tuple[Agent, ...] = ()
    critical_paths: tuple[CriticalPath, ...]


class Module(Words):
    """One module of the tool: its job, and the obligations that it meets."""

    name: ModuleName
    summary: str
    roles: tuple[str, ...]
    covers: tuple[ObligationId, ...]
    uses: tuple[ModuleName, ...] = ()  # modules of the tool that it imports
    pattern: FieldName | None = None  # the pattern whose body it carries


class Interface(Words):
    """A public function of a module, as its `def` line without the colon."""

    module: ModuleName
    signature: Signature
    purpose: str


class ErrorCase(Words):
    """Something that can go wrong, and what the user sees."""

    when: str
    message: str
    exit_code: Literal[1, 2]


class Entry(Words):
    """The function that the command line calls."""

    module: ModuleName
    function: FieldName


class Architecture(Words):
    """Stage 2: the modules, how they talk, and what they say when something is wrong."""

    modules: tuple[Module, ...] = Field(min_length=1)
    entry: Entry
    interfaces: tuple[Interface, ...]
    errors: tuple[ErrorCase, ...]
    command_line: Literal["argparse", "typer"]
    dependencies: tuple[str, ...] = ()
    patterns: tuple[FieldName, ...] = ()


class WrittenFile(Words):
    """A file that generation wrote; `by` says what it came from."""

    path: str
    by: Origin


class TestedObligation(Words):
    """The tests that show an obligation."""

    id: ObligationId
    tests: tuple[str, ...] = Field(min_length=1)


class Generation(Words):
    """Stage 3: the files, which test shows which obligation, and what the engine had to assume.

    `for_reviewer` are the constraints that no test shows: a person has to judge them.
    """

    files: tuple[WrittenFile, ...]
    tested: tuple[TestedObligation, ...]
    for_reviewer: tuple[ObligationId, ...] = ()
    notes: tuple[str, ...] = ()


class Check(Words):
    """One check that ran: its name, whether it passed, and what it found."""

    name: str
    passed: bool
    findings: tuple[str, ...] = ()


class Verdict(Words):
    """How one example ended through the real console script."""

    example: ObligationId
    held_out: bool
    passed: bool
    difference: str = ""


class Verification(Words):
    """Stage 4: what was run and what came of it."""

    sandbox: str
    quality: Annotated[float, Field(ge=0, le=1)]
    tests_passed: int
    tests_failed: int
    coverage_percent: Annotated[float, Field(ge=0, le=100)]
    checks: tuple[Check, ...]
    examples: tuple[Verdict, ...]
    review: tuple[str, ...] = ()
    attempts: int = 1


class Packaging(Words):
    """Stage 5: the wheel, and the proof that it installs and works."""

    sandbox: str
    wheel: str
    wheel_sha256: str
    command: str
    examples: tuple[Verdict, ...]


class Wish(Words):
    """What a person asks of a stage, in words."""

    stage: str
    text: Annotated[Text, StringConstraints(pattern=PROSE, max_length=2_000)]


class Feedback(Words):
    """What people have asked of the stages of a tool, the newest last."""

    wishes: tuple[Wish, ...]

    def of(self, stage: str) -> tuple[str, ...]:
        """Give what is asked of a stage."""
        return tuple(wish.text for wish in self.wishes if wish.stage == stage)


class StageRecord(Words):
    """One finished stage.

    `inputs` and `engine` map what it was made from to digests; `output` is the digest of its files as they were
    taken; `files` maps each path to the git blob id that the stage itself wrote, the base of any later merge.
    """

    stage: str
    inputs: dict[str, str]
    engine: dict[str, str]
    output: str
    files: dict[str, str]
    adopted: bool = False  # a person's edit stands among the files


class Glance(Words):
    """What a tool's spec comes to, so that it need not be read again: its template, and the digest of its patterns.

    `seal` shows that it is the same spec, read in the same way, among the same patterns, in the same sealed manifest.
    """

    template: ToolName  # a folder's name: nothing else in a manifest is to lead out of `templates/`
    patterns: str
    seal: str


class Manifest(Words):
    """What is true of a tool: the spec it was built from (a git blob id), and its finished stages in order.

    `seal` shows, from object ids alone, that all of it is still in force; empty where that is not known.
    """

    tool: str
    spec: str
    stages: tuple[StageRecord, ...] = ()
    seal: str = ""
    glance: Glance | None = None  # of the spec; none where the branch holds another one

    def of(self, stage: str) -> StageRecord | None:
        """Give a stage's record, if it has one."""
        return next((record for record in self.stages if record.stage == stage), None)
