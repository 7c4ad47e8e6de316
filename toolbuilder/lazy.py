"""Adapters that are loaded when they are first used: most calls of toolbuilder run, render and ask nothing.

This is the one place where modules are imported late: copier takes 0.7 seconds to import, an SDK more than two.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType

from toolbuilder.ports import Answer, Command, ModelBackend, Question, Ran, Sandbox, Scaffolder
from toolbuilder.pricing import OwnPrice, Price


def load(name: str) -> ModuleType:
    """Import a module that is large and stays: the garbage collector need not look at it, now, later or at the end.

    That saves a third of the time that an SDK costs.
    """
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.enable()
        gc.freeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the garbage collector out for a block that makes a million small objects, nearly all of which stay.

    That saves a tenth of the time that a plan takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class LazySandbox:
    """The sandbox, chosen and probed when the first command runs."""

    def __init__(self, wanted: str):
        self._wanted = wanted

    @property
    def kind(self) -> str:
        """Name the means of isolation. Raises SandboxUnavailable."""
        return self._sandbox.kind

    def run(self, command: Command) -> Ran:
        """Run a command to its end or its limits. Raises SandboxUnavailable."""
        return self._sandbox.run(command)

    @cached_property
    def _sandbox(self) -> Sandbox:
        sandbox: Sandbox = import_module("toolbuilder.adapters.sandbox.choice").choose_sandbox(self._wanted)
        return sandbox


class LazyScaffolder:
    """The scaffolder, loaded when the first template is rendered."""

    def __init__(self, folder: Path, *, of_repository: bool = False):
        self._folder = folder
        self._of_repository = of_repository

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        """Give the files of a named template filled with answers: relative path -> content."""
        return self._scaffolder.render(template, answers)

    @cached_property
    def _scaffolder(self) -> Scaffolder:
        copier = load("toolbuilder.adapters.copier_scaffolder").CopierScaffolder
        scaffolder: Scaffolder = copier(self._folder, of_repository=self._of_repository)
        return scaffolder


class LazyEngine:
    """An engine, made when the first question is put to it."""

    def __init__(self, make: Callable[[], ModelBackend]):
        self._make = make

    async def ask(self, question: Question) -> Answer:
        """Answer one question."""
        return await self._engine.ask(question)

    @cached_property
    def _engine(self) -> ModelBackend:
        return self._make()


def lazy_prices(provider: str, own: Mapping[str, OwnPrice]) -> Price:
    """Give the price list of a provider, loaded when the first price is asked for: it takes half a second."""

    @cache
    def listed() -> Price:
        prices: Price = load("toolbuilder.adapters.prices").price_list(provider, own)
        return prices

    return lambda model, usage: listed()(model, usage)  # noqa: PLW0108  (called late: that is what it is for)
