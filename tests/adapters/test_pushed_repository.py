from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.sabotage import assert_guarded
from toolbuilder.adapters import pushed_repository
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RaceLost, RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]


class CountedRemote(GitRemote):
    """Counts how often somebody tries to push."""

    tries: ClassVar[list[str]] = []

    def push(self, ref: str, new: str, old: str | None) -> None:
        self.tries.append(ref)
        super().push(ref, new, old)


class DyingRemote:
    """Dies after the first push."""

    def __init__(self, inner: GitRemote):
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def push(self, ref: str, new: str, old: str | None) -> None:
        self._inner.push(ref, new, old)
        raise InterruptedError


class Clones:
    """Makes clones of one remote, each with its repository; every check uses a tool of its own."""

    def __init__(self, there: BareRemote, git: RunGit, folder: Path):
        self.there = there
        self._git = git
        self._folder = folder
        self._count = 0

    def one(self, part: Any) -> tuple[Any, GitRepository]:
        """Give a clone as pushed repository, and without the remote."""
        self._count += 1
        folder = self._folder / f"clone-{self._count}"
        self._git(self._folder, "clone", "--quiet", str(self.there.folder), folder.name)
        local = GitRepository(folder)
        return part.PushedRepository(local, CountedRemote(Git(folder), "origin", wait=lambda _: None)), local

    def names(self) -> tuple[str, str, str]:
        """Give a branch, a journal and a log that nobody has used."""
        tool = f"tool{self._count}"
        return f"refs/heads/toolbuilder/{tool}", f"refs/toolbuilder/journal/{tool}", f"refs/toolbuilder/log/{tool}"


@pytest.fixture
def clones(git_repo: Path, git: RunGit, tmp_path: Path) -> Clones:
    return Clones(bare_remote(git, tmp_path / "there.git", git_repo), git, tmp_path)


def commit(repository: Any, name: str, parent: str | None = None) -> str:
    base = parent or repository.resolve("HEAD")
    made: str = repository.write(Commit((base,), f"{name}\n", {f"answers/{name}": name.encode()}))
    return made


def what_moves_here_has_moved_there(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    branch, journal, _ = clones.names()
    for ref in (branch, journal):
        one = commit(pushed, "one")
        pushed.swap(ref, one, None)
        assert (local.resolve(ref), clones.there.tips().get(ref)) == (one, one)


def a_lost_race_brings_what_won_it(clones: Clones, part: Any) -> None:
    (first, _), (second, local) = clones.one(part), clones.one(part)
    _, journal, _ = clones.names()
    one, two = commit(first, "one"), commit(second, "two")
    first.swap(journal, one, None)
    with pytest.raises(RaceLost):
        second.swap(journal, two, None)
    assert local.resolve(journal) == one, "the next survey sees it"
    second.swap(journal, commit(second, "two", one), one)
    assert clones.there.wrong_moves() == []


def a_ref_that_moved_here_is_not_pushed(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    _, journal, _ = clones.names()
    one = commit(pushed, "one")
    pushed.swap(journal, one, None)
    tries = len(CountedRemote.tries)
    with pytest.raises(RaceLost):
        pushed.swap(journal, commit(pushed, "two", one), local.resolve("HEAD"))
    assert len(CountedRemote.tries) == tries


def what_is_behind_follows_on_either_side(clones: Clones, part: Any) -> None:
    (first, one), (second, two) = clones.one(part), clones.one(part)
    refs = clones.names()
    tips = [commit(one, "first")]
    tips.append(commit(one, "second", tips[0]))
    for ref in refs:
        first.swap(ref, tips[0], None)
    second.reconcile()
    assert [two.resolve(ref) for ref in refs] == [tips[0]] * 3
    for ref in refs:
        one.swap(ref, tips[1], tips[0])
    first.reconcile()
    second.reconcile()
    assert [clones.there.tips()[ref] for ref in refs] == [two.resolve(ref) for ref in refs] == [tips[1]] * 3


def data_that_has_grown_apart_is_joined(clones: Clones, part: Any) -> None:
    (first, one), (second, two) = clones.one(part), clones.one(part)
    _, journal, log = clones.names()
    tips = [commit(one, "one"), commit(two, "two")]
    for ref in (journal, log):
        first.swap(ref, tips[0], None)
        two.swap(ref, tips[1], None)
    second.reconcile()
    for ref in (journal, log):
        both = clones.there.tips()[ref]
        assert two.resolve(ref) == both
        assert all(two.follows(both, tip) for tip in tips)
    assert two.read(clones.there.tips()[journal], "answers") == {"answers/one": b"one", "answers/two": b"two"}
    first.reconcile()
    assert one.resolve(journal) == two.resolve(journal)
    assert clones.there.wrong_moves() == []


def of_two_answers_the_remotes_stays(clones: Clones, part: Any) -> None:
    (first, one), (second, two) = clones.one(part), clones.one(part)
    _, journal, _ = clones.names()
    first.swap(journal, one.write(Commit((), "A\n", {"answers/x": b"theirs"}, date="1 +0000")), None)
    two.swap(journal, two.write(Commit((), "B\n", {"answers/x": b"mine"}, date="1 +0000")), None)
    second.reconcile()
    assert second.read(clones.there.tips()[journal]) == {"answers/x": b"theirs"}


def a_branch_that_has_grown_apart_stops_its_own_tool_alone(clones: Clones, part: Any) -> None:
    (first, one), (second, two) = clones.one(part), clones.one(part)
    branch, journal, _ = clones.names()
    first.swap(branch, commit(one, "one"), None)
    mine = commit(two, "two")
    two.swap(branch, mine, None)
    second.reconcile()
    with pytest.raises(RepositoryError, match="has grown apart"):
        second.resolve(branch)
    with pytest.raises(RepositoryError, match="has grown apart"):
        second.swap(branch, commit(two, "three", mine), mine)
    second.swap(journal, mine, None)
    assert two.resolve(branch) == mine
    assert clones.there.wrong_moves() == []


def a_branch_that_was_rewritten_there_is_followed_once_it_is_logged(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    branch, _, log = clones.names()
    one, other = commit(pushed, "one"), commit(pushed, "other")
    pushed.swap(branch, one, None)
    pushed.swap(log, other, None)
    clones.there.git(clones.there.folder, "update-ref", branch, other)
    with pytest.raises(RepositoryError, match="has grown apart"):
        pushed.swap(branch, commit(pushed, "two", one), one)
    pushed.apart.clear()
    pushed.swap(log, pushed.write(Commit((other, one), "Keep\n", {})), other)
    with pytest.raises(RaceLost):
        pushed.swap(branch, commit(pushed, "two", one), one)
    assert local.resolve(branch) == clones.there.tips()[branch] == other


def what_was_taken_back_there_is_taken_back_here(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    branch, _, log = clones.names()
    one = commit(pushed, "one")
    two = commit(pushed, "two", one)
    pushed.swap(log, two, None)
    pushed.swap(branch, two, None)
    clones.there.git(clones.there.folder, "update-ref", branch, one)
    pushed.reconcile()
    assert local.resolve(branch) == clones.there.tips()[branch] == one


def what_was_never_there_is_pushed(clones: Clones, part: Any) -> None:
    """Even if the machine dies between two pushes, and others have to finish what it began."""
    pushed, local = clones.one(part)
    branch, _, log = clones.names()
    one = commit(local, "one")
    for ref in (log, branch):
        local.swap(ref, one, None)
    dying = DyingRemote(pushed.remote)
    with pytest.raises(InterruptedError):
        part.PushedRepository(local, dying).reconcile()
    pushed.reconcile()
    assert clones.there.tips().get(branch) == clones.there.tips().get(log) == one


def money_follows_what_was_bought(clones: Clones, part: Any) -> None:
    """Whoever reads grants, batches and journals, in this order, must find in one what has left the other."""
    pushed, local = clones.one(part)
    _, journal, _ = clones.names()
    refs = [journal, "refs/toolbuilder/batches", "refs/toolbuilder/budget"]
    for ref in refs:
        there = clones.there.tips().get(ref)
        if there:
            clones.there.git(clones.there.folder, "update-ref", "-d", ref)
        local.swap(ref, commit(local, ref.rpartition("/")[2]), None)
    CountedRemote.tries.clear()
    pushed.reconcile()
    assert CountedRemote.tries == refs


def what_is_asked_for_alone_is_made_the_same(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    other, there = clones.one(part)
    branch, journal, log = clones.names()
    one = commit(there, "one")
    for ref in (journal, branch):
        other.swap(ref, one, None)
    local.swap(log, commit(local, "two"), None)
    pushed.reconcile("refs/toolbuilder/journal/")
    assert [local.resolve(ref) for ref in (journal, branch)] == [one, None]
    assert log not in clones.there.tips()
    pushed.reconcile()
    assert [local.resolve(ref) for ref in (journal, branch)] == [one, one]


def a_deleted_branch_is_not_brought_back(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    branch, _, log = clones.names()
    one = commit(pushed, "one")
    pushed.swap(log, one, None)
    pushed.swap(branch, one, None)
    clones.there.git(clones.there.folder, "update-ref", "-d", branch)
    pushed.reconcile()
    assert (branch in clones.there.tips(), local.resolve(branch)) == (False, one)
    with pytest.raises(RaceLost):
        pushed.swap(branch, commit(pushed, "two", one), one)
    pushed.swap(branch, commit(pushed, "two", one), one)
    assert branch in clones.there.tips(), "but new work goes on"


def a_checked_out_branch_is_refused_first(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    branch, _, _ = clones.names()
    one = commit(pushed, "one")
    pushed.swap(branch, one, None)
    clones.there.git(clones._folder / f"clone-{clones._count}", "switch", "--quiet", branch.removeprefix("refs/heads/"))
    with pytest.raises(RepositoryError, match="git switch --detach"):
        pushed.swap(branch, commit(pushed, "two", one), one)
    assert clones.there.tips()[branch] == local.resolve(branch) == one


def a_blob(git: RunGit, folder: Path, ref: str) -> str:
    """Let a ref point to a file, as nothing of toolbuilder's does."""
    (folder / "stray").write_text(ref)
    blob = git(folder, "hash-object", "-w", "stray").strip()
    (folder / "stray").unlink()
    git(folder, "update-ref", ref, blob)
    return blob


def a_ref_that_is_no_commit_stops_its_own_tool_alone(place: str, clones: Clones, part: Any) -> None:
    (first, one), (second, two) = clones.one(part), clones.one(part)
    _, journal, _ = clones.names()
    here, there = clones._folder / f"clone-{clones._count}", clones.there.folder
    if "good" in place:
        first.swap(journal, commit(one, "good"), None)
    bad = a_blob(clones._git, there if place.startswith("there") else here, journal)
    others = commit(one, "others")
    first.swap(f"{journal}-other", others, None)
    second.reconcile()
    assert two.resolve(f"{journal}-other") == others
    cure = f"git push origin :{journal}" if place.startswith("there") else f"git update-ref -d {journal}"
    for touched in (second.resolve, partial(second.swap, new=others, old=None)):
        with pytest.raises(RepositoryError, match=rf"{journal} is no commit .*, type `{cure}`; then run again"):
            touched(journal)
    assert (bad in two.tips().values()) == place.startswith("here"), "it does not spread"
    assert (bad in clones.there.tips().values()) == place.startswith("there"), "it does not spread"
    clones._git(here, *cure.split()[1:])
    second.apart.clear()
    second.reconcile()
    assert second.resolve(journal) == clones.there.tips().get(journal)


def a_log_that_is_no_commit_stops_its_own_tool_alone(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    branch, journal, log = clones.names()
    one = commit(local, "one")
    local.swap(branch, one, None)
    local.swap(f"{journal}-other", one, None)
    a_blob(clones._git, clones.there.folder, log)
    pushed.reconcile()
    for ref in (branch, log):
        with pytest.raises(RepositoryError, match=f"{log} is no commit at the remote.*`git push origin :{log}`"):
            pushed.resolve(ref)
    assert clones.there.tips()[f"{journal}-other"] == one


def the_same_stray_ref_on_both_sides_is_named(clones: Clones, part: Any) -> None:
    pushed, local = clones.one(part)
    _, journal, _ = clones.names()
    here = clones._folder / f"clone-{clones._count}"
    assert a_blob(clones._git, here, journal) == a_blob(clones._git, clones.there.folder, journal)
    pushed.reconcile()
    with pytest.raises(RepositoryError, match=f"{journal} is no commit here.*`git update-ref -d {journal}`"):
        pushed.resolve(journal)
    assert local.resolve("HEAD") == pushed.resolve("HEAD")


STRAY = [partial(a_ref_that_is_no_commit_stops_its_own_tool_alone, place)
         for place in ("here", "there", "here, there good before", "there, good before")]  # fmt: skip


@pytest.mark.parametrize("check", STRAY)
def test_a_stray_ref_is_put_aside_wherever_it_is(clones: Clones, check: Callable[..., None]) -> None:
    check(clones, pushed_repository)


GUARDED = [
    (STRAY[0], "        self._check_commits(ref, here, there)\n", ""),
    (STRAY[1], "        self._check_commits(ref, here, there)\n", ""),
    (STRAY[1], " and not isinstance(error, NoCommit)", ""),
    (a_log_that_is_no_commit_stops_its_own_tool_alone, "        self._check_commits(_log_of(ref), None, log)\n", ""),
    (the_same_stray_ref_on_both_sides_is_named, "if ref.startswith(_DATA) and ref in self.repository.tips():", "if False:"),
    (what_moves_here_has_moved_there, "            self.remote.push(ref, new, old)\n        except RaceLost:", "            pass\n        except RaceLost:"),
    (what_moves_here_has_moved_there, "            self.repository.swap(ref, new, old)\n        except", "            pass\n        except"),
    (a_lost_race_brings_what_won_it, "            self._meet(ref)\n            raise\n", "            raise\n"),
    (a_lost_race_brings_what_won_it, "            self._meet(ref)\n            raise\n", "            self._meet(ref)\n"),
    (a_ref_that_moved_here_is_not_pushed, "if (here := self.resolve(ref)) != old:", "if (here := old) != old:"),
    (what_is_behind_follows_on_either_side, "            self.repository.swap(ref, there, here)\n", "            pass\n"),
    (a_branch_that_was_rewritten_there_is_followed_once_it_is_logged, "        return self.repository.follows(log, tip)\n", "        return True\n"),
    (a_branch_that_was_rewritten_there_is_followed_once_it_is_logged, " or self._is_logged(ref, here, all_there)", ""),
    (what_was_taken_back_there_is_taken_back_here, " or self._is_logged(ref, here, all_there)", ""),
    (what_was_never_there_is_pushed, ", _BRANCHES, _LOGS)", ", _LOGS, _BRANCHES)"),
    (money_follows_what_was_bought, 'f"{_DATA}journal/", f"{_DATA}batches"', 'f"{_DATA}batches", f"{_DATA}journal/"'),
    (money_follows_what_was_bought, 'f"{_DATA}batches", f"{_DATA}budget"', 'f"{_DATA}budget", f"{_DATA}batches"'),
    (what_is_asked_for_alone_is_made_the_same, "{*here, *there} if ref.startswith(under)", "{*here, *there}"),
    (what_is_behind_follows_on_either_side, "            self.remote.push(ref, here, there)\n", "            pass\n"),
    (data_that_has_grown_apart_is_joined, "Commit((there, here), ", "Commit((there,), "),
    (data_that_has_grown_apart_is_joined, "if path not in kept}", "if path in kept}"),
    (of_two_answers_the_remotes_stays, "if path not in kept}", "}"),
    (a_branch_that_has_grown_apart_stops_its_own_tool_alone, "            raise _grown_apart(ref, here, there)\n", "            pass\n"),
    (a_branch_that_has_grown_apart_stops_its_own_tool_alone, "            if not ref.startswith(_BRANCHES) and not isinstance(error, NoCommit):\n", "            if True:\n"),
    (a_deleted_branch_is_not_brought_back, "if ref in there or not self._is_logged(ref, here[ref], there):", "if True:"),
    (a_checked_out_branch_is_refused_first, "        self.repository.check(ref)\n        if (here", "        if (here"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_a_pushed_repository_promises_is_guarded(
    clones: Clones, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(pushed_repository, (partial(check, clones), text, instead))


def test_reconciling_what_is_the_same_is_one_question(
    clones: Clones, tmp_path: Path, git_in_front: Callable[[str], None]
) -> None:
    pushed, _ = clones.one(pushed_repository)
    for ref in clones.names():
        pushed.swap(ref, commit(pushed, "one"), None)
    git_in_front(f"""case "$*" in *ls-remote*|*fetch*|*push*) echo x >>'{tmp_path}/talks';; esac""")
    pushed.reconcile()
    assert (tmp_path / "talks").read_text() == "x\n"


def test_many_refs_are_brought_by_one_fetch(
    clones: Clones, tmp_path: Path, git_in_front: Callable[[str], None]
) -> None:
    pushed, _ = clones.one(pushed_repository)
    for number in range(20):
        pushed.swap(f"refs/toolbuilder/journal/x{number}", commit(pushed, f"{number}"), None)
    fresh, local = clones.one(pushed_repository)
    git_in_front(f"""case "$*" in *" fetch "*) echo x >>'{tmp_path}/talks';; esac""")
    fresh.reconcile()
    assert len(local.tips()) == 20
    assert (tmp_path / "talks").read_text() == "x\n"
