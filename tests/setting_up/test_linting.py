"""What `init` writes below .github/ satisfies GitHub's schema and zizmor, and both would notice if it did not."""

from pathlib import Path

import pytest

from tests.actions.test_linters import said_by_schemas, said_by_zizmor
from toolbuilder.setting_up.source import Source
from toolbuilder.surroundings import rendered

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    for path, content in rendered(Source("acme/toolbuilder", COMMIT), "main").items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return tmp_path


def said(folder: Path) -> list[str]:
    return [*(text for text in said_by_schemas(folder) if "workflows/" in text), *said_by_zizmor(folder)]


def test_linters_have_nothing_against_it(written: Path) -> None:
    assert said(written) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(f"@{COMMIT}", "@main"), ("contents: write", "contents: scribble"), ("    uses: ", "    used: ")],
)
def test_linters_would_notice(written: Path, right: str, wrong: str) -> None:
    path = written / ".github/workflows/toolbuilder.yml"
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong))
    assert said(written)
