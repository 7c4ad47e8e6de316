"""CODEOWNERS, as GitHub documents it: the last pattern that fits a path says who owns it, or that nobody does.

Most of gitignore's rules hold; `!`, `[...]` and an escaped `#` do not: GitHub skips a line that uses them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # the first that is there counts
LARGEST = 3_000_000  # bytes; a larger file is not read

_FIELDS = re.compile(r"(?:\\.|[^\s\\])+")
_OWNER = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9_.-]+)?)")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Rule:
    """One line: which paths, and who owns them, as "login" or "owner/team"; addresses cannot be asked for a review."""

    pattern: re.Pattern[str]
    owners: tuple[str, ...]


def owners_of(content: bytes, paths: Iterable[str]) -> tuple[str, ...]:
    """Give who owns any of these paths, each once."""
    if len(content) > LARGEST:
        return ()
    rules = list(_rules(content.decode(errors="replace")))[::-1]
    found = (next((rule.owners for rule in rules if rule.pattern.fullmatch(path)), ()) for path in paths)
    return tuple(dict.fromkeys(owner for owners in found for owner in owners))


def _rules(text: str) -> Iterator[Rule]:
    for line in text.splitlines():
        fields = _FIELDS.findall(line)
        comment = next((at for at, field in enumerate(fields) if field.startswith("#")), len(fields))
        if not comment:
            continue
        pattern, owners = fields[0], fields[1:comment]
        if _is_valid(pattern) and all(_OWNER.fullmatch(one) or _ADDRESS.fullmatch(one) for one in owners):
            yield Rule(re.compile(_expression(pattern)), tuple(one[1:] for one in owners if one.startswith("@")))


def _is_valid(pattern: str) -> bool:
    return not pattern.startswith(("!", "\\#")) and "[" not in pattern


def _expression(pattern: str) -> str:
    """Translate a pattern: anchored where it holds a slash before its end; a folder stands for all that is below it."""
    anchored = "/" in pattern.rstrip("/")
    parts = re.sub(r"\\(.)", r"\1", pattern).strip("/").split("/")
    start = "" if anchored else "(?:.*/)?"
    return f"{start}{_joined(parts)}{_end(pattern, flat=anchored and parts[-1] == '*')}"


def _end(pattern: str, *, flat: bool) -> str:
    """Say what may follow: `docs/` and `docs` stand for all that is below, `docs/*` for the files right there."""
    return "/.*" if pattern.endswith("/") else "" if flat else "(?:/.*)?"


def _joined(parts: list[str]) -> str:
    *folders, last = parts
    before = "".join("(?:.*/)?" if part == "**" else f"{_segment(part)}/" for part in folders)
    return before + (".*" if last == "**" else _segment(last))


def _segment(part: str) -> str:
    wild = {"*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(char) or re.escape(char) for char in re.sub(r"\*+", "*", part))
