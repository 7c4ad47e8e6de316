import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Attempt = Callable[[socket.socket], object]


@pytest.mark.parametrize("host", ["example.org", "10.0.0.1", "2001:db8::1"])
def test_no_test_reaches_another_machine(host: str) -> None:
    attempts: list[Attempt] = [
        lambda _: socket.create_connection((host, 443), timeout=1),
        lambda _: socket.getaddrinfo(host, 443),
        lambda own: own.connect((host, 443)),
        lambda own: own.connect_ex((host, 443)),
    ]
    for attempt in attempts:
        with socket.socket() as own, pytest.raises(Exception, match=host) as caught:
            attempt(own)
        assert type(caught.value).__name__ == "ThisTestTriedToReachTheNetwork"


def test_this_machine_itself_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_home_is_an_empty_folder() -> None:
    assert list(Path.home().iterdir()) == []
    assert Path.home() == Path("~").expanduser()


def test_a_process_that_a_test_starts_sees_no_credentials_and_no_git_settings_of_a_person() -> None:
    names = subprocess.run(
        [sys.executable, "-c", "import os; print(*os.environ)"], check=True, capture_output=True, text=True
    ).stdout.split()
    assert [name for name in names if name.endswith(("_API_KEY", "_TOKEN"))] == []
    listed = subprocess.run(["git", "config", "--list", "--global"], check=False, capture_output=True, text=True)
    assert listed.stdout == ""
    assert os.environ["GIT_AUTHOR_NAME"] == "A Person"
