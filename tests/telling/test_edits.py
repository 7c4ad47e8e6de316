import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC, World
from tests.sabotage import Protection, assert_guarded
from tests.telling.test_gathering import Bench
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.ports import Ahead
from toolbuilder.telling import edits
from toolbuilder.telling.gathering import gather
from toolbuilder.telling.view import Edits
from toolbuilder.viewing import ahead

FOLDER = "tools/dedupe"


@pytest.fixture
def bench(git_repo: Path, git: Callable[..., str]) -> Bench:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    git(git_repo, "add", ".")
    git(git_repo, "commit", "--quiet", "--message", "Specify")
    world = World(git_repo)
    world.build()
    return Bench(git_repo, world, git)


def edits_in(bench: Bench, part: Any = edits) -> Edits:
    repository = GitRepository(bench.folder)
    tip = repository.resolve("toolbuilder/dedupe") or ""
    found: Edits = part.edits_of(repository, "dedupe", tip, repository.log(tip), ahead(bench.folder, tip))
    return found


def module_of(bench: Bench) -> str:
    names = bench.git(bench.folder, "ls-tree", "-r", "--name-only", "toolbuilder/dedupe", f"{FOLDER}/src").split()
    return names[0]


def test_what_was_only_generated_is_no_edit(bench: Bench) -> None:
    assert edits_in(bench) == Edits()


def test_files_and_commits_of_people_are_found(bench: Bench) -> None:
    module = module_of(bench)
    bench.commit(module, "edited = 1\n")
    bench.commit(f"{FOLDER}/src/dedupe/more.py", "more = 1\n")
    bench.commit(".github/workflows/evil.yml", "on: push\n")
    bench.commit("specs/dedupe.yaml", f"{SPEC}# corrected\n")
    found = edits_in(bench)
    assert found.changed == ("specs/dedupe.yaml", module)
    assert found.added == (f"{FOLDER}/src/dedupe/more.py",)
    assert found.outside == (".github/workflows/evil.yml",)
    assert found.stages == {"generation"}
    assert [one.subject for one in found.commits] == ["Correct it"] * 4
    assert found.of_program


def test_what_people_deleted_or_linked_is_found(bench: Bench) -> None:
    module = module_of(bench)
    bench.git(bench.folder, "checkout", "--quiet", "toolbuilder/dedupe")
    (bench.folder / module).unlink()
    (bench.folder / FOLDER / "link").symlink_to("/etc/passwd")
    bench.git(bench.folder, "add", "--all")
    bench.git(bench.folder, "commit", "--quiet", "--message", "Link it")
    bench.git(bench.folder, "checkout", "--quiet", "main")
    found = edits_in(bench)
    assert (found.deleted, found.added) == ((module,), (f"{FOLDER}/link",))


def test_what_stages_write_upon_an_edit_leaves_it_an_edit(bench: Bench) -> None:
    module = module_of(bench)
    content = bench.git(bench.folder, "show", f"toolbuilder/dedupe:{module}")
    bench.commit(module, content.replace("ONE = 1", "ONE = 11") + "\n")
    bench.world.template = "template-2"
    bench.world.build(upgrade=True)
    found = edits_in(bench)
    assert (found.changed, sorted(found.stages)) == ((module,), ["generation"])
    assert [one.subject for one in found.commits] == ["Correct it"]


def test_what_the_default_branch_brings_is_no_edit(bench: Bench) -> None:
    (bench.folder / "other.txt").write_text("x")
    bench.git(bench.folder, "add", ".")
    bench.git(bench.folder, "commit", "--quiet", "--message", "Go on")
    assert edits_in(bench) == Edits()
    bench.git(bench.folder, "checkout", "--quiet", "toolbuilder/dedupe")
    bench.git(bench.folder, "merge", "--quiet", "--no-edit", "main")
    bench.git(bench.folder, "checkout", "--quiet", "main")
    found = edits_in(bench)
    assert (found.outside, found.changed, found.added) == ((), (), ())


def test_an_edit_that_does_not_pass_is_told_as_one(bench: Bench) -> None:
    module = module_of(bench)
    bench.commit(module, "TODO = 1\n")
    seen = gather(bench.world.workshop, "dedupe", ahead=partial(ahead, bench.folder))
    assert seen.unreadable
    assert seen.edits.changed == (module,)


def test_a_manifest_that_cannot_be_read_tells_of_no_files(bench: Bench) -> None:
    bench.commit(f"{FOLDER}/.toolbuilder/manifest.yaml", "not: [a manifest\n")
    found = edits_in(bench)
    assert (found.changed, found.added, len(found.commits)) == ((), (), 1)


class Held:
    """A tool's folder with a manifest and one file, in no repository."""

    def __init__(self, content: bytes, recorded: str):
        files = {"stage": "generation", "inputs": {}, "engine": {}, "output": "", "files": {"a.py": recorded}}
        manifest = json.dumps({"tool": "dedupe", "spec": "0" * 40, "stages": [files]})
        self.files = {f"{FOLDER}/a.py": content, f"{FOLDER}/.toolbuilder/manifest.yaml": manifest.encode()}

    def read(self, _commit: str, _under: str = "") -> dict[str, bytes]:
        return self.files


def a_file_that_is_not_as_recorded_is_edited(part: Any) -> None:
    tip = "c" * 40
    for content, wanted in ((b"", ()), (b"x", (f"{FOLDER}/a.py",))):
        held = Held(content, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        found = part.edits_of(held, "dedupe", tip, [], Ahead())
        assert (found.changed, found.added) == (wanted, ())


GUARDED: list[Protection] = [
    (a_file_that_is_not_as_recorded_is_edited, "stands[path] not in ids]", "False]"),
    (a_file_that_is_not_as_recorded_is_edited, " and path not in OWN]", "]"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_edits_are_told_from_what_was_generated(protection: Protection) -> None:
    assert_guarded(edits, protection)
