"""Tests against servers that others wrote; `make test-peers` installs them and names their folder in PEERS.

Without it nothing here is collected: these tests need npm and the network once, the default run needs neither.
"""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.known_model import KnownProvider
from tests.paid_shop import Shop, order
from tests.peers.servers import Aimock, Mountebank, Said, aimock_at, mountebank_at
from toolbuilder.pipeline import build
from toolbuilder.stages import STAGES

FOLDER = os.environ.get("PEERS", "")
collect_ignore_glob = [] if FOLDER else ["test_*.py"]


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """Give what a model says that knows a whole tool, by the first line of the instruction."""
    folder, provider = tmp_path_factory.mktemp("said"), KnownProvider()
    for arguments in (("init", "--quiet"), ("commit", "--quiet", "--allow-empty", "--message", "Begin")):
        subprocess.run(["git", "-C", folder, *arguments], check=True)
    asyncio.run(build(order(), Shop(folder, provider).whole_workshop(STAGES)))
    return provider.said


@pytest.fixture(scope="session")
def aimock(tmp_path_factory: pytest.TempPathFactory, said: Said) -> Iterator[Aimock]:
    """Give a running aimock with the fixtures of these tests."""
    with aimock_at(Path(FOLDER), tmp_path_factory.mktemp("aimock"), said) as server:
        yield server


@pytest.fixture(scope="session")
def mountebank(tmp_path_factory: pytest.TempPathFactory, said: Said) -> Iterator[Mountebank]:
    """Give a running mountebank with the imposters of these tests."""
    with mountebank_at(Path(FOLDER), tmp_path_factory.mktemp("mountebank"), said) as server:
        yield server
