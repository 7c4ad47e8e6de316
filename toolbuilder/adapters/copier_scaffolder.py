"""Renders templates with copier, in process, from a copy of the template that has no repository around it."""

import os
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

import copier
import yaml
from jinja2 import TemplateSyntaxError

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.schema import digest_files

CONFIGURATION = ("copier.yaml", "copier.yml")
REFUSED_KEYS = ("_tasks", "_migrations", "_jinja_extensions", "_external_data")
REFUSED_PLACE = ".github"
REPOSITORY = "repository"  # the template of `toolbuilder init`, which also writes workflows; no tool is made of it


class CopierScaffolder:
    """The templates of a folder, one subfolder each: those of tools, or the one of a repository."""

    def __init__(self, folder: Path, *, of_repository: bool = False):
        self._folder = folder
        self._of_repository = of_repository

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        """Give the files of a named template filled with answers: relative path -> content.

        Raises FileIsWrong, naming the template's file, for a template that is missing, broken or refused.
        """
        sources = self._sources(template)
        place = f"templates/{template}"
        _refuse_configuration(place, sources)
        with tempfile.TemporaryDirectory(prefix="scaffold-") as temporary:
            source, target = Path(temporary, "template"), Path(temporary, "tool")
            _write(source, sources)
            try:
                _copy(source, target, answers)
            except Exception as error:  # a template is a program: whatever it raises is wrong with it
                raise FileIsWrong([_located(place, source, error)]) from error
            files = dict(_read(target, place))
        if not self._of_repository and any(path.split("/")[0] == REFUSED_PLACE for path in files):
            raise FileIsWrong([Problem(place, 0, 0, f"a template must not write below {REFUSED_PLACE}/")])
        return files

    def fingerprint(self, template: str) -> str:
        """Name the template's content. Raises FileIsWrong for a template that does not exist."""
        return digest_files(self._sources(template))

    def _sources(self, template: str) -> dict[str, bytes]:
        there = sorted(path.name for path in self._folder.iterdir() if path.is_dir()) if self._folder.is_dir() else []
        known = [name for name in there if (name == REPOSITORY) == self._of_repository]
        if template not in known:
            message = f"there is no such template; there are: {', '.join(known) or 'none'}"
            raise FileIsWrong([Problem(f"templates/{template}", 0, 0, message)])
        return dict(_read(self._folder / template, f"templates/{template}"))


def _copy(source: Path, target: Path, answers: Mapping[str, object]) -> None:
    copier.run_copy(
        str(source), target, data=dict(answers), defaults=True, quiet=True, unsafe=False, settings=copier.Settings()
    )


def _read(folder: Path, place: str) -> Iterator[tuple[str, bytes]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in {"__pycache__", ".git"})
        for name in sorted([*names, *folders]):
            path = Path(parent, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise FileIsWrong([Problem(f"{place}/{relative}", 0, 0, "a template holds regular files only")])
            if path.is_file():
                yield relative, path.read_bytes()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for relative, content in files.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _refuse_configuration(place: str, sources: Mapping[str, bytes]) -> None:
    for name in CONFIGURATION:
        problems = [Problem(f"{place}/{name}", 0, 0, message) for message in _unwanted(sources.get(name, b""))]
        if problems:
            raise FileIsWrong(problems)


def _unwanted(content: bytes) -> list[str]:
    try:
        configuration = yaml.safe_load(content) or {}
    except yaml.YAMLError as error:
        return [" ".join(str(error).split())]
    if not isinstance(configuration, dict):
        return ["settings are `name: value` lines"]
    return [f"{key}: a template only renders files; remove it" for key in REFUSED_KEYS if key in configuration]


def _located(place: str, source: Path, error: Exception) -> Problem:
    """Find the template's file and line in what Jinja raised."""
    file, line = "", 0
    if isinstance(error, TemplateSyntaxError):
        file, line = error.filename or error.name or "", error.lineno
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(str(source)):
                file, line = frame.filename, frame.lineno or 0
    relative = os.path.relpath(file, source) if Path(file).is_absolute() else file
    message = " ".join(str(error).split()).replace(str(source), place)
    return Problem(f"{place}/{relative}" if relative else place, line, 1, message)
