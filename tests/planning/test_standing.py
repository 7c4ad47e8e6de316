"""A glance says what looking through says, whatever anybody did to a tool's branch, its spec, patterns or template."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import astuple, replace
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.pipeline_world import SPEC
from tests.planted import Memory, landed, workshop_of
from tests.sabotage import assert_guarded
from toolbuilder import landing, sealing
from toolbuilder.artifacts import Glance
from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of, spec_path
from toolbuilder.errors import ToolbuilderError
from toolbuilder.history import FEEDBACK, MANIFEST, blob_id
from toolbuilder.manifests import read_manifest, write_manifest
from toolbuilder.microtask import Runner, Silent
from toolbuilder.planning import standing
from toolbuilder.planning.standing import View
from toolbuilder.ports import Commit
from toolbuilder.schema import digest
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Produced
from toolbuilder.stages import STAGES
from toolbuilder.survey import survey
from toolbuilder.yaml_files.models import read_model

FOLDER, REF, PATH = folder_of("dedupe"), branch_of("dedupe"), spec_path("dedupe")
BLOB = blob_id(SPEC.encode(), "0" * 40)
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
    '"template": "python',
    '"patterns": "',
    "quality: 1.0",
    "passed: true",
    "0",
)

Files = dict[str, bytes]
Edit = Callable[[Files], Files]


@cache
def built(stages: int = len(STAGES), part: Any = landing) -> Mapping[str, bytes]:
    """Give all files of the branch of a tool with so many stages, by full path; `part` is what lands them."""
    return landed(SPEC, stages, part=part)


@cache
def begun_again(part: Any = landing) -> Mapping[str, bytes]:
    """Give the files of a tool that was finished, and whose first stage has landed once more for another spec."""
    memory = Memory()
    landed(SPEC, memory=memory, part=part)
    return landed(EDITED, 1, memory, part)


def view_of(files: Mapping[str, bytes], head: Mapping[str, bytes], workshop: Workshop, *, branch: bool = True) -> View:
    memory = Memory()
    base = memory.refs["HEAD"]
    if branch:
        memory.refs[REF] = memory.write(Commit((base,), "", files))
    memory.refs["HEAD"] = memory.write(Commit((base,), "", head))
    return View(memory, workshop)


def ended(look: Callable[[Order, View], Any], order: Order, view: View) -> Any:
    """Give what a look says, as it stands, whichever copy of a module it is made by; an error by what it says."""
    try:
        found = look(order, view)
        return astuple(found) if found else None
    except ToolbuilderError as error:
        return type(error), str(error)


def agrees(part: Any, spec: str, view: View) -> bool:
    """Assert that a glance says nothing, or what looking through says; give whether it said something."""
    order = Order(parse_spec(spec.encode(), "spec"), spec.encode())
    seen = ended(part.at_a_glance, order, view)
    assert seen is None or seen == ended(standing.looked_through, order, view)
    unread = ended(lambda *_: part.unread("dedupe", blob_id(spec.encode(), BLOB), view), order, view)
    assert unread is None or unread == ended(standing.looked_through, order, view)
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


class World:
    """A spec, and what stands in the repository; what is drawn is shown, and that is long enough."""

    def __init__(self, spec: str, view: View):
        self.spec, self.view = spec, view


@st.composite
def worlds(draw: st.DrawFn, lands: Any) -> World:
    """Draw a tool as it was built, in part or whole, and what people have done since."""
    stages = draw(st.integers(0, len(STAGES) + 1))
    files = dict(begun_again(lands) if stages > len(STAGES) else built(stages, lands))
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
    return World(spec, view_of(files, files, workshop, branch=draw(st.booleans())))


def glances_agree(part: Any, lands: Any = landing) -> None:
    # What a mutant fails at need not be made small: only that it fails counts.
    phases = settings().phases if part is standing else (Phase.generate,)

    @settings(
        max_examples=150, deadline=None, database=None, derandomize=True, report_multiple_bugs=False, phases=phases
    )
    @given(worlds(lands))
    def for_every_world(world: World) -> None:
        agrees(part, world.spec, world.view)

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


@pytest.mark.parametrize("branch", [True, False])
@pytest.mark.parametrize("stages", range(1, len(STAGES) + 1))
def test_the_spec_of_what_nobody_touched_need_not_be_read(stages: int, branch: bool) -> None:  # noqa: FBT001
    as_it_was, fewer = workshop_of(), replace(workshop_of(), patterns=workshop_of().patterns[:3])
    renewed = replace(as_it_was, fingerprint=lambda _: "another template")
    seen = [
        standing.unread("dedupe", BLOB, view_of(built(stages), built(stages), workshop, branch=branch))
        for workshop in (as_it_was, renewed, fewer)
    ]
    assert [one is not None for one in seen] == [True, True, False]


def a_folder_that_was_renamed_with_its_spec_is_not_taken_for_built(part: Any) -> None:
    files = {path.replace("tools/dedupe/", "tools/other/"): content for path, content in built().items()}
    assert part.unread("other", BLOB, view_of({}, files, workshop_of(), branch=False)) is None


def a_glance_vouches_for_no_other_manifest(weaker: Any) -> None:
    """Move a glance beside another tool's name, and beside the records of another spec."""
    part, lands = seals_of(weaker)
    manifest = f"{FOLDER}{MANIFEST}"
    whole = built(part=lands)
    renamed = {path.replace("tools/dedupe/", "tools/other/"): content for path, content in whole.items()}
    renamed[f"tools/other/{MANIFEST}"] = whole[manifest].replace(b'"tool": "dedupe"', b'"tool": "other"')
    assert part.unread("other", BLOB, view_of({}, renamed, workshop_of(), branch=False)) is None
    older, newer = (read_manifest(files[manifest], "it") for files in (whole, landed(EDITED, part=lands)))
    mixed = older.model_copy(update={"spec": newer.spec, "glance": newer.glance})
    files = {**whole, manifest: write_manifest(mixed), PATH: EDITED.encode()}
    agrees(part, EDITED, view_of({}, files, workshop_of(), branch=False))


def what_was_written_into_a_manifest_is_seen(weaker: Any) -> None:
    """Write into a manifest what can still be read: another template, other patterns, another record."""
    part, lands = seals_of(weaker)
    path = f"{FOLDER}{MANIFEST}"
    whole = read_manifest(built(part=lands)[path], "it")
    assert whole.glance
    last = whole.stages[-1]
    others = {name: was if name == "spec" else "0" for name, was in last.inputs.items()}
    stale = last.model_copy(update={"inputs": others})
    for change in (
        {"glance": whole.glance.model_copy(update={"template": "another"})},
        {"glance": whole.glance.model_copy(update={"patterns": "0"})},
        {"stages": (*whole.stages[:-1], stale)},
    ):
        forged = {**built(part=lands), path: write_manifest(whole.model_copy(update=change))}
        agrees(part, SPEC, view_of({}, forged, workshop_of(), branch=False))


def a_pattern_that_is_gone_is_seen(weaker: Any) -> None:
    part, lands = seals_of(weaker)
    wants = f"{SPEC}patterns: [incremental_save]\n"
    agrees(part, wants, view_of({}, landed(wants, part=lands), replace(workshop_of(), patterns=()), branch=False))


@pytest.mark.parametrize("piece", ["manifest.tool, ", "manifest.seal, "])
def test_a_glance_is_bound_to_its_manifest(piece: str) -> None:
    assert_guarded(sealing, (a_glance_vouches_for_no_other_manifest, piece, ""))


def test_a_manifest_leads_out_of_no_folder() -> None:
    """Write a manifest as anybody could who may push: its seals fit, and its template is no name."""
    asked: list[str] = []

    def fingerprint(name: str) -> str:
        asked.append(name)
        return "another template"

    workshop = replace(workshop_of(), fingerprint=fingerprint)
    manifest, library = read_manifest(built()[f"{FOLDER}{MANIFEST}"], "it"), view_of({}, {}, workshop).library
    for template in ("fine", "../../..", "/etc", "a/b", "."):
        seal = digest(sealing._reading(), "dedupe", manifest.seal, library, BLOB, template, "")
        glance = Glance.model_construct(template=template, patterns="", seal=seal)
        forged = write_manifest(manifest.model_copy(update={"glance": glance}))
        standing.unread("dedupe", BLOB, view_of({}, {**built(), f"{FOLDER}{MANIFEST}": forged}, workshop, branch=False))
    assert asked == ["fine"]


def a_spec_that_was_corrected_on_the_branch_is_read(part: Any) -> None:
    memory = Memory()
    files = landed(SPEC, 1, memory)
    memory.refs[REF] = memory.write(Commit((memory.refs[REF],), "", {PATH: EDITED.encode()}))
    workshop, stage = replace(workshop_of(), repository=memory), STAGES[0]
    state = survey(Order(parse_spec(SPEC.encode(), "spec"), SPEC.encode()), workshop, frozenset())
    produced = Produced(read_model(files[f"{FOLDER}{stage.record}"], "it", stage.produces))
    part.land(state, stage, produced, Runner(Silent()), workshop)
    merged_without_it = {**memory.commits[memory.refs[REF]], PATH: SPEC.encode()}
    assert read_manifest(merged_without_it[f"{FOLDER}{MANIFEST}"], "it").seal
    agrees(standing, SPEC, view_of({}, merged_without_it, workshop_of(), branch=False))


def test_where_a_spec_was_corrected_the_manifest_tells_nothing_of_it() -> None:
    protection = (
        a_spec_that_was_corrected_on_the_branch_is_read,
        "if not manifest.seal or state.source != state.given:",
        "if not manifest.seal:",
    )
    assert_guarded(landing, protection)


def test_the_name_of_a_tool_is_looked_at() -> None:
    protection = (a_folder_that_was_renamed_with_its_spec_is_not_taken_for_built, " or manifest.tool != tool", "")
    assert_guarded(standing, protection)


def records_left_from_another_spec_are_not_taken_for_current(part: Any) -> None:
    files = {**begun_again(), PATH: EDITED.encode()}
    agrees(part, EDITED, view_of(files, {}, workshop_of()))


def test_every_stage_that_lands_leaves_a_seal_unless_later_records_are_stale() -> None:
    sealed = [b'"seal": "' in files[f"{FOLDER}{MANIFEST}"] for files in (*map(built, range(1, 6)), begun_again())]
    assert sealed == [True] * 5 + [False]


def weakened(module: ModuleType, text: str, instead: str) -> ModuleType:
    """Give a copy of a module with one piece of its source replaced; of nothing, as it is."""
    source = inspect.getsource(module)
    assert not text or source.count(text) == 1
    copy = ModuleType(module.__name__)
    exec(compile(source.replace(text, instead) if text else source, "<a copy>", "exec"), copy.__dict__)  # noqa: S102
    return copy


def seals_of(weaker: ModuleType) -> tuple[ModuleType, ModuleType]:
    """Give copies of the module under test, and of the one that lands, that use another module's seals."""
    copies = weakened(standing, "", ""), weakened(landing, "", "")
    for copy in copies:
        copy.__dict__.update(
            {name: one for name, one in weaker.__dict__.items() if name in SEALING & copy.__dict__.keys()}
        )
    return copies


def every_check_holds(weaker: ModuleType) -> None:
    a_glance_vouches_for_no_other_manifest(weaker)
    what_was_written_into_a_manifest_is_seen(weaker)
    a_pattern_that_is_gone_is_seen(weaker)
    glances_agree(*seals_of(weaker))


SEALING = {"fits", "glance_of", "is_whole", "sealed"}
GLANCES = [
    ("corrected = tip and snapshot.id_of(tip, spec_path(tool)) != blob_id(order.source, tip)", "corrected = False"),
    ("if record.engine.get(name) != now", "if name not in record.engine"),
    ("or not fits(manifest, ids, stages, order.spec)", ""),
    ("tip = snapshot.resolve(branch_of(tool))", "tip = None"),
    ("corrected = tip and snapshot.id_of(tip, spec_path(tool)) != blob\n", "corrected = False\n"),
    ("corrected or not is_whole(manifest, ids, stages)", "corrected"),
    ("if glance != glance_of(manifest, blob, glance.template, glance.patterns, view.library):", "if False:"),
    ('"template": view.workshop.fingerprint(glance.template)', '"template": view.workshop.fingerprint("")'),
    ("    if ids:\n", "    if manifest:\n"),
    ('_engines(stages, tools["patterns"], tools["template"])', '_engines(stages, tools["patterns"], "")'),
]
SEALS = [
    ("digest(_form(stages), manifest.stages, files)", "digest(_form(stages), manifest.stages)"),
    ("digest(_form(stages), manifest.stages, files)", "digest(_form(stages), files)"),
    ("said <= {wanted} and ", ""),
    ("library, spec, template, patterns)", "library, template, patterns)"),
    ("library, spec, template, patterns)", "spec, template, patterns)"),
    ("library, spec, template, patterns)", "library, spec, template)"),
    ("library, spec, template, patterns)", "library, spec, patterns)"),
    ("manifest.seal == seal_of(manifest, ids, tuple(stages))", "True"),
    ("if path != MANIFEST)", "if path.startswith('src/'))"),
]


def test_what_is_not_sabotaged_is_not_caught() -> None:
    glances_agree(weakened(standing, "", ""))
    every_check_holds(weakened(sealing, "", ""))


@pytest.mark.parametrize(("text", "instead"), GLANCES)
def test_a_careless_glance_is_caught(text: str, instead: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        glances_agree(weakened(standing, text, instead))


@pytest.mark.parametrize(("text", "instead"), SEALS)
def test_a_seal_that_leaves_something_out_is_caught(text: str, instead: str) -> None:
    weaker = weakened(sealing, text, instead)
    with pytest.raises(AssertionError):
        every_check_holds(weaker)
