import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scaffold.samples import SAME, SAMPLES, build


def check(*command: str, cwd: Path, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_tool_is_clean_for_ruff(tools: Path) -> None:
    check("ruff", "check", "--no-cache", ".", cwd=tools)


def test_every_tool_is_formatted_already(tools: Path) -> None:
    check("ruff", "format", "--no-cache", "--diff", ".", cwd=tools)


def test_every_tool_is_typed_strictly(tools: Path) -> None:
    sources = os.pathsep.join(str(path) for path in sorted(tools.glob("tool_*/src")))
    options = ["--strict", "--explicit-package-bases", "--config-file=", "--cache-dir=/dev/null"]

    check("mypy", *options, ".", cwd=tools, MYPYPATH=sources)


@pytest.mark.parametrize("name", ["echo-typer", "copies", "refuses"])
def test_the_tests_of_a_tool_pass(tools: Path, name: str) -> None:
    check("pytest", "-q", "-p", "no:cacheprovider", cwd=tools / SAMPLES[name].folder)


def test_the_tests_of_a_tool_fail_for_a_wrong_transform(tmp_path: Path) -> None:
    build(tmp_path, SAMPLES["table"])
    (tmp_path / "src/table/transforming.py").write_text(SAME.replace("return text", "return text.upper()"))

    with pytest.raises(AssertionError, match=r"test_example\[E1\]"):
        check("pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
