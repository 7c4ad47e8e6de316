"""Stage 3: the sources. Modules and their tests are written side by side; examples become tests by code."""

import asyncio

from toolbuilder.artifacts import Architecture, Generation, Module, Origin, TestedObligation, WrittenFile
from toolbuilder.brief import obligations, shown_examples
from toolbuilder.checks import covered, not_invented, parses
from toolbuilder.dependencies import constraint_files, optional_packages, tested_constraints
from toolbuilder.invisible import escaped
from toolbuilder.microtask import Microtask
from toolbuilder.patterns.carried import Carried, carried
from toolbuilder.proof.example_rows import rows_in, rows_stand
from toolbuilder.proof.jobs import tidied
from toolbuilder.proof.sources import code_stands, implemented, imports_resolve, names_of_tests, no_invisible
from toolbuilder.scaffold.answers import template_answers
from toolbuilder.scaffold.example_tests import DATA_PATH, TEST_PATH, example_files
from toolbuilder.spec import Spec, Words
from toolbuilder.stage import Context, Files, Finding, Produced, Stage, no_secrets
from toolbuilder.together import both, every

WRITTEN_AT_THE_END = "README.md"


class ToWrite(Words):
    """One module to be written, and the modules with patterns that it has to use."""

    module: Module
    architecture: Architecture
    patterns: tuple[Carried, ...] = ()


class Written(Words):
    """A module's source, and what a reviewer should know of its assumptions."""

    source: str
    notes: tuple[str, ...]


class ToTest(Words):
    """One module to be tested."""

    module: Module
    architecture: Architecture
    source: str


class WrittenTests(Words):
    """The module's tests, empty if the examples say it all, and which obligation each test shows."""

    source: str
    tested: tuple[TestedObligation, ...]


WRITE_MODULE = Microtask("write_module", ToWrite, Written, deadline=300, max_tokens=16_000)
WRITE_TESTS = Microtask("write_tests", ToTest, WrittenTests, deadline=300, max_tokens=16_000)


async def run(context: Context) -> Produced[Generation]:
    """Write every module and its tests, render the scaffold around them, and tidy the whole."""
    modules = context.artifact(Architecture).modules
    scaffold, pairs = await both(_scaffold(context), every(_write(context, module) for module in modules))
    written = dict(zip((module.name for module in modules), pairs, strict=True))
    package = context.spec.package
    origins: dict[Origin, Files] = {
        "template": scaffold,
        "module": {f"src/{package}/{name}.py": one.source.encode() for name, (one, _) in written.items()},
        "tests": {f"tests/test_{name}.py": t.source.encode() for name, (_, t) in written.items() if t.source.strip()},
        "examples": example_tests(context.spec),
        "constraints": constraint_files(context.spec),
    }
    files = {path: content for part in origins.values() for path, content in part.items()}
    artifact = Generation(
        files=tuple(WrittenFile(path=path, by=by) for by, part in origins.items() for path in sorted(part)),
        tested=_tested(context, [one for _, tests in pairs for one in tests.tested]),
        for_reviewer=(),
        notes=tuple(dict.fromkeys(note for one, _ in pairs for note in one.notes)),
    )
    artifact = artifact.model_copy(update={"for_reviewer": _for_reviewer(context, artifact)})
    return Produced(artifact, await asyncio.to_thread(tidied, context.sandbox, files, tuple(files)))


def gate(context: Context, artifact: Generation, files: Files) -> list[Finding]:
    """Let pass what parses, resolves its imports, implements its interfaces and tests every obligation."""
    architecture = context.artifact(Architecture)
    package = context.spec.package
    ids = [one.id for one in obligations(context.spec)]
    tested = [one.id for one in artifact.tested]
    shown_here = [i for i in ids if i not in context.spec.held_out and not (i in artifact.for_reviewer and i[0] == "C")]
    exist, rows = names_of_tests(files), rows_in(files, DATA_PATH)
    rows |= {shown.id for shown in shown_examples(context.spec)}  # whether these stand is told once, with their place
    examples = example_tests(context.spec)
    way_out = f"`toolbuilder run {context.spec.name} --from generation` restores it; examples are changed in the spec"
    absent = {(one.id, test) for one in artifact.tested for test in one.tests if not _exists(test, exist, rows)}
    return [
        *(finding for path, content in files.items() if path.endswith(".py") for finding in parses(path, content)),
        *(Finding("files", one.path, "is missing") for one in artifact.files if one.path not in files),
        *imports_resolve(files, package, {*architecture.dependencies, *optional_packages(context.spec)}),
        *implemented(files, package, architecture.interfaces),
        *no_secrets(files),
        *no_invisible(files),
        *rows_stand(files, DATA_PATH, examples[DATA_PATH]),
        *code_stands(files, TEST_PATH, examples[TEST_PATH], way_out),
        *covered(shown_here, tested, "tests"),
        *not_invented(ids, [*tested, *artifact.for_reviewer], "tests"),
        *(Finding("tests", i, f"{test} does not exist") for i, test in sorted(absent)),
    ]


def example_tests(spec: Spec) -> Files:
    """Give the tests of the examples that generation may see; in their data nothing is invisible."""
    files = example_files(spec, {shown.id for shown in shown_examples(spec)})
    return {**files, DATA_PATH: escaped(files[DATA_PATH].decode()).encode()}


def to_write(context: Context, module: Module) -> ToWrite:
    """Give what is asked about a module."""
    architecture, package = context.artifact(Architecture), context.spec.package
    shown = carried(context.patterns, {one.pattern for one in architecture.modules}, package)
    return ToWrite(module=module, architecture=architecture, patterns=shown)


def _exists(test: str, names: set[str], examples: set[str]) -> bool:
    """Tell whether there is a test of a name, or one test for each example, or the test of this example."""
    name, _, example = test.removesuffix("]").partition("[")
    return name in names and (not example or not name.startswith(f"{TEST_PATH}::") or example in examples)


async def _scaffold(context: Context) -> Files:
    answers = template_answers(context.spec, context.artifact(Architecture))
    rendered = await asyncio.to_thread(context.scaffolder.render, context.spec.template, answers)
    return {path: content for path, content in rendered.items() if path != WRITTEN_AT_THE_END}


async def _write(context: Context, module: Module) -> tuple[Written, WrittenTests]:
    architecture = context.artifact(Architecture)
    pattern = next((one for one in context.patterns if one.id == module.pattern), None)
    if pattern:
        return Written(source=pattern.source(context.spec.package), notes=()), WrittenTests(source="", tested=())
    ask = context.runner.ask
    about = context.feedback(f"src/{context.spec.package}/{module.name}.py")
    written = await ask(WRITE_MODULE, to_write(context, module), about)
    to_test = ToTest(module=module, architecture=architecture, source=written.source)
    tests = await ask(WRITE_TESTS, to_test, context.feedback(f"tests/test_{module.name}.py"))
    return written, tests


def _tested(context: Context, named: list[TestedObligation]) -> tuple[TestedObligation, ...]:
    tests: dict[str, list[str]] = {
        example.id: [f"tests/test_examples.py::test_example[{example.id}]"] for example in shown_examples(context.spec)
    }
    for one in [*named, *tested_constraints(context.spec)]:
        tests.setdefault(one.id, []).extend(test for test in one.tests if test not in tests.get(one.id, []))
    order = [one.id for one in obligations(context.spec)]
    return tuple(TestedObligation(id=i, tests=tuple(tests[i])) for i in order if i in tests)


def _for_reviewer(context: Context, artifact: Generation) -> tuple[str, ...]:
    tested = {one.id for one in artifact.tested}
    return tuple(one.id for one in obligations(context.spec) if one.id[0] == "C" and one.id not in tested)


GENERATION = Stage(
    name="generation",
    title="Sources and tests",
    produces=Generation,
    reads=("spec", "requirements", "architecture"),
    run=run,
    gate=gate,
    microtasks=(WRITE_MODULE, WRITE_TESTS),
    tools=("patterns", "template"),
    by_code=frozenset({TEST_PATH}),
)
