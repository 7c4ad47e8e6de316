"""What the embedded engine answers as a reviewer, and for the README: rules over the sources, and the spec's words."""

import ast
import re
from collections.abc import Sequence

from toolbuilder.adapters.offline.program import Solver, attempt
from toolbuilder.artifacts import Architecture
from toolbuilder.brief import Brief, sentences_of
from toolbuilder.errors import AnswerRejected
from toolbuilder.metacognition import Diagnosis, ToDiagnose
from toolbuilder.scaffold.answers import streams
from toolbuilder.stages.packaging import Description, ToDescribe
from toolbuilder.stages.verification import Remark, Review, SourceFile, ToReview
from toolbuilder.synthesis import Accepted, solve

LONGEST_FUNCTION = 40
MEASURED = frozenset({"verification", "packaging"})  # stages whose files nobody corrects: they say what was measured
FAILED_EXAMPLE = re.compile(r"examples: (E\d+): ")
LITERAL = 12  # characters from which a constant found in an example's text is conspicuous


def review_code(brief: Brief, wanted: ToReview) -> Review:
    """Find long functions, missing docstrings, swallowed errors, and text that only an example holds."""
    sources = [one for one in wanted.files if one.path.startswith("src/")]
    return Review(remarks=tuple(remark for one in sources for remark in _remarks(brief, one)))


def review_determined(brief: Brief, wanted: ToReview, solver: Solver = solve) -> Review:
    """Review what the engine itself has written. Raises AnswerRejected for code that a model wrote."""
    if not brief.recipe and not isinstance(attempt(brief, solver), Accepted):
        raise AnswerRejected("review_code: the code is not the embedded engine's")
    return review_code(brief, wanted)


def diagnose(brief: Brief, failed: ToDiagnose) -> Diagnosis:
    """Say that another attempt would give the same: rules and synthesis do not change their minds."""
    if held_out := _held_out(brief, failed):
        return _not_met(brief, held_out)
    stage = "generation" if failed.stage in MEASURED else failed.stage
    return Diagnosis(
        cause="spec",
        evidence="the embedded engine gives the same answer each time",
        advice=f"Change what the findings name in the spec, or correct {stage}'s files on the branch.",
        retry=False,
    )


def _held_out(brief: Brief, failed: ToDiagnose) -> list[str]:
    """Give the examples that the last attempt does not meet; none if the engine has seen one of them."""
    last = [finding for attempt in failed.attempts[-1:] for finding in attempt.findings]
    named = map(FAILED_EXAMPLE.match, last)
    ids = [found[1] for found in named if found]
    seen = {shown.id for shown in brief.examples}
    return [] if seen & set(ids) else list(dict.fromkeys(ids))


def _not_met(brief: Brief, ids: Sequence[str]) -> Diagnosis:
    which = f"the held-out example{'s' * (len(ids) > 1)} {', '.join(ids)}"
    return Diagnosis(
        cause="generation",
        evidence=f"the program that the shown examples determine does not meet {which}",
        advice=f"Correct the source below src/{brief.package} on the branch, which is then adopted, or add to the spec "
        f"an example like {ids[0]} with `always_shown: true`.",
        retry=False,
    )


def write_readme(brief: Brief, wanted: ToDescribe) -> Description:
    """Repeat the spec's own sentences, and what the entry's signature means for large inputs; claim nothing else."""
    sentences = sentences_of(brief.description)
    return Description(
        summary=" ".join(sentences),
        when_to_use="",
        limits=_limits(brief, wanted.architecture),
    )


def _limits(brief: Brief, architecture: Architecture) -> tuple[str, ...]:
    if brief.input_type == "none":
        return ()
    if streams(architecture):
        return ("Works as it reads: what is printed before a line that is wrong stays printed.",)
    return ("Reads the whole input into memory.",)


def _remarks(brief: Brief, file: SourceFile) -> list[Remark]:
    tree = ast.parse(file.source)
    return [*_function_remarks(file.path, tree), *_error_remarks(file.path, tree), *_copied(brief, file.path, tree)]


def _function_remarks(path: str, tree: ast.Module) -> list[Remark]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node for node in functions if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION]
    bare = [node for node in functions if not ast.get_docstring(node) and not node.name.startswith("_")]
    return [
        *(_remark("style", path, node, f"{node.name} is longer than {LONGEST_FUNCTION} lines") for node in long),
        *(_remark("style", path, node, f"{node.name} has no docstring") for node in bare),
    ]


def _error_remarks(path: str, tree: ast.Module) -> list[Remark]:
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    silent = [node for node in handlers if all(isinstance(statement, ast.Pass) for statement in node.body)]
    return [_remark("risk", path, node, "an error is swallowed without a word") for node in silent]


def _copied(brief: Brief, path: str, tree: ast.Module) -> list[Remark]:
    """Find long constants that stand in an example and not in the description: a sign of learning by heart."""
    texts = [shown.example.input or "" for shown in brief.examples]
    said = brief.description + " ".join(brief.constraints)
    errors = [shown.example.stderr or "" for shown in brief.examples]
    constants = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= LITERAL
    ]
    return [
        _remark("wrong", path, node, f"the constant {node.value!r} stands in an example, not in the description")
        for node in constants
        if isinstance(node.value, str)
        and any(node.value in text for text in texts)
        and node.value not in said
        and not any(node.value in text or text in node.value for text in errors if text)
    ]


def _remark(severity: str, path: str, node: ast.AST, message: str) -> Remark:
    return Remark(severity=severity, where=f"{path}:{getattr(node, 'lineno', 1)}", message=message)
