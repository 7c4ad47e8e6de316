"""Merging one file three ways, as git would."""

from pathlib import Path
from tempfile import TemporaryDirectory

from toolbuilder.adapters.git.process import Git

_FAILED = 128  # below it the exit code of `git merge-file` counts conflicts


def merge_versions(git: Git, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Give the merged content, or None when both sides changed the same place or it is not text.

    Raises RepositoryError if git fails.
    """
    with TemporaryDirectory(prefix="toolbuilder-merge-") as folder:
        paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for path, content in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(content)
        arguments = ("merge-file", "-p", *map(str, paths))
        result = git.run(*arguments)
    if result.exit_code >= _FAILED and "Cannot merge binary files" not in result.stderr:
        raise git.error(arguments, result.stderr, result.exit_code)
    return None if result.exit_code else result.stdout
