"""Views of a tool made by hand: every text that a spec, a model or a person writes can be made hostile."""

from dataclasses import dataclass

from toolbuilder.artifacts import (
    Agent,
    Architecture,
    Check,
    Entry,
    ErrorCase,
    Flow,
    Generation,
    Interface,
    Manifest,
    Module,
    Packaging,
    Requirement,
    Requirements,
    StageRecord,
    TestedObligation,
    Verdict,
    Verification,
    Wish,
)
from toolbuilder.brief import obligations
from toolbuilder.metacognition import Diagnosis
from toolbuilder.metrics import Spent
from toolbuilder.ports import LogEntry
from toolbuilder.runs import Stop
from toolbuilder.spec import Example, Option, Spec
from toolbuilder.stage import Artifact
from toolbuilder.stages import STAGES
from toolbuilder.telling.view import Outside, Paid, ToolView

TIP = "c" * 40
ADDRESS = "https://github.com/octo/tools"
YAML = """\
# Which output is right? Keep one of the two.
- input: "b\\na\\n"
  # Keep the order.
  output: "b\\na\\n"
  # Sort.
  # output: "a\\nb\\n"
  always_shown: true
"""
QUESTION = Stop(
    kind="needs_person",
    stage="generation",
    message="the examples leave open what the tool should do",
    findings=("Keep the order. gives 'b\\na\\n'", "Sort. gives 'a\\nb\\n'"),
    advice=f"Paste this under `examples:` in the spec, and run again:\n\n{YAML}",
)


@dataclass(frozen=True)
class Texts:
    """What others write."""

    word: str = "harmless"  # stands in every text of one line
    many: str = "x\ny\n"  # stands in inputs and outputs
    examples: int = 5


def spec_of(texts: Texts = Texts()) -> Spec:
    word = texts.word.replace("\n", " ")
    examples = [
        Example(name=f"example {word}", input=f"{number}\n{texts.many}", output=f"{texts.many}{number}\n")
        for number in range(texts.examples - 1)
    ]
    bad = Example(name=f"bad {word}", input="no", exit_code=2, stderr=f"not good {word}")
    return Spec(
        name="dedupe",
        description=f"Remove duplicate lines. Say {word}.",
        input_type="lines",
        output_type="lines",
        options=(Option(name="top", type="int", default=3, help=f"How many {word}."),),
        examples=(*examples, bad),
        constraints=("Use the standard library only.", f"Never {word}."),
    )


def artifacts_of(spec: Spec, word: str) -> tuple[Artifact, ...]:
    ids = tuple(one.id for one in obligations(spec))
    verdicts = tuple(Verdict(example=i, held_out=i in spec.held_out, passed=True) for i in spec.example_ids)
    shown = tuple(f"tests/test_examples.py::test_example[{i}]" for i in spec.example_ids if i not in spec.held_out)
    return (
        Requirements(
            problem=word,
            requirements=tuple(Requirement(id=one.id, text=one.text, by="code") for one in obligations(spec)),
            flows=(
                Flow(source="input", target=word, carries=word),
                Flow(source=word, target="output", carries="lines"),
            ),
            agents=(Agent(id="style", task=word, sees=(), gives=()),),
            critical_paths=(),
        ),
        Architecture(
            modules=(
                Module(name="lines", summary=word, roles=("transform",), covers=ids, uses=("loop",)),
                Module(name="loop", summary=word, roles=("think",), covers=(), pattern="feedback_loop"),
            ),
            entry=Entry(module="lines", function="dedupe"),
            interfaces=(Interface(module="lines", signature="def dedupe(text: str | None) -> str", purpose=word),),
            errors=(ErrorCase(when=word, message=word, exit_code=2),),
            command_line="argparse",
        ),
        Generation(
            files=(),
            tested=(
                TestedObligation(id="R1", tests=shown),
                TestedObligation(id="R2", tests=("tests/test_lines.py::test_it_says_so",)),
                *(
                    TestedObligation(id=i, tests=(f"tests/test_examples.py::test_example[{i}]",))
                    for i in spec.example_ids
                ),
                TestedObligation(id="C1", tests=(f"tests/test_constraints.py::test_{word}",)),
            ),
            for_reviewer=("C2",),
            notes=("The program fits 4 examples; that is evidence, not proof.", f"Step: {word}", f"Doubt: {word}"),
        ),
        Verification(
            sandbox="bubblewrap",
            quality=0.96,
            tests_passed=19,
            tests_failed=0,
            coverage_percent=91.7,
            checks=(Check(name="lint", passed=False, findings=(f"x.py:1: {word}",)), Check(name="types", passed=True)),
            examples=verdicts,
            review=(f"style: {word}",),
            attempts=2,
        ),
        Packaging(
            sandbox="bubblewrap",
            wheel="dedupe-0.1.0-py3-none-any.whl",
            wheel_sha256="0" * 64,
            command="dedupe",
            examples=verdicts,
        ),
    )


def commit_of(stage: str, word: str = "synthesis-1") -> LogEntry:
    trailers = {
        "Tool": "dedupe",
        "Stage": stage,
        "Key": "ab12",
        "Engine": "offline",
        "Model": word,
        "Tokens": "0",
        "Cost-USD": "0.25",
    }
    return LogEntry(
        TIP,
        f"dedupe: {stage}",
        "a person",
        "2026-01-01T00:00:00+00:00",
        {f"Toolbuilder-{k}": v for k, v in trailers.items()},
    )


def spent(name: str, usd: float = 1.5, calls: int = 3) -> Spent:
    return Spent(name, calls, 1, 0, 1000, 200, 400, 0, 0.4, usd, 0.0)


def view_of(texts: Texts = Texts(), outside: Outside | None = None) -> ToolView:
    """Give the view of a finished tool."""
    spec, word = spec_of(texts), texts.word
    records = tuple(
        StageRecord(stage=s.name, inputs={}, engine={"template": "aa"}, output="bb", files={}) for s in STAGES
    )
    return ToolView(
        tool="dedupe",
        tip=TIP,
        spec=spec,
        artifacts=artifacts_of(spec, word),
        outside=outside or Outside(verified=TIP, address=ADDRESS),
        manifest=Manifest(tool="dedupe", spec="d" * 40, stages=records),
        commits={stage.name: commit_of(stage.name, word) for stage in STAGES},
        notes=("generation is adopted, with an edit",),
        paid=(Paid("generation", spent(word)),),
        paid_before=spent("earlier versions", 0.5, 2),
        diagnoses=(Diagnosis(cause="generation", evidence=word, advice=word, retry=True),),
        wishes=(Wish(stage="generation", text=f"Be {word}"),),
    )
