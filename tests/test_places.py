from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder import places

Git = Callable[..., str]


def the_root_is_found_from_below(folder: Path, part: Any) -> None:
    inside = folder / "tools/dedupe"
    inside.mkdir(parents=True, exist_ok=True)
    assert part.find_root(folder) == part.find_root(inside) == folder.resolve()


def a_repositorys_own_folder_comes_before_what_toolbuilder_brings(folder: Path, part: Any) -> None:
    empty, own = folder / "empty", folder / "own"
    (own / "patterns").mkdir(parents=True, exist_ok=True)
    (own / "patterns/README.md").touch()
    assert (part.data_folder(own, "patterns") / "incremental_save.yaml").is_file()
    (own / "patterns/mine.yaml").touch()
    assert part.data_folder(own, "patterns") == own / "patterns"
    (own / "patterns/mine.yaml").unlink()
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


GUARDED = [
    (the_root_is_found_from_below, "(here, *here.parents)", "(here,)"),
    (a_repositorys_own_folder_comes_before_what_toolbuilder_brings, "(root / name, SHIPPED / name,", "(SHIPPED / name, PACKAGE.parent / name, root / name,"),
    (a_repositorys_own_folder_comes_before_what_toolbuilder_brings, "if _holds_anything(folder)), candidates[0])", "if folder.is_dir()), candidates[0])"),
    (a_template_is_named_by_its_content_alone, 'path.is_file() and "__pycache__" not in path.parts', "path.is_file()"),
    (a_template_is_named_by_its_content_alone, "path.relative_to(template).as_posix(): path", '"": path'),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_belongs_to_a_repository_is_found_in_order(
    tmp_path: Path, git: Git, check: Callable[..., None], text: str, instead: str
) -> None:
    git(tmp_path, "init", "--quiet")
    assert_guarded(places, (partial(check, tmp_path), text, instead))


def test_a_work_tree_beside_the_repository_has_its_own_root(git_repo: Path, git: Git, tmp_path: Path) -> None:
    git(git_repo, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side/inside").mkdir()
    assert places.find_root(tmp_path / "side/inside") == (tmp_path / "side").resolve()
