import pytest

from tests.ground.clone import Clone

# Stands in for the Python of the environment, as far as .ci/run asks it: pytest, slow tests only.
PYTEST = """#!/bin/sh
echo "$* CI=$CI stdin=$(cat)" >>"$CALLS"
echo "== 3 passed in 0.10s =="
exit "${SLOW:-0}"
"""


@pytest.fixture
def check(clone: Clone) -> Clone:
    (clone.folder / "Makefile").write_text('test:\n\t@echo "== 9 passed in 0.20s =="; exit $${QUICK:-0}\n')
    python = clone.folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTEST)
    python.chmod(0o755)
    return clone


@pytest.mark.parametrize(("quick", "slow", "code"), [("0", "0", 0), ("1", "0", 1), ("0", "1", 1), ("1", "1", 1)])
def test_any_failure_fails_the_check_and_the_summary_comes_last(check: Clone, quick: str, slow: str, code: int) -> None:
    result = check.run("sh", "-c", ".ci/run 2>&1", QUICK=quick, SLOW=slow)
    assert result.returncode == code
    assert "9 passed" in result.stdout
    assert result.stdout.splitlines()[-1] == "== 3 passed in 0.10s =="
    assert check.calls() == ["-m pytest --numprocesses auto -m slow CI=true stdin="]


def test_a_check_that_forgets_the_quick_tests_is_caught(check: Clone) -> None:
    check.sabotage(".ci/run", "make test || failed=1", "make test")
    assert check.run(".ci/run", QUICK="1").returncode == 0, "the sound check would have failed"
