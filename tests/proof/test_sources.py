import pytest

from toolbuilder.artifacts import Interface
from toolbuilder.proof.sources import (
    implemented,
    imports_resolve,
    names_of_tests,
    no_forbidden_calls,
)

GOOD = b'"""Doubles."""\n\nimport json\nfrom twice.errors import InputError\n\n\ndef double(n: int, *, by: int = 2) -> int:\n    return n\n'
FILES = {"src/twice/__init__.py": b"", "src/twice/errors.py": b"", "src/twice/double.py": GOOD}
DOUBLE = Interface(module="double", signature="def double(n:int,*,by: int=2) -> int", purpose="Doubles.")


def test_good_sources_have_no_findings() -> None:
    assert imports_resolve(FILES, "twice", ()) == []
    assert implemented(FILES, "twice", [DOUBLE]) == []
    assert no_forbidden_calls(FILES) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"import requests\n", "requests is not among the allowed dependencies"),
        (b"from requests.api import get\n", "requests is not among the allowed dependencies"),
        (b"from twice.reading import read\n", "twice.reading does not exist"),
        (b"def f():\n    import numpy\n", "numpy is not among the allowed dependencies"),
        (b"import pytest\n", "pytest is not among the allowed dependencies"),
    ],
)
def test_an_import_that_does_not_resolve_is_found_with_its_line(line: bytes, words: str) -> None:
    [finding] = imports_resolve({**FILES, "src/twice/more.py": line}, "twice", ())
    assert words in str(finding)
    assert "src/twice/more.py:" in finding.where


def test_allowed_packages_and_pytest_in_tests_pass() -> None:
    files = {**FILES, "src/twice/cli.py": b"import typer\n", "tests/test_cli.py": b"import pytest\n"}
    assert imports_resolve(files, "twice", {"typer"}) == []


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"def double(n: int) -> int: ...\n",
        b"def double(n: int, *, by: int = 3) -> int: ...\n",
        b"def double(n: int, *, by: int = 2) -> str: ...\n",
        b"async def double(n: int, *, by: int = 2) -> int: ...\n",
        b"class Double:\n    def double(n: int, *, by: int = 2) -> int: ...\n",
    ],
)
def test_an_interface_that_is_not_implemented_as_it_says_is_found(source: bytes) -> None:
    [finding] = implemented({"src/twice/double.py": source}, "twice", [DOUBLE])
    assert "does not define `def double(n: int, *, by: int=2) -> int`" in str(finding)


@pytest.mark.parametrize("call", [b"eval('1')", b"exec('x = 1')", b"__import__('os')"])
def test_running_text_as_code_is_found(call: bytes) -> None:
    [finding] = no_forbidden_calls({"src/twice/double.py": b"x = " + call + b"\n"})
    assert finding.where == "src/twice/double.py:1"


def test_tests_are_named_as_pytest_names_them() -> None:
    files = {"tests/test_a.py": b"def test_one(): ...\ndef helper(): ...\n", "src/a.py": b"def test_two(): ...\n"}
    assert names_of_tests(files) == {"tests/test_a.py::test_one"}
