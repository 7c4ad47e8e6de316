"""Builders that share nothing but a remote: whatever goes wrong there or dies here, nothing is lost or bought twice."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.pipeline_world import NAMES, SPEC, World
from tests.pushed_world import PushedWorld
from tests.sabotage import sabotaged
from toolbuilder import commits
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import NeedsPerson, RepositoryError, ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.ports import Commit
from toolbuilder.runs import Claimant, record_of

pytestmark = pytest.mark.slow

Git = Callable[..., str]
CLIENT = Path(__file__).with_name("pushed_world.py")
BRANCH = "refs/heads/toolbuilder/dedupe"
LOG = "refs/toolbuilder/log/dedupe"
UNHARMED = 100_000
FIRSTS = (1, 2, 3, 4)  # every push and every point is tried, a quarter of them in each test: they run side by side


@pytest.fixture
def there(git_repo: Path, git: Git, tmp_path: Path) -> BareRemote:
    return bare_remote(git, tmp_path / "there.git", git_repo)


@pytest.fixture
def clone(there: BareRemote, git: Git, tmp_path: Path) -> Callable[[str], Path]:
    """Give a function that makes a fresh clone: a runner that has nothing but the remote."""

    def cloned(name: str) -> Path:
        git(tmp_path, "clone", "--quiet", "--no-local", str(there.folder), name)
        return tmp_path / name

    return cloned


def own(tips: Mapping[str, str]) -> dict[str, str]:
    """Give the refs that all builders share; journals differ in when they were written."""
    return {ref: tip for ref, tip in tips.items() if "/journal/" not in ref}


def wrong_there(there: BareRemote, git: Git) -> list[str]:
    """Say what must not be true of a remote, at any time: moves backwards, damage, tips that the log does not keep."""
    git(there.folder, "fsck", "--strict", "--no-dangling", "--connectivity-only")
    repository, tips = GitRepository(there.folder), there.tips()
    branches = {ref: tip for ref, tip in tips.items() if ref.startswith("refs/heads/toolbuilder/")}
    logs = {ref: tips.get(ref.replace("refs/heads/toolbuilder", "refs/toolbuilder/log")) for ref in branches}
    lost = [ref for ref, tip in branches.items() if not repository.follows(logs[ref] or "main", tip)]
    return [*there.wrong_moves(), *(f"the log does not keep {ref}" for ref in lost)]


def at_once(worlds: list[PushedWorld], specs: list[str]) -> None:
    async def all_of_them() -> None:
        await asyncio.gather(*(asyncio.to_thread(world.build, spec) for world, spec in zip(worlds, specs, strict=True)))

    asyncio.run(all_of_them())


def test_every_stage_is_pushed_and_the_next_machine_has_nothing_to_do(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    built = PushedWorld(clone("one")).build()
    assert there.tips()[BRANCH] == there.tips()[LOG] == built.tip
    assert git(there.folder, "log", "--format=%s", f"main..{BRANCH}").splitlines() == [
        f"dedupe: {name}" for name in reversed(NAMES)
    ]
    moves = len(there.moves())
    fresh = PushedWorld(clone("two"))
    assert (fresh.build().tip, fresh.asked, len(there.moves())) == (built.tip, [], moves)
    assert wrong_there(there, git) == []


def test_data_is_pushed_before_the_pointer(there: BareRemote, clone: Callable[[str], Path]) -> None:
    PushedWorld(clone("one")).build()
    seen: list[tuple[str, str]] = [(ref, new) for _, new, ref in there.moves()]
    for place, (ref, new) in enumerate(seen):
        assert ref != BRANCH or (LOG, new) in seen[:place]


def test_the_pointer_before_the_data_is_caught(there: BareRemote, clone: Callable[[str], Path], git: Git) -> None:
    repository = PushedWorld(clone("one")).workshop.repository
    hasty = sabotaged(
        commits,
        "    keep_in_log(repository, tool, new, before)\n    repository.swap(branch_of(tool), new, tip)\n",
        "    repository.swap(branch_of(tool), new, tip)\n    keep_in_log(repository, tool, new, before)\n",
    )
    there.hook("update", '#!/bin/sh\ncase $1 in refs/toolbuilder/log/*) echo "no logs" >&2; exit 1;; esac\n')
    new = repository.write(Commit((repository.resolve("HEAD") or "",), "One\n", {"one": b""}))
    for part, found in ((commits, []), (hasty, [f"the log does not keep {BRANCH}"])):
        with pytest.raises(RepositoryError, match="no logs"):
            part.move_branch(repository, "dedupe", new, None, None)
        assert wrong_there(there, git) == found


def test_two_builders_on_one_tool_end_with_the_same_tips(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    worlds = [PushedWorld(clone(name), run=Claimant(name, take_over=True)) for name in ("one", "two")]
    at_once(worlds, [SPEC] * 2)
    for world in worlds:
        world.build()
    tips = [own(GitRepository(world.folder).tips()) for world in worlds]
    assert tips[0] == tips[1] == own({ref: tip for ref, tip in there.tips().items() if ref != "refs/heads/main"})
    assert git(there.folder, "log", "--format=%s", f"main..{BRANCH}").splitlines() == [
        f"dedupe: {name}" for name in reversed(NAMES)
    ]
    assert wrong_there(there, git) == []
    kept = Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries
    assert len(kept) == len(set(worlds[0].asked + worlds[1].asked))


@pytest.mark.slow
def test_eight_builders_on_one_repository_lose_nothing(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    names = [f"tool{number // 2}" for number in range(8)]  # two on each of four tools
    worlds = [PushedWorld(clone(f"b{n}"), run=Claimant(f"run {n}", take_over=True)) for n in range(8)]
    at_once(worlds, [SPEC.replace("name: dedupe", f"name: {name}") for name in names])
    assert wrong_there(there, git) == []
    for name in set(names):
        branch = f"refs/heads/toolbuilder/{name}"
        assert len(git(there.folder, "log", "--format=%s", f"main..{branch}").splitlines()) == len(NAMES)
    for world, name in zip(worlds, names, strict=True):
        world.workshop.reconcile()
        assert (
            GitRepository(world.folder).resolve(f"toolbuilder/{name}") == there.tips()[f"refs/heads/toolbuilder/{name}"]
        )


def test_tools_are_built_side_by_side_in_one_clone(there: BareRemote, clone: Callable[[str], Path], git: Git) -> None:
    folder = clone("one")
    names = ["tool1", "tool2", "tool3"]
    worlds = [PushedWorld(folder, run=Claimant(name)) for name in names]
    at_once(worlds, [SPEC.replace("name: dedupe", f"name: {name}") for name in names])
    assert {f"refs/heads/toolbuilder/{name}" for name in names} <= there.tips().keys()
    assert wrong_there(there, git) == []


def after_trouble(there: BareRemote, clone: Callable[[str], Path], kind: str, at: int) -> tuple[str, list[str]]:
    """Build while one push goes wrong, again from a fresh clone if that failed; give the tip, and what is wrong."""
    there.makes_trouble(kind, at)
    first = PushedWorld(clone(f"first {kind} {at}"), seconds=2.0 if "hangs" in kind else 60.0)
    heard: list[str] = []
    first.acknowledged = heard.append
    with suppress(RepositoryError):
        first.build()
    there.behaves()
    second = PushedWorld(clone(f"second {kind} {at}"))
    again: list[str] = []
    second.engine = Watched(second.engine, again)
    tip = second.build().tip
    return tip, [f"bought again: {key}" for key in {*heard} & {*again}]


class Watched:
    """An engine that takes down the keys that it is asked."""

    def __init__(self, inner: Any, keys: list[str]):
        self._inner = inner
        self._keys = keys

    async def ask(self, question: Any) -> Any:
        self._keys.append(question.key)
        return await self._inner.ask(question)


@pytest.fixture
def unharmed(there: BareRemote, clone: Callable[[str], Path], git: Git) -> tuple[str, int]:
    """Give the tip of a build whose pushes all went well, and how many they were; the remote is as before."""
    there.makes_trouble("rejects", UNHARMED)
    tip = PushedWorld(clone("unharmed")).build().tip
    count = there.pushes()
    start_again(there, git)
    return tip, count


def start_again(there: BareRemote, git: Git) -> None:
    for ref in there.tips().keys() - {"refs/heads/main"}:
        git(there.folder, "update-ref", "-d", ref)
    (there.folder / "moves").unlink()


def test_a_push_that_goes_wrong_loses_nothing(
    there: BareRemote, clone: Callable[[str], Path], git: Git, unharmed: tuple[str, int]
) -> None:
    tip, count = unharmed
    for kind, at in (("rejects", count // 2), ("drops the reply", 2)):
        assert after_trouble(there, clone, kind, at) == (tip, [])
        assert wrong_there(there, git) == []
        start_again(there, git)


@pytest.mark.slow
@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize("kind", ["rejects", "dies", "drops the reply", "hangs", "hangs once it is done"])
def test_whichever_push_goes_wrong_nothing_is_lost(
    kind: str, first: int, *, there: BareRemote, clone: Callable[[str], Path], git: Git, unharmed: tuple[str, int]
) -> None:
    tip, count = unharmed
    for at in range(first, count + 1, len(FIRSTS)):
        assert after_trouble(there, clone, kind, at) == (tip, []), f"push {at} {kind}"
        assert wrong_there(there, git) == []
        start_again(there, git)


def run(folder: Path, log: Path, point: int, sabotage: str = "") -> int:
    command = [sys.executable, str(CLIENT), str(folder), str(log), str(point), sabotage]
    environment = {**os.environ, "PYTHONPATH": str(CLIENT.parents[1])}
    return subprocess.run(command, check=False, capture_output=True, env=environment).returncode


def said(log: Path, word: str) -> list[str]:
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{word} ")]


def wrong_after_a_kill(clone: Callable[[str], Path], log: Path, point: int, tip: str, sabotage: str = "") -> str:
    """Kill a builder at a point, let another one go on from a fresh clone, and say what is wrong with its end."""
    if run(clone(f"killed at {point} {sabotage}"), log, point, sabotage) != -signal.SIGKILL:
        return "was not killed"
    asked, acknowledged = len(said(log, "asked")), {*said(log, "acknowledged")}
    if run(clone(f"after {point} {sabotage}"), log, UNHARMED, sabotage):
        return "does not end"
    if said(log, "tip")[-1] != tip:
        return "ends with other commits"
    again = acknowledged & {*said(log, "asked")[asked:]}
    return f"asked again: {sorted(again)}" if again else ""


def test_a_killed_builder_is_followed_by_one_on_a_fresh_clone(
    there: BareRemote, clone: Callable[[str], Path], git: Git, unharmed: tuple[str, int], tmp_path: Path
) -> None:
    assert wrong_after_a_kill(clone, tmp_path / "log", 22, unharmed[0]) == ""
    assert wrong_there(there, git) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", FIRSTS)
def test_wherever_a_builder_is_killed_the_next_one_buys_nothing_again(
    first: int, *, there: BareRemote, clone: Callable[[str], Path], git: Git, unharmed: tuple[str, int], tmp_path: Path
) -> None:
    tip, _ = unharmed
    log = tmp_path / "count.log"
    assert run(clone("count"), log, UNHARMED) == 0
    points = int(said(log, "points")[0])
    start_again(there, git)
    for point in range(first, points - 6, len(FIRSTS)):  # how many answers share a commit is not the same every time
        assert wrong_after_a_kill(clone, tmp_path / f"{point}.log", point, tip) == "", f"killed at point {point}"
        assert wrong_there(there, git) == []
        start_again(there, git)


def test_a_journal_that_stays_on_its_machine_is_caught(
    there: BareRemote, clone: Callable[[str], Path], unharmed: tuple[str, int], tmp_path: Path
) -> None:
    assert there.moves() == []
    assert "asked again" in wrong_after_a_kill(clone, tmp_path / "log", 22, unharmed[0], "private")


@pytest.mark.parametrize("point", [21, 24])
def test_an_interrupt_pushes_what_was_bought_and_lets_go_of_the_tool(
    point: int, there: BareRemote, clone: Callable[[str], Path], git: Git, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    assert run(clone("interrupted"), log, point, "interrupted") not in {0, -signal.SIGKILL}
    repository = GitRepository(there.folder)
    kept = Journal(repository, "dedupe", "0 +0000").entries.keys()
    assert {*said(log, "acknowledged")} <= kept
    assert {*said(log, "asked")} == kept
    assert (record_of(repository, "dedupe").run, record_of(repository, "dedupe").stopped) == ("", None)
    assert wrong_there(there, git) == []


HANGS_AT_LETTING_GO = """\
#!/bin/sh
while read -r _ new _; do
  git show "$new:run.json" 2>/dev/null | grep -q '"run":""' || continue
  echo "$new" >>hung
  read -r _ <never
done
"""


def test_an_interrupt_is_not_held_up_by_a_remote_that_hangs(
    there: BareRemote, clone: Callable[[str], Path], tmp_path: Path
) -> None:
    os.mkfifo(there.folder / "never")
    there.hook("pre-receive", HANGS_AT_LETTING_GO)
    log, began = tmp_path / "log", time.monotonic()
    assert run(clone("interrupted"), log, 24, "interrupted") not in {0, -signal.SIGKILL}
    assert time.monotonic() - began < 45, "a push is else waited for as long as a minute, and tried four times"
    assert len((there.folder / "hung").read_text().split()) == 1
    repository = GitRepository(there.folder)
    assert record_of(repository, "dedupe").run == "run to point 24", "the claim runs out by itself"
    assert {*said(log, "asked")} == Journal(repository, "dedupe", "0 +0000").entries.keys()


def test_a_second_run_leaves_before_it_pays(there: BareRemote, clone: Callable[[str], Path]) -> None:
    first = clone("first")
    assert run(first, first / "log", 30) == -signal.SIGKILL
    moves = there.moves()
    second = PushedWorld(clone("second"), run=Claimant("another run"))
    with pytest.raises(
        ToolbuilderError,
        match=r"is being built by run to point 30.*Run again once that has ended, after .* --take-over",
    ):
        second.build()
    assert (second.asked, there.moves()) == ([], moves)
    third = PushedWorld(clone("third"), run=Claimant("another run", take_over=True))
    assert third.build().complete
    assert record_of(GitRepository(there.folder), "dedupe").run == ""


def test_three_deaths_at_one_place_need_a_person(there: BareRemote, clone: Callable[[str], Path]) -> None:
    for number in (1, 2, 3):
        folder = clone(f"dead {number}")
        assert run(folder, folder / "log", 6 + 3 * number) == -signal.SIGKILL
    world = PushedWorld(clone("next"))
    with pytest.raises(NeedsPerson, match=r"3 runs have died at requirements(.|\n)*--from requirements"):
        world.build()
    record = record_of(GitRepository(there.folder), "dedupe")
    assert record.stopped
    assert (record.run, record.deaths, record.stopped.kind) == ("", 3, "needs_person")
    assert world.asked == []
    assert world.build(again="requirements").complete


def test_a_branch_that_has_grown_apart_is_a_persons_to_join(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    one, two = clone("one"), clone("two")
    PushedWorld(one).build(until="requirements")
    for folder in (one, two):
        git(folder, "fetch", "--quiet", "origin", f"{BRANCH}:{BRANCH}")
        git(folder, "switch", "--quiet", "toolbuilder/dedupe")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", f"By hand in {folder.name}")
        git(folder, "switch", "--quiet", "main")
    assert PushedWorld(one).build().complete
    with pytest.raises(RepositoryError, match=r"has grown apart.*git branch -f toolbuilder/dedupe.*git merge"):
        PushedWorld(two).build()
    other = SPEC.replace("name: dedupe", "name: other")
    assert PushedWorld(two).build(other).complete, "one tool's branch does not stop the others"
    git(two, "switch", "--quiet", "toolbuilder/dedupe")
    git(two, "merge", "--quiet", "--message", "Both", there.tips()[BRANCH])
    git(two, "switch", "--quiet", "main")
    assert PushedWorld(two).build().complete
    assert there.wrong_moves() == []


def test_a_branch_that_a_person_rewrote_is_built_on_and_nothing_is_lost_or_bought_again(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    one = clone("one")
    first = PushedWorld(one)
    built = first.build()
    git(there.folder, "update-ref", BRANCH, f"{built.tip}~1")  # the person takes the last stage back
    again = PushedWorld(one)
    assert (set(again.build().landed), again.asked) == ({"generation"}, [])
    person = clone("person")
    git(person, "switch", "--quiet", "toolbuilder/dedupe")
    git(person, "commit", "--quiet", "--amend", "--message", "By hand")
    git(person, "push", "--quiet", "--force", "origin", "toolbuilder/dedupe")
    rewritten = PushedWorld(one)
    assert (rewritten.build().landed, rewritten.asked) == ({}, [])
    assert GitRepository(one).resolve(BRANCH) == there.tips()[BRANCH] == git(person, "rev-parse", "HEAD")
    git(there.folder, "merge-base", "--is-ancestor", built.tip, LOG)


def test_what_was_built_without_a_remote_is_pushed_later(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    one, two = clone("one"), clone("two")
    tip = World(one).build().tip
    PushedWorld(two).build(until="requirements")
    assert PushedWorld(one).build().tip == there.tips()[BRANCH] == tip
    assert wrong_there(there, git) == []


def test_a_branch_that_was_deleted_there_is_not_brought_back(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    folder = clone("one")
    PushedWorld(folder).build()
    git(there.folder, "update-ref", "-d", BRANCH)
    PushedWorld(folder).build()
    assert BRANCH not in there.tips()


def test_a_checked_out_branch_is_refused_before_anything_is_pushed(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    folder = clone("one")
    PushedWorld(folder).build(until="requirements")
    git(folder, "switch", "--quiet", "toolbuilder/dedupe")
    tips = own(there.tips())
    with pytest.raises(RepositoryError, match="git switch --detach"):
        PushedWorld(folder).build()
    assert own(there.tips())[BRANCH] == tips[BRANCH]
