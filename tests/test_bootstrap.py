import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.sabotage import assert_guarded
from toolbuilder import bootstrap
from toolbuilder.build import Order
from toolbuilder.errors import AnswerMissing, FileIsWrong, RepositoryError
from toolbuilder.pipeline import build
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES

Git = Callable[..., str]
ORDER = Order(parse_spec(SPEC.encode(), "specs/dedupe.yaml"), SPEC.encode(), until="requirements")


def the_root_is_found_from_below(folder: Path, part: Any) -> None:
    inside = folder / "tools/dedupe"
    inside.mkdir(parents=True, exist_ok=True)
    assert part.find_root(folder) == part.find_root(inside) == folder.resolve()


def a_repositorys_own_folder_comes_before_what_toolbuilder_brings(folder: Path, part: Any) -> None:
    empty, own = folder / "empty", folder / "own"
    (own / "patterns").mkdir(parents=True, exist_ok=True)
    assert part.data_folder(own, "patterns") == own / "patterns"
    brought = part.data_folder(empty, "patterns")
    assert (brought / "incremental_save.yaml").is_file()
    assert part.data_folder(empty, "nothing") == empty / "nothing"


def a_template_is_named_by_its_content_alone(folder: Path, part: Any) -> None:
    template = folder / "template"
    (template / "__pycache__").mkdir(parents=True, exist_ok=True)
    (template / "a.txt").write_text("one")
    first = part.fingerprint(template)
    (template / "__pycache__/a.pyc").write_bytes(first.encode())
    assert part.fingerprint(template) == first
    (template / "a.txt").write_text("two")
    assert part.fingerprint(template) != first
    (template / "a.txt").rename(template / "b.txt")
    second = part.fingerprint(template)
    (template / "b.txt").rename(template / "a.txt")
    assert part.fingerprint(template) != second


def an_engine_that_there_is_not_is_refused(folder: Path, part: Any) -> None:
    with pytest.raises(FileIsWrong, match="there is no engine 'of-line'"):
        asyncio.run(build(ORDER, part.workshop(folder, engine="of-line")))


def replay_asks_nobody(folder: Path, part: Any) -> None:
    with pytest.raises(AnswerMissing, match="run once with another engine than `replay`"):
        asyncio.run(build(ORDER, part.workshop(folder, engine="replay")))


GUARDED = [
    (the_root_is_found_from_below, "(here, *here.parents)", "(here,)"),
    (a_repositorys_own_folder_comes_before_what_toolbuilder_brings, "(root / name, SHIPPED / name,", "(SHIPPED / name, PACKAGE.parent / name, root / name,"),
    (a_repositorys_own_folder_comes_before_what_toolbuilder_brings, "if folder.is_dir()), candidates[0])", "if True), candidates[0])"),
    (a_template_is_named_by_its_content_alone, 'path.is_file() and "__pycache__" not in path.parts', "path.is_file()"),
    (a_template_is_named_by_its_content_alone, "path.relative_to(template).as_posix(): path", '"": path'),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_a_build_works_with_is_found_in_order(
    tmp_path: Path, git: Git, check: Callable[..., None], text: str, instead: str
) -> None:
    git(tmp_path, "init", "--quiet")
    assert_guarded(bootstrap, (partial(check, tmp_path), text, instead))


@pytest.mark.parametrize("check", [an_engine_that_there_is_not_is_refused, replay_asks_nobody])
def test_an_engine_is_what_was_asked_for(git_repo: Path, check: Callable[[Path, Any], None]) -> None:
    check(git_repo, bootstrap)


def test_the_engine_of_the_settings_is_used_when_none_is_named(git_repo: Path) -> None:
    (git_repo / "toolbuilder.toml").write_text('engine = "replay"\n')
    with pytest.raises(AnswerMissing):
        asyncio.run(build(ORDER, bootstrap.workshop(git_repo)))


def test_a_work_tree_beside_the_repository_has_its_own_root(git_repo: Path, git: Git, tmp_path: Path) -> None:
    git(git_repo, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side/inside").mkdir()
    assert bootstrap.find_root(tmp_path / "side/inside") == (tmp_path / "side").resolve()


def test_a_workshop_has_the_five_stages_and_the_patterns(git_repo: Path) -> None:
    here = bootstrap.workshop(git_repo)
    assert here.stages == STAGES
    assert {"incremental_save", "microtask_executor"} <= {pattern.id for pattern in here.patterns}
    assert len(here.fingerprint("python-cli")) == 32


def test_the_repositorys_own_patterns_are_used_and_a_broken_one_is_located(git_repo: Path) -> None:
    (git_repo / "patterns").mkdir()
    assert bootstrap.workshop(git_repo).patterns == ()
    (git_repo / "patterns/mine.yaml").write_text("id: mine\n")
    with pytest.raises(FileIsWrong, match=r"patterns/mine\.yaml:1:1: "):
        bootstrap.workshop(git_repo)


def test_outside_a_repository_it_is_told_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="git init"):
        bootstrap.workshop(tmp_path)


def test_answers_are_dated_by_the_commit_that_is_built_on(git_repo: Path, git: Git) -> None:
    asyncio.run(build(ORDER, bootstrap.workshop(git_repo, engine="offline")))
    dates = git(git_repo, "log", "--format=%ct", "refs/toolbuilder/journal/dedupe").split()
    assert set(dates) == {git(git_repo, "log", "-1", "--format=%ct", "HEAD")}
