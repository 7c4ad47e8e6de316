"""What people and rules do to a tool's branch on the remote, while it is built and between two builds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.pipeline_world import SPEC
from tests.pushed_world import PushedWorld
from toolbuilder.adapters.git.process import AUTHOR
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.cli import run_app
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Question

Git = Callable[..., str]
BRANCH, LOG = "toolbuilder/dedupe", "refs/toolbuilder/log/dedupe"
SOURCE = "tools/dedupe/src/dedupe/dedupe.py"


@pytest.fixture
def there(git_repo: Path, git: Git, tmp_path: Path) -> BareRemote:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "A spec")
    return bare_remote(git, tmp_path / "there.git", git_repo)


@pytest.fixture
def clone(there: BareRemote, git: Git, tmp_path: Path) -> Callable[[str], Path]:
    def cloned(name: str) -> Path:
        git(tmp_path, "clone", "--quiet", "--no-local", str(there.folder), name)
        return tmp_path / name

    return cloned


@dataclass
class Interrupted:
    """An engine that lets something happen when it is first asked a question."""

    microtask: str
    happen: Callable[[], object]
    keys: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        if question.microtask == self.microtask and question.key not in self.keys:
            self.happen()
        self.keys.append(question.key)
        return await OfflineBackend().ask(question)


def rewrite(folder: Path, git: Git, path: str = "", old: str = "", new: str = "", **how: str) -> str:
    """Let a person amend the tip of the branch, its trailers kept, and force it onto the remote; give the new tip."""
    git(folder, "fetch", "--quiet", "origin", f"+refs/heads/{BRANCH}:refs/heads/{BRANCH}")
    git(folder, "switch", "--quiet", BRANCH)
    if path:
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new))
    else:
        (folder / "note.txt").write_text("I was here.\n")
    git(folder, "add", "--all")
    who = ["-c", f"user.name={how['name']}", "-c", f"user.email={how['mail']}"] if how else []
    git(folder, *who, "commit", "--quiet", "--amend", "--no-edit", "--date", "1700000001 +0000")
    git(folder, "push", "--quiet", "--force", "origin", BRANCH)
    return git(folder, "rev-parse", "HEAD")


def test_a_branch_that_a_person_forces_while_it_is_built_is_built_on_and_nothing_is_bought_again(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    person, tips = clone("person"), []
    engine = Interrupted("design_modules", lambda: tips.append(rewrite(person, git)))
    built = PushedWorld(clone("runner"), engine).build()
    assert built.complete
    assert len(tips) == 1
    git(there.folder, "merge-base", "--is-ancestor", tips[0], BRANCH)
    assert git(there.folder, "show", f"{BRANCH}:note.txt") == "I was here."
    assert len(engine.keys) == len(set(engine.keys)) == len(Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries)  # fmt: skip
    [forced] = there.wrong_moves()
    assert forced.endswith(f"-> {tips[0]}"), "the person's is the only move that was not forward"
    for tip in (tips[0], built.tip, forced.split()[1]):
        git(there.folder, "merge-base", "--is-ancestor", tip, LOG)


ARCHITECTURE = "tools/dedupe/.toolbuilder/architecture.yaml"


def corrected_in_toolbuilders_name(there: BareRemote, clone: Callable[[str], Path], git: Git) -> tuple[str, str]:
    """Build, have a person amend the last commit in toolbuilder's own name, and build elsewhere; give tip and stages."""
    PushedWorld(clone("first")).build()
    name, mail = AUTHOR.removesuffix(">").split(" <")
    tip = rewrite(clone("person"), git, ARCHITECTURE, "remove_duplicate_lines", "drop_repeats", name=name, mail=mail)
    assert "Toolbuilder-Stage: generation" in git(there.folder, "log", "-1", "--format=%B", BRANCH)
    again = PushedWorld(clone("second")).build()
    return tip, " ".join(again.landed)


def test_an_edit_in_a_commit_of_toolbuilders_own_with_its_trailers_is_seen_all_the_same(
    there: BareRemote, clone: Callable[[str], Path], git: Git
) -> None:
    tip, landed = corrected_in_toolbuilders_name(there, clone, git)
    assert landed == "generation"
    assert "drop_repeats" in git(there.folder, "show", f"{BRANCH}:{SOURCE}")
    git(there.folder, "merge-base", "--is-ancestor", tip, BRANCH)


REFUSALS = {
    "a protected branch": ("GH006: Protected branch update failed for $ref.", "the branch is protected"),
    "signed commits": ("GH013: Repository rule violations found for $ref. Commits must have verified signatures.", "exempt toolbuilder/** from the rule that commits must be signed"),
    "another rule": ("GH013: Repository rule violations found for $ref. Cannot update this ref.", "a rule forbids it"),
}  # fmt: skip


@pytest.mark.parametrize("rule", REFUSALS.values(), ids=REFUSALS)
def test_a_rule_that_refuses_the_branch_is_named_and_what_was_answered_is_safe(
    rule: tuple[str, str],
    there: BareRemote,
    clone: Callable[[str], Path],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said, advice = rule
    there.hook("update", f'#!/bin/sh\nref=$1\ncase $1 in refs/heads/toolbuilder/*) echo "{said}" >&2; exit 1;; esac\n')
    monkeypatch.chdir(clone("runner"))
    run = ["run", "dedupe", "--until", "requirements", "--remote", "origin"]
    assert run_app(run) == 1
    told = capfd.readouterr().err
    assert said.replace("$ref", f"refs/heads/{BRANCH}") in told
    assert advice in told
    assert f"refs/heads/{BRANCH}" not in there.tips()
    kept = Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries.keys()
    assert kept
    there.hook("update", "#!/bin/sh\n")
    monkeypatch.chdir(clone("another"))
    assert run_app(run) == 0
    assert Journal(GitRepository(there.folder), "dedupe", "0 +0000").entries.keys() == kept
    assert f"refs/heads/{BRANCH}" in there.tips()
