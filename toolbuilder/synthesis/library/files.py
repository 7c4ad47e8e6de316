"""Several files at once."""

from collections.abc import Mapping


def same_content(files: Mapping[str, str]) -> list[list[str]]:
    """Group the paths of the files that have the same content, where there are several."""
    groups: dict[str, list[str]] = {}
    for path, text in files.items():
        groups.setdefault(text, []).append(path)
    return [paths for paths in groups.values() if len(paths) > 1]
