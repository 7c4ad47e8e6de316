import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC, World
from tests.sabotage import assert_guarded
from toolbuilder import fleet
from toolbuilder.build import Workshop
from toolbuilder.errors import FileIsWrong
from toolbuilder.ports import Commit


@pytest.fixture
def folder(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with two specs, and stand in it."""
    (git_repo / "specs").mkdir()
    for name in ("dedupe", "again"):
        (git_repo / f"specs/{name}.yaml").write_text(SPEC.replace("name: dedupe", f"name: {name}"))
    monkeypatch.chdir(git_repo)
    return git_repo


def built(folder: Path, **how: str) -> Workshop:
    world = World(folder)
    world.build(**how)
    return world.workshop


def anew(folder: Path) -> None:
    """Forget every tool, so that a check can be made once more."""
    refs = [path for name in ("heads/toolbuilder", "toolbuilder") for path in (folder / ".git/refs" / name).rglob("*")]
    for path in refs:
        if path.is_file():
            path.unlink()


def names(part: Any, folder: Path, *wanted: str) -> list[str]:
    return [os.path.relpath(path, folder) for path in part.find_specs(folder, wanted)]


def specs_are_named_by_file_folder_or_tool(folder: Path, part: Any) -> None:
    both = ["specs/again.yaml", "specs/dedupe.yaml"]
    assert names(part, folder) == names(part, folder, "specs") == both
    assert names(part, folder, "dedupe") == names(part, folder, "specs/dedupe.yaml") == ["specs/dedupe.yaml"]
    assert names(part, folder, "specs", str(folder / "specs/dedupe.yaml")) == both
    assert names(part, folder, "specs/dedupe.yaml", "./specs/../specs", "dedupe") == ["specs/dedupe.yaml", both[0]]
    assert names(part, folder, "dedupe", "dedupe") == ["specs/dedupe.yaml"]


def what_names_no_spec_is_told(folder: Path, part: Any) -> None:
    for wrong in ("nothing", "nowhere/dedupe", "../specs/dedupe", "README.md/x", "x" * 300):
        with pytest.raises(FileIsWrong, match=f"{wrong}: there is no such spec: give a file"):
            part.find_specs(folder, [wrong])


def specs_that_are_wrong_are_set_apart_with_every_problem(folder: Path, part: Any) -> None:
    (folder / "wrong.yaml").write_text("name: wrong\ninput_tpye: lines\noutput_tpye: lines\n")
    (folder / "more").mkdir(exist_ok=True)
    (folder / "more/dedupe.yaml").write_text("name: [\n")
    paths = [folder / path for path in ("wrong.yaml", "specs/dedupe.yaml", "specs/again.yaml", "more/dedupe.yaml")]
    orders, wrong = part.orders_of(paths)
    assert [order.spec.name for order in orders] == ["again"]
    assert list(wrong) == ["wrong", "dedupe"]
    assert {"output_tpye", "input_tpye"} <= set(str(wrong["wrong"]).split("`"))
    assert str(wrong["dedupe"]).count("another spec is called dedupe too") == 2
    assert "more/dedupe.yaml:2:1: this bracket" in str(wrong["dedupe"])


def a_status_says_how_far_a_tool_is(folder: Path, part: Any) -> None:
    anew(folder)
    path, here = folder / "specs/dedupe.yaml", World(folder).workshop
    first = part.status_of(path, here)
    assert (first.tip, first.done, first.due, first.why) == ("", (), "requirements", "not built yet")
    World(folder).build(until="architecture")
    half = part.status_of(path, here)
    assert (half.done, half.due) == (("requirements", "architecture"), "generation")
    World(folder).build()
    newer = World(folder, template="template-2").workshop
    assert part.status_of(path, here).due == ""
    assert part.status_of(path, newer).notes == ("generation outdated: template changed",)


def test_a_spec_that_cannot_be_read_spoils_only_its_own_status(folder: Path) -> None:
    path = folder / "specs/broken.yaml"
    path.write_text("name: broken\ninput_tpye: lines\n")
    status = fleet.status_of(path, World(folder).workshop)
    assert status.tool == "broken"
    assert "broken.yaml:2:1" in status.error


def a_tool_is_found_on_its_branch_before_head(folder: Path, part: Any) -> None:
    anew(folder)
    here = World(folder).workshop
    with pytest.raises(FileIsWrong, match=r"no such tool is built here; type `toolbuilder run specs/dedupe\.yaml`"):
        part.tip_of("dedupe", here)
    head = here.repository.resolve("HEAD") or ""
    merged = here.repository.write(Commit((head,), "Merge it\n", {"tools/dedupe/x": b""}))
    here.repository.swap("refs/heads/toolbuilder/dedupe", merged, None)
    assert part.tip_of("dedupe", here) == merged


def only_the_tools_own_commits_are_its_log(folder: Path, part: Any) -> None:
    entries = part.stage_log("dedupe", built(folder))
    assert [entry.subject for entry in entries] == [
        f"dedupe: {stage}" for stage in ("generation", "architecture", "requirements")
    ]


def test_a_stage_is_shown_as_it_stands(folder: Path) -> None:
    here = built(folder, until="requirements")
    assert fleet.stage_text("dedupe", "requirements", here).startswith("problem: Remove duplicate lines")
    with pytest.raises(FileIsWrong, match="dedupe: architecture is not done; `toolbuilder status` says what is due"):
        fleet.stage_text("dedupe", "architecture", here)


def a_package_goes_into_a_new_or_empty_folder_only(folder: Path, part: Any) -> None:
    here, out = built(folder), Path(tempfile.mkdtemp(dir=folder))
    count = part.export("dedupe", out, here)
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert count == len(written)
    assert {"src/dedupe/dedupe.py", ".toolbuilder/manifest.yaml"} <= written
    for taken in (out, folder / "README.md"):
        with pytest.raises(FileIsWrong, match="is not empty; name a new folder"):
            part.export("dedupe", taken, here)
    assert (folder / "README.md").read_text() == "# A repository\n"


def a_folder_that_cannot_be_written_is_told(folder: Path, part: Any) -> None:
    here = built(folder)
    for wrong, words in ((folder / "README.md/out", "Not a directory"), (Path("x" * 300), "File name too long")):
        try:
            part.export("dedupe", wrong, here)
        except FileIsWrong as error:
            assert f"{wrong}: cannot be written: {words}; name another folder" in str(error)  # noqa: PT017
        except OSError as error:
            pytest.fail(f"a traceback would be shown: {error}")
        else:
            pytest.fail("it was written")


GUARDED = [
    (specs_are_named_by_file_folder_or_tool, "names or [str(root / SPECS)]", "names or []"),
    (specs_are_named_by_file_folder_or_tool, "once.setdefault(path.parent.resolve() / path.name, path)", "once.setdefault(path, path)"),
    (specs_that_are_wrong_are_set_apart_with_every_problem, "if order.spec.name not in wrong]", "]"),
    (specs_that_are_wrong_are_set_apart_with_every_problem, "if called[path.stem] > 1:", "if path.stem in problems:"),
    (specs_that_are_wrong_are_set_apart_with_every_problem, "problems[path.stem] += error.problems", "raise"),
    (what_names_no_spec_is_told, '[] if "/" in name else [named]', "[named]"),
    (a_status_says_how_far_a_tool_is, "for note in one.notes)", "for note in ())"),
    (a_tool_is_found_on_its_branch_before_head, '(branch_of(tool), "HEAD")', '("HEAD",)'),
    (a_tool_is_found_on_its_branch_before_head, "if commit and workshop.repository.read(commit, folder_of(tool)):", "if commit:"),
    (only_the_tools_own_commits_are_its_log, ' if entry.trailers.get("Toolbuilder-Tool") == tool]', "]"),
    (a_package_goes_into_a_new_or_empty_folder_only, "not folder.is_dir() or any(folder.iterdir())", "not folder.is_dir()"),
    (a_folder_that_cannot_be_written_is_told, "    except OSError as error:\n", "    except KeyError as error:\n"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_is_told_of_all_tools_is_guarded(
    folder: Path, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(fleet, (partial(check, folder), text, instead))
