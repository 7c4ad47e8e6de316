import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sabotage import Protection, assert_guarded
from toolbuilder.publishing import codeowners
from toolbuilder.publishing.codeowners import owners_of

CLI = "tools/log-levels/src/log_levels/cli.py"
README = "tools/log-levels/README.md"
FILES = (CLI, README)


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("*", FILES),
        ("*.py", [CLI]),
        ("cli.py", [CLI]),
        ("/cli.py", []),
        ("tools/", FILES),
        ("/tools/", FILES),
        ("tools", FILES),
        ("/tools/log-levels", FILES),
        ("/tools/log-levels/", FILES),
        ("log-levels/", FILES),
        ("/log-levels/", []),
        ("tools/*", []),
        ("tools/log-levels/*", [README]),
        ("tools/*/README.md", [README]),
        ("tools/**", FILES),
        ("**/log_levels/*.py", [CLI]),
        ("tools/**/cli.py", [CLI]),
        ("**/README.md", [README]),
        ("tools/log-level?/", FILES),
        ("tools/log-level", []),
        ("TOOLS/", []),
        ("src/log_levels/", []),
        ("log_levels/", [CLI]),
    ],
)
def test_a_pattern_means_what_github_documents(pattern: str, matched: list[str]) -> None:
    assert [path for path in FILES if owners_of(f"{pattern} @a".encode(), [path])] == list(matched)


def the_last_match_wins_and_may_name_nobody(part: Any) -> None:
    text = b"* @all\n/tools/ @team @o/crew\n*.md\n"
    assert part.owners_of(text, [CLI]) == ("team", "o/crew")
    assert part.owners_of(text, [README]) == ()
    assert part.owners_of(text, ["setup.py"]) == ("all",)


def comments_addresses_and_broken_lines_are_left_out(part: Any) -> None:
    text = b"""\
# * @comment
  * @good me@example.org @good #not
*.py @last # inline @not
!*.py @negated
[a-z]* @ranged
\\#x @escaped
* not-an-owner
* @not/a/team
"""
    assert part.owners_of(text, [README]) == ("good",)
    assert part.owners_of(text, [CLI]) == part.owners_of(text, ["!x.py"]) == ("last",)


def what_is_too_large_is_not_read(part: Any) -> None:
    assert part.owners_of(b"* @a\n" + b"#" * 3_000_000, [README]) == ()


GUARDED: list[Protection] = [
    (the_last_match_wins_and_may_name_nobody, "[::-1]", ""),
    (comments_addresses_and_broken_lines_are_left_out, 'field.startswith("#")', 'field == "#"'),
    (comments_addresses_and_broken_lines_are_left_out, "_is_valid(pattern) and ", ""),
    (comments_addresses_and_broken_lines_are_left_out, ' if one.startswith("@")', ""),
    (what_is_too_large_is_not_read, "if len(content) > LARGEST:", "if False:"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_codeowners_are_read_as_github_does(protection: Protection) -> None:
    assert_guarded(codeowners, protection)


def test_a_space_in_a_path_is_escaped() -> None:
    assert owners_of(rb"my\ docs/ @a", ["my docs/x"]) == ("a",)


SEGMENT = st.sampled_from(["a", "b", "ab", "*", "a*", "?", "**"])
PATTERN = st.builds(
    lambda lead, parts, tail: lead + "/".join(parts) + tail,
    st.sampled_from(["", "/"]),
    st.lists(SEGMENT, min_size=1, max_size=3),
    st.sampled_from(["", "/"]),
)
PATHS = ["a", "b", "ab", "a/a", "a/b", "b/a", "a/b/a", "ab/b/a", "b/ab/a/b"]


@settings(max_examples=60, deadline=None)
@given(pattern=PATTERN)
def test_it_agrees_with_git_where_both_say_the_same(pattern: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """git is the reference for gitignore's rules; GitHub differs for a last segment `*` only."""
    segments = pattern.strip("/").split("/")
    if segments[-1] == "*" and "/" in pattern.rstrip("/"):
        return
    mine = [path for path in PATHS if owners_of(f"{pattern} @a".encode(), [path])]
    assert mine == ignored(pattern, tmp_path_factory.getbasetemp() / "ignoring")


def ignored(pattern: str, folder: Path) -> list[str]:
    """Give the paths that git ignores for a pattern."""
    if not folder.exists():
        subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".git/info/exclude").write_text(f"{pattern}\n")
    command = ["git", "-C", str(folder), "check-ignore", "--no-index", *PATHS]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()
