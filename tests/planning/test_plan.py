"""What is true of a tool, in real repositories, whatever people have done there."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.planning.conftest import Place, pull_request
from tests.planted import spec_text
from tests.sabotage import assert_guarded
from toolbuilder.build import Order
from toolbuilder.commits import journal_ref
from toolbuilder.errors import FileIsWrong, RepositoryError
from toolbuilder.ladders import LADDERS
from toolbuilder.planning import plan as planning
from toolbuilder.planning.matrix import outputs
from toolbuilder.planning.plan import Wanted
from toolbuilder.planning.standing import standing_of
from toolbuilder.planning.verdict import rows
from toolbuilder.ports import Commit
from toolbuilder.reports.plans import plan_lines
from toolbuilder.runs import RunRecord, Stop
from toolbuilder.schema import canonical_json
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES
from toolbuilder.survey import place_at
from toolbuilder.viewing import viewed

EDITED = SPEC.replace("keeping the first", "keeping only the first")


def test_a_new_spec_is_to_be_built_from_the_first_stage_on(place: Place) -> None:
    found = place.only()
    assert (found.state, found.stage, found.why, found.due, found.tip) == (
        "build", "requirements", "not built yet", True, "",
    )  # fmt: skip
    assert found.spec == place.git(place.folder, "rev-parse", "HEAD:specs/dedupe.yaml")


@pytest.mark.parametrize("stages", [1, 4])
def test_an_unfinished_tool_goes_on_with_its_next_stage(place: Place, stages: int) -> None:
    tip = place.build(stages=stages)
    found = place.only()
    assert (found.state, found.stage, found.due, found.tip) == ("build", STAGES[stages].name, True, tip)


def test_a_finished_tool_is_up_to_date_until_it_is_merged(place: Place) -> None:
    tip = place.build()
    found = place.only()
    assert (found.state, found.tip, found.due, found.stage) == ("up to date", tip, False, "")


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("branch", ["stays", "goes"])
def test_a_merged_tool_is_merged_however_it_was_merged(place: Place, how: str, branch: str) -> None:
    place.build()
    (place.folder / "other").touch()
    place.commit_all()
    match how:
        case "merge":
            place.git(place.folder, "merge", "--quiet", "--no-edit", "toolbuilder/dedupe")
        case "squash":
            place.git(place.folder, "merge", "--quiet", "--squash", "toolbuilder/dedupe")
            place.commit_all()
        case _:
            place.git(place.folder, "cherry-pick", "toolbuilder/dedupe")
    if branch == "goes":
        place.git(place.folder, "branch", "-D", "toolbuilder/dedupe")
    assert (place.only().state, place.only().due) == ("merged", False)


def test_a_changed_spec_is_stale_and_says_what_changed(place: Place) -> None:
    place.build()
    place.commit(dedupe=EDITED)
    found = place.only()
    assert (found.state, found.stage, found.why, found.due) == ("stale", "requirements", "spec changed", True)
    place.commit(dedupe=f"{SPEC}budget: {{usd: 3}}\n")
    assert place.only().state == "up to date"


def test_a_persons_edit_on_the_branch_makes_stale_what_it_goes_into(place: Place) -> None:
    place.build()
    tip = place.edit_branch("tools/dedupe/src/dedupe/more.py", "ONE = 1\n")
    found = place.only()
    assert (found.state, found.stage, found.why, found.tip) == ("stale", "verification", "files changed", tip)


def test_an_edit_on_the_default_branch_is_to_be_joined_into_an_open_branch(place: Place) -> None:
    place.build()
    place.git(place.folder, "merge", "--quiet", "--squash", "toolbuilder/dedupe")
    place.commit_all()
    place.edit_branch("tools/dedupe/README.md", "A word more.\n")
    assert place.only().state == "up to date"  # the default branch holds what the branch has held
    (place.folder / "tools/dedupe/NOTES.md").write_text("Mine.\n")
    place.commit_all()
    found = place.only()
    assert (found.state, found.stage, found.due) == ("stale", "verification", True)
    assert found.why == "tools/dedupe/ changed on the default branch"


def test_another_template_makes_outdated_and_only_upgrade_builds_it(place: Place) -> None:
    place.build()
    found = place.only(template="another")
    assert (found.state, found.stage, found.why, found.due) == ("outdated", "generation", "template changed", False)
    assert place.only(Wanted(upgrade=True), template="another").due


def test_what_outdated_stages_cost_when_they_were_last_built_is_told(place: Place) -> None:
    place.build()
    assert place.only(template="another").usd is None
    repository, tip = place.repository, place.git(place.folder, "rev-parse", "toolbuilder/dedupe")
    for stage, cost in (("generation", "5.000000"), ("generation", "0.250000"), ("packaging", "0.100000")):
        message = f"dedupe: {stage}\n\nToolbuilder-Stage: {stage}\nToolbuilder-Cost-USD: {cost}\n"
        new = repository.write(Commit((tip,), message, {}))
        repository.swap("refs/heads/toolbuilder/dedupe", new, tip)
        tip = new
    assert place.only(template="another").usd == 0.25


def a_broken_spec_is_located_and_the_others_go_on(place: Place, part: Any) -> None:
    place.commit(broken="name: broken\ninput_tpye: lines\n", wish=f"{spec_text('wish')}patterns: [nothing]\n")
    with viewed(place.folder) as view:
        found = {one.tool: one for one in part.plan(view, part.Wanted())}
    assert {name: one.state for name, one in found.items()} == {"broken": "broken", "dedupe": "build", "wish": "broken"}
    assert "specs/broken.yaml:2:1: `input_tpye` is no key here" in found["broken"].why
    assert "there is no pattern `nothing`" in found["wish"].why
    assert not found["broken"].due


def what_stands_wrong_on_a_branch_waits_for_a_person_and_the_others_go_on(place: Place, part: Any) -> None:
    place.commit(other=spec_text("other"))
    place.build()
    place.git(place.folder, "switch", "--quiet", "toolbuilder/dedupe")
    place.git(place.folder, "rm", "--quiet", "tools/dedupe/.toolbuilder/architecture.yaml")
    place.commit_all()
    place.git(place.folder, "switch", "--quiet", "main")
    with viewed(place.folder) as view:
        found = {one.tool: one for one in part.plan(view, part.Wanted())}
    assert {name: one.state for name, one in found.items()} == {"dedupe": "waits for a person", "other": "build"}
    assert "run --from architecture" in found["dedupe"].why


def test_a_branch_that_git_cannot_read_waits_for_a_person(place: Place) -> None:
    path = place.folder / ".git/refs/heads/toolbuilder/dedupe"
    path.parent.mkdir(parents=True)
    path.write_text("")
    found = place.only()
    assert (found.state, found.due) == ("waits for a person", False)
    assert "git fsck" in found.why


def test_a_damaged_branch_waits_for_a_person_and_the_others_go_on(place: Place) -> None:
    place.commit(other=spec_text("other"))
    place.build()
    lost = place.git(place.folder, "rev-parse", "toolbuilder/dedupe:tools/dedupe/src")
    (place.folder / f".git/objects/{lost[:2]}/{lost[2:]}").unlink()
    found = place.plan()
    assert {name: one.state for name, one in found.items()} == {"dedupe": "waits for a person", "other": "build"}
    assert f"object {lost} is missing" in found["dedupe"].why


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("branch", [True, False])
def test_a_spec_that_is_gone_leaves_what_is_to_be_removed(place: Place, merged: bool, branch: bool) -> None:  # noqa: FBT001
    place.build()
    if merged:
        place.git(place.folder, "merge", "--quiet", "toolbuilder/dedupe")
    if not branch:
        place.git(place.folder, "branch", "-D", "toolbuilder/dedupe")
    place.commit(dedupe=None)
    found = place.plan()
    if not merged and not branch:
        assert found == {}
        return
    assert (found["dedupe"].state, found["dedupe"].due, bool(found["dedupe"].tip)) == ("removed", False, branch)
    assert found["dedupe"].why.startswith("specs/dedupe.yaml is not on the default branch; ")
    assert ("its branch" in found["dedupe"].why) is branch
    assert ("the tool on the default branch" in found["dedupe"].why) is merged


def test_folders_of_tools_that_toolbuilder_did_not_make_are_none_of_its_business(place: Place) -> None:
    (place.folder / "tools/own").mkdir(parents=True)
    (place.folder / "tools/own/script.sh").touch()
    place.commit_all()
    assert [*place.plan()] == ["dedupe"]


@pytest.mark.parametrize("merged", [True, False])
def test_a_spec_under_another_name_is_a_renamed_one(place: Place, merged: bool) -> None:  # noqa: FBT001
    place.build()
    if merged:
        place.git(place.folder, "merge", "--quiet", "toolbuilder/dedupe")
        place.git(place.folder, "branch", "-D", "toolbuilder/dedupe")
    place.commit(dedupe=None, unique=spec_text("unique"), other=spec_text("other", EDITED))
    found = place.plan()
    assert {name: (one.state, one.other) for name, one in found.items()} == {
        "dedupe": ("renamed", "unique"),
        "other": ("build", ""),
        "unique": ("build", "dedupe"),
    }
    assert found["unique"].why == "not built yet; it was called dedupe"


def stopped(place: Place, stage: str = "requirements", engine: str = "auto", kind: str = "needs_person") -> None:
    """Leave the run record of a build that has stopped at a stage, where the tool stands now."""
    with viewed(place.folder) as view:
        tip = view.snapshot.resolve("refs/heads/toolbuilder/dedupe") or ""
        standing = standing_of(Order(*_spec(place)), view)
    blob = place.git(place.folder, "rev-parse", "HEAD:specs/dedupe.yaml")
    one = next(one for one in STAGES if one.name == stage)
    where = place_at(blob, tip, one, standing.tools, LADDERS[engine])
    stop = Stop(kind=kind, stage=stage, message="which one is right?")  # type: ignore[arg-type]
    record = canonical_json(RunRecord(stage=stage, place=where, stopped=stop)).encode()
    repository = place.repository
    ref = journal_ref("dedupe")
    old = repository.resolve(ref)
    new = repository.write(Commit((old,) if old else (), "Stop\n", {"run.json": record}, date="1700000000 +0000"))
    repository.swap(ref, new, old)


def _spec(place: Place) -> tuple[Spec, bytes]:
    source = (place.folder / "specs/dedupe.yaml").read_bytes()
    return parse_spec(source, "specs/dedupe.yaml"), source


@pytest.mark.parametrize("engine", [*LADDERS])
def test_a_stop_holds_whoever_was_asked_until_something_changes(place: Place, engine: str) -> None:
    stopped(place, engine=engine)
    found = place.only()
    assert (found.state, found.why, found.due) == ("waits for a person", "which one is right?", False)
    assert place.only(Wanted(asked=True)).due
    assert place.only(Wanted(again="requirements")).due
    place.commit(dedupe=f"{SPEC}# a remark\n")
    assert (place.only().state, place.only().due) == ("build", True)


def test_a_stop_is_lifted_by_a_commit_on_the_branch(place: Place) -> None:
    place.build(stages=2)
    stopped(place, "generation")
    assert place.only().state == "waits for a person"
    place.edit_branch("note.txt", "I have looked at it.\n")
    assert place.only().state == "build"


@pytest.mark.parametrize("kind", ["failed", "capped"])
def test_what_may_help_the_next_time_is_tried_again(place: Place, kind: str) -> None:
    stopped(place, kind=kind)
    found = place.only()
    assert (found.state, found.due) == ("build", True)
    assert found.why == "not built yet; the last run ended: which one is right?"


def what_a_person_has_closed_stays_closed_for_the_same_spec(place: Place, part: Any) -> None:
    place.commit(dedupe=SPEC + "# first\n")
    tip = place.build(text=f"{SPEC}# first\n") if not place.repository.resolve("toolbuilder/dedupe") else ""
    tip = tip or place.git(place.folder, "rev-parse", "toolbuilder/dedupe")

    def state(*pull_requests: Any, **wanted: Any) -> str:
        with viewed(place.folder) as view:
            [found] = part.plan(view, part.Wanted(**wanted), pull_requests)
        return str(found.state)

    shut = pull_request(tip, state="closed")
    assert state(shut) == "closed by a person"
    assert state(shut, asked=True) == state() == "up to date"
    assert state(pull_request(tip, state="closed", labels=("toolbuilder:withdrawn",))) == "up to date"
    assert state(pull_request(tip, number=2), shut) == "up to date"
    assert state(shut, pull_request(tip, number=0)) == "closed by a person"
    assert state(pull_request("f" * 40, state="closed")) == "closed by a person"
    place.commit(dedupe=EDITED)
    assert state(shut) == "stale"


def test_a_pull_request_whose_commit_is_not_here_says_so(place: Place) -> None:
    found = place.only(pull_requests=[pull_request("f" * 40, state="closed")])
    assert "its commit ffffffffffff is not here to tell" in found.why


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_once_the_default_branch_has_taken_it_in_and_gone_on_that_is_what_counts(place: Place, how: str) -> None:
    tip = place.build()
    place.git(
        place.folder, "merge", "--quiet", *(["--squash"] if how == "squash" else ["--no-ff"]), "toolbuilder/dedupe"
    )
    (place.folder / "tools/dedupe/README.md").write_text("# Mine\n")
    place.commit_all()
    known = [pull_request(tip, state="merged")]
    assert place.only(pull_requests=known).state == "merged"
    assert place.only().state == ("merged" if how == "merge" else "stale")
    (place.folder / "tools/dedupe/src/dedupe/more.py").write_text("ONE = 1\n")
    place.commit_all()
    assert (place.only(pull_requests=known).state, place.only(pull_requests=known).why) == ("stale", "files changed")


def test_new_work_on_the_branch_of_a_merged_tool_is_not_merged_yet(place: Place) -> None:
    place.build()
    place.git(place.folder, "merge", "--quiet", "toolbuilder/dedupe")
    place.edit_branch("tools/dedupe/README.md", "# Better\n")
    assert place.only().state == "up to date"


def test_asked_for_from_a_stage_it_is_built_in_any_case(place: Place) -> None:
    place.build()
    place.commit(other=spec_text("other"))
    found = place.only(Wanted(("dedupe",), again="generation"))
    assert (found.state, found.stage, found.again, found.due) == ("build", "generation", "generation", True)


def what_there_is_not_is_refused_with_a_hint(place: Place, part: Any) -> None:
    with viewed(place.folder) as view, pytest.raises(FileIsWrong, match=re.escape("dedup: there is no such tool; did you mean `dedupe`?")):  # fmt: skip
        part.plan(view, part.Wanted(("dedupe", "dedup")))


def test_only_committed_specs_count(place: Place) -> None:
    (place.folder / "specs/more.yaml").write_text(spec_text("more"))
    (place.folder / "specs/dedupe.yaml").unlink()
    (place.folder / "specs/README.md").write_text("About specs.\n")
    assert [*place.plan()] == ["dedupe"]


def test_file_names_that_no_tool_has_harm_nothing(place: Place) -> None:
    place.build()
    for name in ("a\nHEAD", "x" * 240, "Big One", "-rf", "\udcff", *(f"{number}{'y' * 200}" for number in range(40))):
        (place.folder / f"specs/{name}.yaml").write_text(SPEC)
    place.commit_all()
    found = place.plan()
    assert found.pop("dedupe").state == "up to date"
    assert {one.state for one in found.values()} == {"broken"}
    lines = plan_lines([*found.values()])
    assert all(line.isprintable() for line in lines)
    assert len(outputs([*found.values()], None, {})) == 4


def test_without_a_commit_it_is_told_what_to_do(place: Place) -> None:
    place.git(place.folder, "switch", "--quiet", "--orphan", "empty")
    with pytest.raises(RepositoryError, match="commit one under specs/"):
        place.plan()


def a_spec_that_was_built_from_is_not_read_again(place: Place, part: Any) -> None:
    place.build()
    blob = place.git(place.folder, "rev-parse", "HEAD:specs/dedupe.yaml")
    with viewed(place.folder) as view:
        seen = Unreadable(view.snapshot, blob)
        [found] = part.plan(replace(view, snapshot=seen), part.Wanted())
        assert (found.state, found.spec) == ("up to date", blob)


class Unreadable:
    """A snapshot in which one object cannot be read."""

    def __init__(self, inner: Any, object_id: str):
        self._inner = inner
        self._id = object_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def content(self, object_id: str) -> bytes:
        assert object_id != self._id
        return bytes(self._inner.content(object_id))


def test_verdicts_are_rows_for_programs(place: Place) -> None:
    [row] = json.loads(json.dumps(rows([place.only()])))
    assert (row["tool"], row["state"], row["stage"], row["due"]) == ("dedupe", "build", "requirements", True)


GUARDED = [
    (a_spec_that_was_built_from_is_not_read_again, "_known(tool, view) or ", ""),
    (a_broken_spec_is_located_and_the_others_go_on, '    except FileIsWrong as error:\n        return Verdict(tool.name, "broken"', '    except KeyError as error:\n        return Verdict(tool.name, "broken"'),
    (a_broken_spec_is_located_and_the_others_go_on, "    chosen(order.spec, view.workshop.patterns)  # one", "    # one"),
    (what_stands_wrong_on_a_branch_waits_for_a_person_and_the_others_go_on, "    except ToolbuilderError as error:\n", "    except KeyError as error:\n"),
    (what_a_person_has_closed_stays_closed_for_the_same_spec, "return found if wanted.asked or wanted.again else", "return found if wanted.again else"),
    (what_a_person_has_closed_stays_closed_for_the_same_spec, 'if found.state != "merged" and (why :=', "if found.due and (why :="),
    (what_there_is_not_is_refused_with_a_hint, "    _refuse_unknown(wanted.tools, [*blobs, *left])\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_a_plan_is_guarded(place: Place, check: Callable[..., None], text: str, instead: str) -> None:
    assert_guarded(planning, (partial(check, place), text, instead))
