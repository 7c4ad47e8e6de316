import pytest

from tests.ground.clone import Clone

# Stands in for the Python of the environment, as far as .ci/run asks it: pytest, slow tests only.
PYTEST = """#!/bin/sh
echo "$* CI=$CI stdin=$(cat)" >>"$CALLS"
echo "== 3 passed in 0.10s =="
exit "${SLOW:-0}"
"""
MAKEFILE = """
test:
\t@echo "== 9 passed in 0.20s =="; exit $${QUICK:-0}
test-forge:
\t@echo forge >>"$$CALLS"; exit $${FORGE:-0}
"""
SLOW = "-m pytest --numprocesses auto -m slow CI=true stdin="


@pytest.fixture
def check(clone: Clone) -> Clone:
    (clone.folder / "Makefile").write_text(MAKEFILE)
    python = clone.folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTEST)
    python.chmod(0o755)
    clone.program("npm", "")
    return clone


@pytest.mark.parametrize(
    ("quick", "forge", "slow", "code"),
    [("0", "0", "0", 0), ("1", "0", "0", 1), ("0", "1", "0", 1), ("0", "0", "1", 1), ("1", "1", "1", 1)],
)
def test_any_failure_fails_the_check_and_the_summary_comes_last(
    check: Clone, quick: str, forge: str, slow: str, code: int
) -> None:
    result = check.run("sh", "-c", ".ci/run 2>&1", QUICK=quick, FORGE=forge, SLOW=slow)
    assert result.returncode == code
    assert "9 passed" in result.stdout
    assert result.stdout.splitlines()[-1] == "== 3 passed in 0.10s =="
    assert check.calls() == ["forge", SLOW]


def test_where_there_is_no_npm_the_check_says_what_it_leaves_out(check: Clone) -> None:
    (check.programs / "npm").unlink()
    result = check.run(".ci/run", FORGE="1")
    assert result.returncode == 0
    assert "Left out, as there is no npm here: make test-forge" in result.stdout
    assert check.calls() == [SLOW]


@pytest.mark.parametrize(
    ("right", "failing"), [("make test || failed=1", "QUICK"), ("make test-forge || failed=1", "FORGE")]
)
def test_a_check_that_forgets_a_failure_is_caught(check: Clone, right: str, failing: str) -> None:
    check.sabotage(".ci/run", right, right.removesuffix(" || failed=1"))
    assert check.run(".ci/run", **{failing: "1"}).returncode == 0, "the sound check would have failed"
