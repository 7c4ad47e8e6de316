import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from select import select
from threading import Thread
from typing import Any

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.sabotage import assert_guarded
from toolbuilder.adapters.git import process, remote
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.remote_names import RefNames
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import FileIsWrong, RaceLost, RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
BRANCH = "refs/heads/toolbuilder/x"
JOURNAL = "refs/toolbuilder/journal/x"


@pytest.fixture
def there(git_repo: Path, git: RunGit, tmp_path: Path) -> BareRemote:
    return bare_remote(git, tmp_path / "there.git", git_repo)


class Here:
    """A clone, its remote, and the pauses that were made; commits are numbered."""

    def __init__(self, folder: Path, part: Any = remote, seconds: float = 60, names: RefNames | None = None):
        self.repository = GitRepository(folder)
        self.pauses: list[float] = []
        endurance = part.Endurance(seconds=seconds, attempts=3)
        self.remote = part.GitRemote(Git(folder), "origin", names or RefNames(), endurance, self.pauses.append)

    def commit(self, number: int, parent: str | None = None) -> str:
        base = parent or self.repository.resolve("main") or ""
        return self.repository.write(Commit((base,), f"Number {number}\n", {"n": b"%d\n" % number}))


@pytest.fixture
def here(git_repo: Path, there: BareRemote) -> Here:
    assert there.tips()
    return Here(git_repo)


def own_refs(git: RunGit, folder: Path) -> list[str]:
    """Give all refs but those that git keeps of what it has seen at remotes."""
    return [line for line in git(folder, "for-each-ref").splitlines() if "refs/remotes/" not in line]


def test_a_pushed_commit_stands_there_and_no_ref_here_has_moved(
    here: Here, there: BareRemote, git_repo: Path, git: RunGit
) -> None:
    before = own_refs(git, git_repo)
    one = here.commit(1)
    here.remote.push(BRANCH, one, None)
    two = here.commit(2, one)
    here.remote.push(BRANCH, two, one)
    here.remote.push(JOURNAL, one, None)
    assert here.remote.tips() == {BRANCH: two, JOURNAL: one}
    assert {ref: tip for ref, tip in there.tips().items() if ref != "refs/heads/main"} == here.remote.tips()
    assert own_refs(git, git_repo) == before
    assert here.pauses == []


def test_fetched_commits_are_here_and_nothing_else_has_changed(
    here: Here, there: BareRemote, git: RunGit, tmp_path: Path, git_repo: Path
) -> None:
    one = here.commit(1)
    here.remote.push(BRANCH, one, None)
    here.remote.push(JOURNAL, one, None)
    git(tmp_path, "clone", "--quiet", str(there.folder), "elsewhere")
    git(git_repo, "tag", "v1")
    git(git_repo, "push", "--quiet", "origin", "v1")
    for name, value in (("fetch.prune", "true"), ("remote.origin.tagOpt", "--tags")):
        git(tmp_path / "elsewhere", "config", name, value)
    git(tmp_path / "elsewhere", "update-ref", "refs/remotes/origin/gone", "HEAD")
    git(there.folder, "update-ref", "-d", "refs/heads/toolbuilder/x")
    elsewhere = Here(tmp_path / "elsewhere")
    before = git(tmp_path / "elsewhere", "for-each-ref")
    assert elsewhere.remote.fetch([JOURNAL, BRANCH]) == elsewhere.remote.fetch() == {JOURNAL: one}
    assert elsewhere.repository.read(one)["n"] == b"1\n"
    assert git(tmp_path / "elsewhere", "for-each-ref") == before
    assert not (tmp_path / "elsewhere/.git/FETCH_HEAD").exists()


@pytest.mark.parametrize("name", ["nowhere", "-x", "--upload-pack=touch x", "../there.git", ""])
def test_only_a_remote_that_is_configured_is_talked_to(name: str, git_repo: Path, there: BareRemote) -> None:
    assert there.tips()
    with pytest.raises(FileIsWrong, match=r"--remote: there is no remote .* here: origin"):
        remote.GitRemote(Git(git_repo), name)


def pushing_elsewhere_is_a_lost_race(folder: Path, there: BareRemote, part: Any) -> None:
    here = Here(folder, part)
    one, other = here.commit(1), here.commit(2)
    ref = f"{BRANCH}{len(there.tips())}"
    here.remote.push(ref, one, None)
    for new in (other, here.commit(3, one)):
        for stale in (None, here.repository.resolve("main")):
            with pytest.raises(RaceLost):
                here.remote.push(ref, new, stale)
    assert there.tips()[ref] == one
    assert there.wrong_moves() == []
    assert here.pauses == []


def nothing_is_ever_forced(folder: Path, there: BareRemote, part: Any) -> None:
    here = Here(folder, part)
    ref = f"{BRANCH}{len(there.tips())}"
    one, other = here.commit(1), here.commit(2)
    here.remote.push(ref, one, None)
    with pytest.raises(RepositoryError, match="no push is ever forced"):
        here.remote.push(ref, other, one)
    assert there.wrong_moves() == []


def a_lost_reply_is_a_success(folder: Path, there: BareRemote, part: Any) -> None:
    here = Here(folder, part)
    ref = f"{BRANCH}{len(there.tips())}"
    one = here.commit(1)
    there.makes_trouble("drops the reply", 1)
    here.remote.push(ref, one, None)
    assert (there.tips()[ref], here.pauses) == (one, [])


def what_was_undone_is_not_claimed(folder: Path, there: BareRemote, part: Any) -> None:
    here = Here(folder, part)
    ref = f"{BRANCH}{len(there.tips())}"
    there.hook("post-receive", '#!/bin/sh\nwhile read -r old new ref; do git update-ref -d "$ref"; done\n')
    with pytest.raises(RepositoryError, match=r"tried 3 times.* said yes, yet .* has not moved"):
        here.remote.push(ref, here.commit(1), None)
    there.hook("post-receive", "#!/bin/sh\n")


def a_death_on_the_way_is_tried_again(folder: Path, there: BareRemote, part: Any) -> None:
    here = Here(folder, part)
    ref = f"{BRANCH}{len(there.tips())}"
    one = here.commit(1)
    there.makes_trouble("dies", 1)
    here.remote.push(ref, one, None)
    assert there.tips()[ref] == one
    assert len(here.pauses) == 1


def whoever_is_in_a_hurry_is_not_kept(folder: Path, there: BareRemote, part: Any) -> None:
    here = Here(folder, part, seconds=6)
    ref = f"{BRANCH}{len(there.tips())}"
    there.makes_trouble("hangs", 1)
    began = time.monotonic()
    with pytest.raises(RepositoryError, match="no answer within"):
        here.remote.within(1).within(60).push(ref, here.commit(1), None)
    assert time.monotonic() - began < 5
    assert here.pauses == []
    there.behaves()
    here.remote.within(60).push(ref, here.commit(1), None)
    here.remote.push(f"{ref}-too", here.commit(1), None)
    assert {ref, f"{ref}-too"} <= there.tips().keys()


GUARDED = [
    pytest.param(whoever_is_in_a_hurry_is_not_kept, "min(seconds, left)", "seconds", marks=pytest.mark.slow),
    pytest.param(whoever_is_in_a_hurry_is_not_kept, "min(self.ends, time.monotonic() + seconds)", "time.monotonic() + seconds", marks=pytest.mark.slow),
    (whoever_is_in_a_hurry_is_not_kept, " or time.monotonic() >= self.ends", ""),
    (pushing_elsewhere_is_a_lost_race, 'f"--force-with-lease={there}:{old or \'\'}"', '"--force"'),
    (pushing_elsewhere_is_a_lost_race, 'f"--force-with-lease={there}:{old or \'\'}"', '"--no-thin"'),
    (pushing_elsewhere_is_a_lost_race, "            if tip != old:\n", "            if False:\n"),
    (nothing_is_ever_forced, "if old is not None and not is_ancestor(self.git, old, new):", "if False:"),
    (a_lost_reply_is_a_success, '                return ""\n            if tip', "                return words_of(result.stdout, result.stderr)\n            if tip"),
    (what_was_undone_is_not_claimed, "            found: dict[str, str] = {}\n            if said :=", '            if not result.exit_code:\n                return ""\n            found: dict[str, str] = {}\n            if said :='),
    (a_death_on_the_way_is_tried_again, "count == self.endurance.attempts", "count == 1"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_a_push_promises_is_guarded(
    git_repo: Path, there: BareRemote, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(remote, (partial(check, git_repo, there), text, instead))


def nothing_that_was_started_is_left(folder: Path, there: BareRemote, kind: str, part: Any) -> None:
    here = Here(folder, seconds=2)
    object.__setattr__(here.remote, "git", part.Git(folder))
    ref = f"{BRANCH}{len(there.tips())}"
    one = here.commit(1)
    there.makes_trouble(kind, 1)
    alive = os.open(there.folder / "alive", os.O_RDONLY | os.O_NONBLOCK)
    here.remote.push(ref, one, None)
    assert there.tips()[ref] == one
    seen = b""
    while select([alive], [], [], 2)[0] and (read := os.read(alive, 99)):
        seen += read
    ended = select([alive], [], [], 0)[0]
    os.close(alive)
    with suppress(OSError):  # whoever was left is let go
        os.close(os.open(there.folder / "never", os.O_WRONLY | os.O_NONBLOCK))
    assert (seen, bool(ended)) == (b"waiting\n", True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hangs", "hangs once it is done"])
def test_a_remote_that_hangs_is_left_in_time_with_all_that_was_started(
    kind: str, git_repo: Path, there: BareRemote
) -> None:
    check = partial(nothing_that_was_started_is_left, git_repo, there, kind)
    assert_guarded(process, (check, "os.killpg(process.pid, signal.SIGKILL)", "process.kill()"))


def test_a_remote_that_is_gone_is_an_error_after_all_attempts(here: Here, there: BareRemote, tmp_path: Path) -> None:
    one = here.commit(1)
    (there.folder / "HEAD").rename(tmp_path / "HEAD")
    with pytest.raises(RepositoryError, match=r"git remote get-url origin"):
        here.remote.push(BRANCH, one, None)


RULES = [
    ("GH006: Protected branch update failed for refs/heads/toolbuilder/x.", "let toolbuilder push to toolbuilder/"),
    ("GH013: Repository rule violations found\n- Commits must have verified signatures.", "exempt toolbuilder/"),
    ("refusing to allow an app to create or update workflow without `workflows` permission", "under .github/workflows/"),
    ("no room", "the remote takes no refs outside refs/heads/"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "advice"), RULES)
def test_a_rule_of_the_remotes_is_told_once_with_what_to_change(
    said: str, advice: str, here: Here, there: BareRemote
) -> None:
    lines = "\n".join(f'echo "{line}" >&2' for line in said.replace("`", "\\`").splitlines())
    there.hook("pre-receive", f"#!/bin/sh\n{lines}\nexit 1\n")
    with pytest.raises(RepositoryError) as caught:
        here.remote.push(JOURNAL, here.commit(1), None)
    assert said.splitlines()[-1] in str(caught.value)
    assert "pre-receive hook declined" in str(caught.value)
    assert advice in str(caught.value)
    assert here.pauses == []


def test_a_remote_that_takes_no_refs_of_ours_keeps_journals_on_branches(
    git_repo: Path, there: BareRemote, git: RunGit
) -> None:
    git(there.folder, "config", "--add", "transfer.hideRefs", "refs/toolbuilder")
    here = Here(git_repo)
    one = here.commit(1)
    with pytest.raises(RepositoryError, match='set `journal_refs = "branches"`'):
        here.remote.push(JOURNAL, one, None)
    branches = Here(git_repo, names=RefNames("branches")).remote
    for ref in (JOURNAL, "refs/toolbuilder/log/x", "refs/toolbuilder/batches", BRANCH):
        branches.push(ref, one, None)
        assert branches.fetch([ref]) == {ref: one}
    assert {ref.removeprefix("refs/heads/") for ref in there.tips()} == {
        "main", "toolbuilder/x", "toolbuilder-journal/x", "toolbuilder-log/x", "toolbuilder-batches",
    }  # fmt: skip
    assert set(branches.tips()) == {JOURNAL, "refs/toolbuilder/log/x", "refs/toolbuilder/batches", BRANCH}


class Refusing(BaseHTTPRequestHandler):
    """A server that answers every question with the code that its path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "http:file")
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as made:
        thread = Thread(target=made.serve_forever)
        thread.start()
        yield made.server_port
        made.shutdown()
        thread.join()


CODES = [
    (401, "set up a credential helper", 0),
    (403, "permissions: contents: write", 0),
    (404, "git remote set-url", 0),
    (503, "tried 3 times", 2),
]


@pytest.mark.parametrize("answer", CODES)
def test_what_a_server_refuses_is_told_without_the_credentials(
    answer: tuple[int, str, int], server: int, here: Here, git_repo: Path, git: RunGit
) -> None:
    code, advice, pauses = answer
    git(git_repo, "remote", "set-url", "origin", f"http://someone:s3cr3t@127.0.0.1:{server}/{code}/x.git")
    questions: list[Callable[[], object]] = [
        here.remote.tips, here.remote.fetch, partial(here.remote.push, BRANCH, here.commit(1), None)
    ]  # fmt: skip
    for question in questions:
        with pytest.raises(RepositoryError) as caught:
            question()
        assert advice in str(caught.value)
        assert "s3cr3t" not in str(caught.value)
    assert len(here.pauses) == 3 * pauses


@pytest.mark.parametrize("told", ["https://u:s3cr3t@h/x.git", "'ssh://u:s3@cr3t@h:22/x'", "http://s3cr3t@h"])
def test_credentials_are_taken_out_of_every_address(told: str, here: Here, there: BareRemote) -> None:
    there.hook("pre-receive", f'#!/bin/sh\necho "push to {told} instead" >&2\nexit 1\n')
    with pytest.raises(RepositoryError, match=r"push to '?\w+://h") as caught:
        here.remote.push(BRANCH, here.commit(1), None)
    assert "cr3t" not in str(caught.value)


def test_hooks_of_the_clone_do_not_run(here: Here, there: BareRemote, git_repo: Path) -> None:
    hook = git_repo / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    one = here.commit(1)
    here.remote.push(BRANCH, one, None)
    assert there.tips()[BRANCH] == one


def test_a_blobless_clone_is_brought_whole_answers(here: Here, there: BareRemote, git: RunGit, tmp_path: Path) -> None:
    one = here.commit(1)
    here.remote.push(JOURNAL, one, None)
    git(there.folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{there.folder}", "blobless")
    elsewhere = Here(tmp_path / "blobless")
    assert elsewhere.remote.fetch() == {JOURNAL: one}
    there.folder.rename(tmp_path / "gone.git")
    assert elsewhere.repository.read(one, "n") == {"n": b"1\n"}
