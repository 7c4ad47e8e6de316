import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from toolbuilder.synthesis.evaluate import apply

ROOT = Path(__file__).parents[2]
CPU = 30  # seconds for all operations together, of which they take a tenth
KIBIBYTES = 700 << 10


def bounded(sabotage: str = "") -> str:
    """Apply every operation to hostile values; give what went wrong, or nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.synthesis.hostile", sabotage],
        cwd=ROOT, check=False, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU)),
    )  # fmt: skip
    if done.returncode:
        return f"{done.stderr.splitlines()[-1]} hangs or crashes"
    return "" if json.loads(done.stdout)["kibibytes"] < KIBIBYTES else "an operation eats memory"


@pytest.mark.parametrize("operation", ["zero_padded", "padded_left", "padded_right"])
def test_a_text_is_not_filled_up_to_any_length(operation: str) -> None:
    assert apply(operation, [["x"], [10**9]]) is None
    assert apply(operation, [["x"], [100]]) is not None


@pytest.mark.slow
def test_no_operation_hangs_crashes_or_eats_memory() -> None:
    assert bounded() == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sabotage", "noticed"),
    [
        ("arithmetic.MOST_ZEROS = 10**10", "json_number hangs or crashes"),
        ("evaluate.FAILURES = ()", " hangs or crashes"),
    ],
)
def test_an_operation_without_its_bounds_is_noticed(sabotage: str, noticed: str) -> None:
    assert noticed in bounded(sabotage)
