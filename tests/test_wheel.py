"""Toolbuilder's own wheel: everything is inside, nothing of this machine is, and it works in any repository."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import ruff  # type: ignore[import-untyped]  # it ships no types
from uv import find_uv_bin

from tests.pipeline_world import NAMES, SPEC

Git = Callable[..., str]
ROOT = Path(__file__).parents[1]
PACKAGES = Path(pytest.__file__).parents[1]  # where toolbuilder's dependencies lie
SHIPPED = {
    "patterns/*.yaml": "toolbuilder/_data/patterns",
    "templates/**/*": "toolbuilder/_data/templates",
    "toolbuilder/**/*.py": "toolbuilder",
    "toolbuilder/stages/prompts/*.md": "toolbuilder/stages/prompts",
    "toolbuilder/adapters/recipe/parts/*.txt": "toolbuilder/adapters/recipe/parts",
    "toolbuilder/synthesis/library/*.toml": "toolbuilder/synthesis/library",
    "toolbuilder/py.typed": "toolbuilder",
}
STRANGE = re.compile(r"(^|/)(__pycache__|\.git|tests|\.venv)(/|$)|\.pyc$")
OF_A_PERSON = re.compile(rb"/(?:home|Users)/\w+/")


def build(source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def inside(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def missing(wheel: Path) -> set[str]:
    """Give what the source has and the wheel lacks."""
    wanted = {
        f"{target}/{path.relative_to(ROOT / pattern.split('*')[0].rpartition('/')[0]).as_posix()}"
        for pattern, target in SHIPPED.items()
        for path in ROOT.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    return wanted - inside(wheel).keys()


def of_this_machine(wheel: Path) -> set[str]:
    """Give the files that name a place of this machine or a person's home, or should not be there."""
    places = [str(ROOT / "toolbuilder").encode(), str(PACKAGES).encode()]
    files = inside(wheel)
    told = {name for name, content in files.items() if any(place in content for place in places)}
    named = {name for name, content in files.items() if OF_A_PERSON.search(content)}
    strange = {name for name in files if STRANGE.search(name) and not name.startswith("toolbuilder/_data/templates")}
    return told | named | strange


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the wheel of the sources as they stand."""
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the sources, to be spoilt."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("toolbuilder", "patterns", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_everything_is_inside_and_nothing_of_this_machine(wheel: Path) -> None:
    assert missing(wheel) == set()
    assert of_this_machine(wheel) == set()
    entries = inside(wheel)["toolbuilder-0.1.0.dist-info/entry_points.txt"].decode()
    assert "toolbuilder = toolbuilder.__main__:main" in entries


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ('"patterns" = "toolbuilder/_data/patterns"\n', "toolbuilder/_data/patterns/incremental_save.yaml"),
        ('"templates" = "toolbuilder/_data/templates"\n', "toolbuilder/_data/templates/python-cli/copier.yaml"),
    ],
)
def test_a_wheel_without_its_data_would_be_noticed(copy: Path, tmp_path: Path, line: str, lost: str) -> None:
    settings = (copy / "pyproject.toml").read_text()
    assert line in settings
    (copy / "pyproject.toml").write_text(settings.replace(line, ""))
    assert lost in missing(build(copy, tmp_path / "wheel"))


@pytest.mark.parametrize("lost", ["*.md", "*.txt", "py.typed", "library"])
def test_a_wheel_without_a_kind_of_file_would_be_noticed(copy: Path, tmp_path: Path, lost: str) -> None:
    settings = (copy / "pyproject.toml").read_text()
    table = "[tool.hatch.build.targets.wheel]\n"
    (copy / "pyproject.toml").write_text(settings.replace(table, f'{table}exclude = ["{lost}"]\n'))
    assert missing(build(copy, tmp_path / "wheel"))


def test_a_wheel_that_tells_of_this_machine_would_be_noticed(copy: Path, tmp_path: Path) -> None:
    (copy / "toolbuilder/place.py").write_text(f'PLACE = "{ROOT / "toolbuilder"}"\n')
    (copy / "patterns/person.yaml").write_text("body: /home/somebody/x\n")
    assert of_this_machine(build(copy, tmp_path / "wheel")) == {
        "toolbuilder/place.py",
        "toolbuilder/_data/patterns/person.yaml",
    }


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel into an environment that finds the dependencies, and toolbuilder only in itself."""
    offline = ("--quiet", "--offline", "--no-config")
    subprocess.run([find_uv_bin(), "venv", *offline, "--python", sys.executable, str(folder)], check=True)
    command = [find_uv_bin(), "pip", "install", *offline, "--no-deps", "--python", str(folder / "bin/python")]
    subprocess.run([*command, str(wheel)], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{PACKAGES}\n")  # the .pth files there are not followed
    shutil.copytree(Path(ruff.__file__).parent, packages / "ruff")  # what the sandbox runs has to lie inside
    shutil.copy(ruff.find_ruff_bin(), folder / "bin")
    return folder / "bin"


@pytest.mark.slow
def test_the_installed_wheel_builds_a_tool_in_any_repository(
    wheel: Path, git_repo: Path, git: Git, tmp_path: Path
) -> None:
    programs = install(wheel, tmp_path / "environment")
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    where = [str(programs / "python"), "-c", "import toolbuilder; print(toolbuilder.__file__)"]
    place = subprocess.run(where, cwd=git_repo, env=environment, check=True, capture_output=True, text=True).stdout
    assert Path(place.strip()).is_relative_to(tmp_path / "environment")
    command = [str(programs / "toolbuilder"), "run", "dedupe", "--until", "generation"]
    ran = subprocess.run(command, cwd=git_repo, env=environment, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran
    assert ran.stdout.endswith("\ndedupe: done as far as ordered, on branch toolbuilder/dedupe\n")
    subjects = git(git_repo, "log", "--reverse", "--format=%s", "main..toolbuilder/dedupe").splitlines()
    assert subjects == [f"dedupe: {stage}" for stage in NAMES]
    assert "def main" in git(git_repo, "show", "toolbuilder/dedupe:tools/dedupe/src/dedupe/cli.py")
