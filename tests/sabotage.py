"""Modules with a protection taken out: the check that guards it has to notice.

A check is a function of the module under test. It must hold for a copy of the module as it is, and fail for one in
which one piece of the source stands otherwise; so no check is ever trusted that would also pass without the protection,
or that fails for whatever is a copy.
"""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from toolbuilder.errors import ToolbuilderError

Check = Callable[[Any], object]
Protection = tuple[Check, str, str]  # the check, a piece of the module's source, what stands there instead


def sabotaged(module: ModuleType, text: str, instead: str) -> Any:
    """Give a copy of a module with one piece of its source replaced; the module itself stays as it is."""
    source = inspect.getsource(module)
    assert source.count(text) == 1, f"{module.__name__} has changed: {text!r} is there {source.count(text)} times"
    return _made_of(source.replace(text, instead), module)


def assert_guarded(module: ModuleType, protection: Protection) -> None:
    """Assert that a check holds for a copy of a module, and fails for a sabotaged one."""
    check, text, instead = protection
    check(_made_of(inspect.getsource(module), module))
    weaker = sabotaged(module, text, instead)
    with pytest.raises((AssertionError, pytest.fail.Exception, ToolbuilderError)):
        check(weaker)


def _made_of(source: str, module: ModuleType) -> ModuleType:
    copy = ModuleType(module.__name__)
    copy.__file__ = module.__file__
    exec(compile(source, f"<{module.__name__}, a copy>", "exec"), copy.__dict__)  # noqa: S102  # it is our own source
    return copy
