from pathlib import Path

import pytest

from tests.ground.clone import Clone, clone_into


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return clone_into(tmp_path)
