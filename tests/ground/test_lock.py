"""The lock: everything pinned, everything hashed, nothing that names a place; and no file that names a registry."""

import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.ground.clone import ROOT, Clone

LOCK = (ROOT / "requirements.lock").read_text()
RUN_LOCK = (ROOT / "requirements-run.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Put together here, because this file too must not name them.
REGISTRIES = tuple(
    ".".join(parts) for parts in [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com")]
)


def entries(lock: str) -> list[str]:
    return [entry for entry in re.sub(r"\\\n\s*", "", lock).splitlines() if entry]


def pins(lock: str) -> list[str]:
    return [re.sub(r" ; .*?(?= --hash)", "", entry) for entry in entries(lock)]  # without where it is wanted


def faults(lock: str) -> list[str]:
    entry = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; [^@]+?)?( ?--hash=sha256:[0-9a-f]{64})+")
    return [line for line in entries(lock) if not entry.fullmatch(line) or "://" in line]


def missing(lock: str, wanted: list[str]) -> list[str]:
    pinned = dict(re.findall(r"(?m)^([a-z0-9-]+)==([\w.!+]+)", lock))
    needs = [Requirement(line) for line in wanted]
    found = [(need, pinned.get(canonicalize_name(need.name))) for need in needs]
    return [str(need) for need, version in found if version is None or version not in need.specifier]


def registries_in(text: str) -> list[str]:
    return [host for host in REGISTRIES if host in text.lower()]


def test_every_package_is_pinned_and_hashed_and_names_no_place() -> None:
    assert faults(LOCK) == []
    assert faults(RUN_LOCK) == []


def test_what_runs_is_what_was_tested_and_nothing_that_only_tests_need() -> None:
    assert missing(RUN_LOCK, PROJECT["dependencies"]) == []
    assert {*pins(RUN_LOCK)} < {*pins(LOCK)}
    only_for_tests = [Requirement(line).name for line in PROJECT["optional-dependencies"]["dev"]]
    assert {name for name in only_for_tests if not missing(RUN_LOCK, [name])} == {"jsonschema"}, "mcp needs that one"


@pytest.mark.parametrize(
    "mutant",
    [
        re.sub(r"(?m)^(uv==\S+) \\\n(    --hash=\S+( \\)?\n)+", r"\1\n", LOCK),
        LOCK.replace("uv==", "uv>="),
        "--index-url somewhere\n" + LOCK,
        LOCK.replace("uv==", "uv @ https://example.org/uv.whl#"),
    ],
    ids=["without a hash", "without a pin", "with an index", "with an address"],
)
def test_a_spoilt_lock_is_caught(mutant: str) -> None:
    assert mutant != LOCK
    assert len(faults(mutant)) == 1


def test_the_lock_holds_what_the_project_requires() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert missing(LOCK, wanted) == []
    assert missing(LOCK, ["uv>=99", "never-heard-of"]) == ["uv>=99", "never-heard-of"]


def test_no_file_names_a_package_registry() -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert len(files) > 10
    assert {file.name: found for file in files if (found := registries_in(file.read_text(errors="replace")))} == {}


def test_a_file_that_names_a_package_registry_is_caught() -> None:
    assert registries_in(f"index-url = https://{REGISTRIES[0]}/simple") == [REGISTRIES[0]]


# Stands in for uv: what it would lock is in $LOCKED, and goes where --output-file says.
UV = """#!/bin/sh
while [ "$1" != --output-file ]; do shift; done
printf '%s\\n' "$LOCKED" >"$2"
"""


@pytest.mark.parametrize(
    ("locked", "code"),
    [
        ("anyio==4.16.0", 0),
        ("--index-url somewhere\nanyio==4.16.0", 1),
        ("anyio @ file:///home/anyio.whl", 1),
    ],
    ids=["sound", "index", "address"],
)
def test_a_new_lock_that_names_a_place_is_refused(clone: Clone, locked: str, code: int) -> None:
    uv = clone.folder / ".venv/bin/uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(UV)
    uv.chmod(0o755)
    assert clone.run(".ci/lock", LOCKED=locked).returncode == code
    assert (clone.folder / "requirements.lock").read_text() == (LOCK if code else f"{locked}\n")
    assert (clone.folder / "requirements-run.lock").exists() == (code == 0)
    assert not list(clone.folder.glob(".ground-*"))
