import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import deferred

NAME = "loud_module_of_a_test"
SOURCE = 'import sys\n\nsys.loaded_in_a_test.append("loaded")\nANSWER = 42\n'


@pytest.fixture(autouse=True)
def _loud_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a module on the path that tells when it runs."""
    (tmp_path / f"{NAME}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))


def a_module_runs_when_it_is_first_used(part: Any) -> None:
    sys.modules.pop(NAME, None)
    loaded: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "loaded_in_a_test", loaded, raising=False)
        module = part.deferred(NAME)
        assert loaded == []
        assert [module.ANSWER, module.ANSWER] == [42, 42]
        assert loaded == ["loaded"]
        assert importlib.import_module(NAME).ANSWER == 42
        assert loaded == ["loaded"]
    sys.modules.pop(NAME)


GUARDED: list[Protection] = [
    (a_module_runs_when_it_is_first_used, "    spec.loader = LazyLoader(spec.loader)\n", ""),
    (a_module_runs_when_it_is_first_used, "    sys.modules[name] = module\n    spec.loader", "    spec.loader"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_a_deferred_module_costs_nothing_until_it_is_used(protection: Protection) -> None:
    assert_guarded(deferred, protection)


def test_a_module_that_does_not_exist_is_an_error_at_once() -> None:
    with pytest.raises(ModuleNotFoundError, match="there is no module toolbuilder_nothing"):
        deferred.deferred("toolbuilder_nothing")
