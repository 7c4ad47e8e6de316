"""The files of a work tree that are set up: read and written without following a link out of it."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from toolbuilder.errors import FileIsWrong, Problem

_HALF = ".toolbuilder-half-written"


def read_present(root: Path, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Give what stands at each path, None for nothing. Raises FileIsWrong naming every path that is in the way."""
    problems = [problem for path in paths for problem in _in_the_way(root, path)]
    if problems:
        raise FileIsWrong(sorted(set(problems)))
    return {path: (root / path).read_bytes() if (root / path).exists() else None for path in paths}


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files in the order given, each whole or not at all. Raises FileIsWrong where the system refuses."""
    for path, content in files.items():
        target = root / path
        half = target.with_name(f"{target.name}{_HALF}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(content)
            half.replace(target)
        except OSError as error:
            with suppress(OSError):
                half.unlink()
            message = f"cannot be written: {error.strerror}; the same command goes on from here"
            raise FileIsWrong([Problem(path, 0, 0, message)]) from None


def _in_the_way(root: Path, path: str) -> list[Problem]:
    steps = [*reversed(PurePosixPath(path).parents), PurePosixPath(path)][1:]
    for step in steps:
        place = root / step
        if place.is_symlink():
            return [Problem(str(step), 0, 0, "is a symbolic link; what is set up stands in the repository itself")]
        if step != steps[-1] and os.path.lexists(place) and not place.is_dir():
            return [Problem(str(step), 0, 0, "is a file where a folder is needed; rename it")]
    last = root / path
    return [Problem(path, 0, 0, "is not a file; rename it")] if last.exists() and not last.is_file() else []
