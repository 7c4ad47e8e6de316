"""Tests against servers that others wrote; `make test-peers` installs them and names their folder in PEERS.

Without it nothing here is collected: these tests need npm and the network once, the default run needs neither.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.servers import Aimock, Mountebank, aimock_at, mountebank_at

FOLDER = os.environ.get("PEERS", "")
collect_ignore_glob = [] if FOLDER else ["test_*.py"]


@pytest.fixture(scope="session")
def aimock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aimock]:
    """Give a running aimock with the fixtures of these tests."""
    with aimock_at(Path(FOLDER), tmp_path_factory.mktemp("aimock")) as server:
        yield server


@pytest.fixture(scope="session")
def mountebank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mountebank]:
    """Give a running mountebank with the imposters of these tests."""
    with mountebank_at(Path(FOLDER), tmp_path_factory.mktemp("mountebank")) as server:
        yield server
