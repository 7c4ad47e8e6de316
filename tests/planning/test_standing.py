"""A glance says what looking through says, whatever anybody did to a tool's branch, its spec, patterns or template."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.pipeline_world import SPEC
from tests.planted import Memory, landed, workshop_of
from toolbuilder import sealing
from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of, spec_path
from toolbuilder.errors import ToolbuilderError
from toolbuilder.history import FEEDBACK, MANIFEST
from toolbuilder.planning import standing
from toolbuilder.planning.standing import View
from toolbuilder.ports import Commit
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES

FOLDER, REF, PATH = folder_of("dedupe"), branch_of("dedupe"), spec_path("dedupe")
EDITED = SPEC.replace("keeping the first", "keeping only the first")
SPECS = (
    SPEC,
    EDITED,
    f"{SPEC}# a remark\n",
    f"{SPEC}budget: {{usd: 3}}\n",
    f"{SPEC}patterns: [incremental_save]\n",
    f"{SPEC}patterns: [no_such_pattern]\n",
    f"{SPEC}template: another\n",
)
RECORDS = [f".toolbuilder/{stage.name}.yaml" for stage in STAGES]
WORDS = (
    '"tool": "dedupe"',
    '"inputs"',
    '"seal": "',
    '"stage": "',
    "\n  ]",
    "{",
    "problem: Remove",
    "quality: 1.0",
    "passed: true",
    "0",
)

Files = dict[str, bytes]
Edit = Callable[[Files], Files]


@cache
def built(stages: int = len(STAGES)) -> Mapping[str, bytes]:
    """Give all files of the branch of a tool with so many stages, by full path."""
    return landed(SPEC, stages)


@cache
def begun_again() -> Mapping[str, bytes]:
    """Give the files of a tool that was finished, and whose first stage has landed once more for another spec."""
    memory = Memory()
    landed(SPEC, memory=memory)
    return landed(EDITED, 1, memory)


def view_of(files: Mapping[str, bytes], head: Mapping[str, bytes], workshop: Workshop, *, branch: bool = True) -> View:
    memory = Memory()
    base = memory.refs["HEAD"]
    if branch:
        memory.refs[REF] = memory.write(Commit((base,), "", files))
    memory.refs["HEAD"] = memory.write(Commit((base,), "", head))
    return View(memory, workshop)


def ended(look: Callable[[Order, View], Any], order: Order, view: View) -> Any:
    """Give what a look says; an error by what it says."""
    try:
        return look(order, view)
    except ToolbuilderError as error:
        return type(error), str(error)


def agrees(part: Any, spec: str, view: View) -> bool:
    """Assert that a glance says nothing, or what looking through says; give whether it said something."""
    order = Order(parse_spec(spec.encode(), "spec"), spec.encode())
    seen = ended(part.at_a_glance, order, view)
    assert seen is None or seen == ended(standing.looked_through, order, view)
    return seen is not None


paths = st.sampled_from(sorted(path.removeprefix(FOLDER) for path in built() if path.startswith(FOLDER)))
others = st.sampled_from(["src/dedupe/more.py", ".toolbuilder/notes.txt", "docs/use.md", FEEDBACK])
contents = st.sampled_from([b"", b"# edited\n", b"wishes:\n  - {stage: generation, text: Be brief.}\n", b"\xff\x00"])


def put(path: str, content: bytes) -> Edit:
    return lambda files: {**files, f"{FOLDER}{path}": content}


def cut(path: str) -> Edit:
    return lambda files: {name: content for name, content in files.items() if name != f"{FOLDER}{path}"}


def add(path: str, content: bytes) -> Edit:
    return lambda files: {**files, f"{FOLDER}{path}": files.get(f"{FOLDER}{path}", b"") + content}


def swap(path: str, old: str, new: str) -> Edit:
    def swapped(files: Files) -> Files:
        content = files.get(f"{FOLDER}{path}", b"")
        return {**files, f"{FOLDER}{path}": content.replace(old.encode(), new.encode(), 1)}

    return swapped


edits = st.one_of(
    st.builds(put, st.one_of(paths, others), contents),
    st.builds(cut, paths),
    st.builds(add, paths, contents),
    st.builds(
        swap,
        st.sampled_from([MANIFEST, *RECORDS]),
        st.sampled_from(WORDS),
        st.sampled_from(["", "x", "1", '"adopted": true, "stage": "', '{"tool": "other", ']),
    ),
)
starts = st.one_of(st.integers(0, len(STAGES)).map(built), st.builds(begun_again))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[str, View]:
    """Draw a tool as it was built, in part or whole, and what people have done since."""
    files = dict(draw(starts))
    for edit in draw(st.lists(edits, max_size=3)):
        files = edit(files)
    spec = draw(st.sampled_from(SPECS))
    on_branch = draw(st.sampled_from([None, SPEC, spec, EDITED]))
    files |= {PATH: on_branch.encode()} if on_branch else {}
    workshop = workshop_of()
    if draw(st.booleans()):
        workshop = replace(workshop, patterns=workshop.patterns[: draw(st.integers(0, 3))])
    if draw(st.booleans()):
        workshop = replace(workshop, fingerprint=lambda _: "another template")
    return spec, view_of(files, files, workshop, branch=draw(st.booleans()))


def glances_agree(part: Any) -> None:
    # What a mutant fails at need not be made small: only that it fails counts.
    phases = settings().phases if part is standing else (Phase.generate,)

    @settings(
        max_examples=150, deadline=None, database=None, derandomize=True, report_multiple_bugs=False, phases=phases
    )
    @given(worlds())
    def for_every_world(world: tuple[str, View]) -> None:
        agrees(part, *world)

    for_every_world()


def test_a_glance_at_whatever_was_done_to_a_tool_says_what_looking_through_says() -> None:
    glances_agree(standing)


@pytest.mark.parametrize("branch", [True, False])
@pytest.mark.parametrize("stages", range(len(STAGES) + 1))
def test_a_glance_suffices_for_what_nobody_touched(stages: int, branch: bool) -> None:  # noqa: FBT001
    assert agrees(standing, SPEC, view_of(built(stages), {}, workshop_of()))
    assert agrees(standing, SPEC, view_of(built(stages), built(stages), workshop_of(), branch=branch))


def test_a_glance_suffices_where_only_the_budget_or_the_tools_changed() -> None:
    bare = replace(workshop_of(), fingerprint=lambda _: "another template")
    for spec in (SPEC, f"{SPEC}budget: {{usd: 3}}\n"):
        files = {**built(), PATH: spec.encode()}
        assert agrees(standing, spec, view_of(files, {}, bare))
        assert not agrees(standing, spec, view_of(built(), {}, bare)) or spec == SPEC


def records_left_from_another_spec_are_not_taken_for_current(part: Any) -> None:
    files = {**begun_again(), PATH: EDITED.encode()}
    agrees(part, EDITED, view_of(files, {}, workshop_of()))


def test_every_stage_that_lands_leaves_a_seal_unless_later_records_are_stale() -> None:
    sealed = [b'"seal": "' in files[f"{FOLDER}{MANIFEST}"] for files in (*map(built, range(1, 6)), begun_again())]
    assert sealed == [True] * 5 + [False]


def standing_on(weaker: ModuleType) -> ModuleType:
    """Give a copy of the module under test that uses another module's `fits`."""
    copy = ModuleType(standing.__name__)
    exec(compile(inspect.getsource(standing), "<standing>", "exec"), copy.__dict__)  # noqa: S102  # our own source
    copy.__dict__["fits"] = weaker.__dict__["fits"]
    return copy


GLANCES = [
    ("corrected = tip and snapshot.id_of(tip, spec_path(tool)) != blob_id(order.source, tip)", "corrected = False"),
    ("if record.engine.get(name) != now", "if name not in record.engine"),
    ("or not fits(manifest, ids, stages, order.spec)", ""),
    ("tip = snapshot.resolve(branch_of(tool))", "tip = None"),
    ("    if ids:\n", "    if manifest:\n"),
    ('_engines(stages, tools["patterns"], tools["template"])', '_engines(stages, tools["patterns"], "")'),
]
SEALS = [
    ("digest(_form(stages), manifest.stages, files)", "digest(_form(stages), manifest.stages)"),
    ("digest(_form(stages), manifest.stages, files)", "digest(_form(stages), files)"),
    ("said <= {wanted} and ", ""),
    ("manifest.seal == seal_of(manifest, ids, tuple(stages))", "True"),
    ("if path != MANIFEST)", "if path.startswith('src/'))"),
]


@pytest.mark.parametrize(("text", "instead"), GLANCES)
def test_a_careless_glance_is_caught(text: str, instead: str) -> None:
    source = inspect.getsource(standing)
    assert source.count(text) == 1
    weaker = ModuleType(standing.__name__)
    exec(compile(source.replace(text, instead), "<sabotaged>", "exec"), weaker.__dict__)  # noqa: S102
    with pytest.raises((AssertionError, KeyError)):
        glances_agree(weaker)


@pytest.mark.parametrize(("text", "instead"), SEALS)
def test_a_seal_that_leaves_something_out_is_caught(text: str, instead: str) -> None:
    source = inspect.getsource(sealing)
    assert source.count(text) == 1
    weaker = ModuleType(sealing.__name__)
    exec(compile(source.replace(text, instead), "<sabotaged>", "exec"), weaker.__dict__)  # noqa: S102
    with pytest.raises(AssertionError):
        glances_agree(standing_on(weaker))
