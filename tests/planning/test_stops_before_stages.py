"""What stops a build before its first stage starts no job again, until a commit on either side changes how it ends."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.planning.conftest import Place
from tests.sabotage import assert_guarded, sabotaged
from tests.test_joining import JoiningWorld
from toolbuilder import feedback, joining
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.build import Order, Workshop
from toolbuilder.errors import NeedsPerson
from toolbuilder.planning import holds
from toolbuilder.planning import plan as planning
from toolbuilder.runs import Claimant, Run, ToolHeld, record_of
from toolbuilder.spec.file import parse_spec
from toolbuilder.viewing import viewed

CHANGED = SPEC.replace("keeping the first", "keeping only the first")
BRANCH = "refs/heads/toolbuilder/dedupe"
README = "tools/dedupe/README.md"


class Death(BaseException):
    """The end of a process: nothing is written any more."""


@dataclass
class Watched:
    """A joiner that looks at the record as it begins to merge, and may not survive it."""

    inner: Any
    repository: GitRepository
    dies: bool
    seen: list[str]

    def news(self, ours: str, theirs: str, paths: Sequence[str]) -> bool:
        return bool(self.inner.news(ours, theirs, paths))

    def start(self, ours: str, theirs: str, paths: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.inner.start(ours, theirs, paths))

    def join(self, ours: str, theirs: str, folder: str, agreed: Mapping[str, bytes], message: str) -> str:
        self.seen.append(record_of(self.repository, "dedupe").run)
        if self.dies:
            raise Death
        return str(self.inner.join(ours, theirs, folder, agreed, message))


def workshop_of(place: Place, name: str = "", *, dies: bool = False, seen: list[str] | None = None) -> Workshop:
    made = JoiningWorld(place.folder).workshop
    watched = Watched(made.joiner, place.repository, dies, [] if seen is None else seen)
    return replace(made, joiner=watched, claimant=Claimant(name, take_over=dies))


def joined(place: Place, part: Any, workshop: Workshop, **how: Any) -> NeedsPerson | None:
    """Begin a build: join, and let go of the tool however that ends but by a death; give what needs a person."""
    source = (place.folder / "specs/dedupe.yaml").read_bytes()
    run = Run(workshop.repository, "dedupe", workshop.claimant)
    try:
        part.join(Order(parse_spec(source, "specs/dedupe.yaml"), source, **how), workshop, run)
    except NeedsPerson as error:
        run.end(error)
        return error
    run.end()
    return None


def state_of(place: Place, part: Any) -> str:
    """Give what the plan says of the tool, if it reads places as a module does that joins."""
    held, plans = ModuleType(holds.__name__), ModuleType(planning.__name__)
    for copy, original in ((held, holds), (plans, planning)):
        exec(compile(inspect.getsource(original), original.__name__, "exec"), copy.__dict__)  # noqa: S102
    held.__dict__.update(place_of=part.place_of, places=part.places)
    plans.__dict__["stop_at"] = held.__dict__["stop_at"]
    with viewed(place.folder) as view:
        [found] = plans.__dict__["plan"](view, plans.__dict__["Wanted"]())
    assert found.due == (found.state != "waits for a person")
    return str(found.state)


def on_main(place: Place, path: str, content: str) -> None:
    (place.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (place.folder / path).write_text(content)
    place.commit_all()


@pytest.fixture
def apart(place: Place) -> Place:
    """Give a tool whose branch and default branch say different things of a file that is no part of it."""
    place.build()
    place.edit_branch("about.txt", "The branch says so.\n")
    on_main(place, "about.txt", "The default branch says so.\n")
    place.commit(dedupe=CHANGED)
    return place


def start_again(place: Place) -> Callable[[], None]:
    """Give a function that puts everything back to where it is now."""
    tips = {ref: place.repository.resolve(ref) for ref in (BRANCH, "HEAD")}

    def back() -> None:
        place.git(place.folder, "reset", "--quiet", "--hard", tips["HEAD"] or "")
        place.git(place.folder, "update-ref", BRANCH, tips[BRANCH] or "")
        place.git(place.folder, "update-ref", "-d", "refs/toolbuilder/journal/dedupe")

    return back


def settled_on_main(place: Place) -> None:
    on_main(place, "about.txt", "The branch says so.\n")


def another_conflict(place: Place) -> None:
    on_main(place, "about.txt", "The default branch says something else.\n")


def another_spec(place: Place) -> None:
    place.commit(dedupe=f"{CHANGED}# a remark\n")


def the_tool_on_main(place: Place) -> None:
    on_main(place, README, "# Mine\n")


def a_word_on_the_branch(place: Place) -> None:
    place.edit_branch("note.txt", "I have looked at it.\n")


def taken_in_as_it_was(place: Place) -> None:
    place.git(place.folder, "merge", "--quiet", "--strategy=ours", "--no-edit", "toolbuilder/dedupe")


CHANGES = [settled_on_main, another_conflict, another_spec, the_tool_on_main, a_word_on_the_branch, taken_in_as_it_was]


def a_conflict_waits_for_a_person_until_either_side_changes_it(place: Place, part: Any) -> None:
    back = start_again(place)
    assert state_of(place, part) == "stale"
    for change in CHANGES:
        stop = joined(place, part, workshop_of(place, "one"))
        assert stop
        assert stop.findings == ("about.txt is in conflict",)
        assert state_of(place, part) == "waits for a person"
        on_main(place, "other/news.txt", "Nobody minds.\n")
        assert state_of(place, part) == "waits for a person"
        change(place)
        assert state_of(place, part) != "waits for a person", change.__name__
        back()


def where_files_were_lost_every_commit_counts_as_git_may_find_them_again(place: Place, part: Any) -> None:
    back = start_again(place)
    settled_on_main(place)
    place.git(place.folder, "merge", "--quiet", "--no-edit", "toolbuilder/dedupe")
    place.edit_branch(README, "# dedupe\n" + "A long line of words.\n" * 20)
    place.git(place.folder, "merge", "--quiet", "--no-edit", "toolbuilder/dedupe")
    text = (place.folder / README).read_text()
    place.edit_branch(README, f"{text}One more.\n")
    (place.folder / README).unlink()
    place.commit_all()
    assert joined(place, part, workshop_of(place, "one"))
    assert state_of(place, part) == "waits for a person"
    on_main(place, "docs/dedupe.md", text)
    assert state_of(place, part) == "stale"
    assert joined(place, part, workshop_of(place, "one")) is None, "it was a renamed one"
    back()


def a_tool_is_claimed_before_its_branch_is_joined(place: Place, part: Any) -> None:
    back = start_again(place)
    tip = place.repository.resolve(BRANCH)
    run = Run(place.repository, "dedupe", Claimant("another"))
    run.begin("generation", "somewhere")
    with pytest.raises(ToolHeld, match="is being built by another"):
        joined(place, part, workshop_of(place, "one"))
    assert place.repository.resolve(BRANCH) == tip
    run.end()
    settled_on_main(place)
    seen: list[str] = []
    assert joined(place, part, workshop_of(place, "one", seen=seen)) is None
    assert seen == ["one"]
    assert record_of(place.repository, "dedupe").run == ""
    assert place.repository.resolve(BRANCH) != tip
    back()


def after_an_interrupt_nothing_is_joined(place: Place, part: Any) -> None:
    back = start_again(place)
    settled_on_main(place)
    tip = place.repository.resolve(BRANCH)
    workshop, source = workshop_of(place, "one"), (place.folder / "specs/dedupe.yaml").read_bytes()
    run = Run(place.repository, "dedupe", workshop.claimant)
    run.end(KeyboardInterrupt())
    part.join(Order(parse_spec(source, "specs/dedupe.yaml"), source), workshop, run)
    assert place.repository.resolve(BRANCH) == tip
    back()


def three_deaths_while_joining_need_a_person(place: Place, part: Any) -> None:
    back = start_again(place)
    for number in (1, 2, 3):
        with pytest.raises(Death):
            joined(place, part, workshop_of(place, f"run {number}", dies=True))
    assert state_of(place, part) == "stale"
    seen: list[str] = []
    fourth = replace(workshop_of(place, seen=seen), claimant=Claimant("run 4", take_over=True))
    stop = joined(place, part, fourth)
    assert stop
    assert "3 runs have died at join of dedupe" in stop.message
    assert "`toolbuilder run dedupe --from generation` goes on" in stop.advice
    assert seen == []
    assert state_of(place, part) == "waits for a person"
    settled_on_main(place)
    assert state_of(place, part) == "waits for a person", "nobody has found out what killed them"
    assert joined(place, part, fourth, again="generation") is None
    assert seen == ["run 4"]
    back()


GUARDED = [
    (a_conflict_waits_for_a_person_until_either_side_changes_it, "digest(JOIN, REVISION, tip, *start,", "digest(JOIN, REVISION, tip,"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, "digest(JOIN, REVISION, tip, *start,", "digest(JOIN, REVISION, *start,"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, "tip, *start, head if", "tip, *start[1:], head if"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, 'head if lost else ""', "head"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, ", *conflicts[:MOST_PATHS])", ")"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, "(spec_path(tool), folder_of(tool), *", "(spec_path(tool), *"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, "(spec_path(tool), folder_of(tool), *", "(folder_of(tool), *"),
    (a_conflict_waits_for_a_person_until_either_side_changes_it, "    run.place = place_of(", "    place_of("),
    (where_files_were_lost_every_commit_counts_as_git_may_find_them_again, 'head if lost else ""', '""'),
    (a_tool_is_claimed_before_its_branch_is_joined, "    run.begin(JOIN, place, afresh=bool(order.again), again=workshop.stages[-1].name)\n", ""),
    (after_an_interrupt_nothing_is_joined, "    if run.ended:", "    if False:"),
    (three_deaths_while_joining_need_a_person, "afresh=bool(order.again)", "afresh=True"),
    (three_deaths_while_joining_need_a_person, "afresh=bool(order.again)", "afresh=False"),
    (three_deaths_while_joining_need_a_person, ", again=workshop.stages[-1].name)", ")"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_joining_before_the_stages_is_guarded(
    apart: Place, check: Callable[..., None], text: str, instead: str
) -> None:
    back = start_again(apart)
    check(apart, joining)
    with pytest.raises((AssertionError, pytest.fail.Exception, Death)):
        check(apart, sabotaged(joining, text, instead))
    back()


def feedback_is_written_by_whoever_holds_the_tool(place: Place, part: Any) -> None:
    source = (place.folder / "specs/dedupe.yaml").read_bytes()
    order = Order(parse_spec(source, "dedupe.yaml"), source, again="generation", feedback="Be brief.")
    tip = place.repository.resolve(BRANCH)
    workshop = workshop_of(place, "one")
    other = Run(place.repository, "dedupe", Claimant("another"))
    other.begin("generation", "somewhere")
    with pytest.raises(ToolHeld):
        part.heard(order, workshop, frozenset(), Run(workshop.repository, "dedupe", workshop.claimant))
    assert place.repository.resolve(BRANCH) == tip
    other.end()


def test_feedback_before_the_claim_is_caught(place: Place) -> None:
    place.build(stages=2)
    begin = "        run.begin(stage.name, place_of(state, stage, workshop.ladder), afresh=True)\n"
    assert_guarded(feedback, (partial(feedback_is_written_by_whoever_holds_the_tool, place), begin, ""))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("tools/dedupe/.toolbuilder/architecture.yaml", "modules: 3\n"),
        ("tools/dedupe/.toolbuilder/requirements.yaml", "problem: [\n"),
        ("tools/dedupe/.toolbuilder/manifest.yaml", "{"),
        ("tools/dedupe/.toolbuilder/feedback.yaml", "wishes: 3\n"),
        ("specs/dedupe.yaml", "name: dedupe\n"),
    ],
)
def test_a_wrong_file_on_the_branch_starts_no_job_until_it_is_mended(place: Place, path: str, content: str) -> None:
    place.build(stages=3)
    place.edit_branch(path, content)
    found = place.only()
    assert (found.state, found.due) == ("waits for a person", False)
    assert path in found.why
    place.git(place.folder, "update-ref", BRANCH, f"{BRANCH}~1")
    assert place.only().due
