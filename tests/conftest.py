"""What no test may reach: the network, the user's home and git configuration, a real key."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_SECRET_ENDINGS = ("_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_CREDENTIALS", "_ACCESS_KEY", "_ACCESS_KEY_ID")
_PREFIXES = ("GIT_", "GH_", "GITHUB_", "ANTHROPIC_", "AWS_", "GOOGLE_", "CLOUDSDK_", "TOOLBUILDER_", "XDG_")
_NOWHERE = "http://127.0.0.1:9"  # the discard port: a child process that asks a proxy finds nobody
_FIXED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_DEFAULT_HASH": "sha1",  # some ids are written down in tests
    "GIT_DEFAULT_REF_FORMAT": "files",
    "GIT_ALLOW_PROTOCOL": "file",
    "GIT_AUTHOR_NAME": "A Person",
    "GIT_AUTHOR_EMAIL": "person@localhost",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "A Person",
    "GIT_COMMITTER_EMAIL": "person@localhost",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
    "HTTP_PROXY": _NOWHERE,
    "HTTPS_PROXY": _NOWHERE,
    "ALL_PROXY": _NOWHERE,
    "NO_PROXY": "127.0.0.1,localhost",
    "UV_OFFLINE": "1",
    "UV_NO_CACHE": "1",
    "PIP_NO_INDEX": "1",
}


class ThisTestTriedToReachTheNetwork(Exception):
    """Tests talk to this machine only: use a fake transport or a server on 127.0.0.1."""


@pytest.fixture(scope="session", autouse=True)
def sealed_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give every test, and every process it starts, an empty home, a fixed git identity and no credentials."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.upper().endswith(_SECRET_ENDINGS) or name.startswith(_PREFIXES) or name.lower().endswith("_proxy"):
                patch.delenv(name)
        for name, value in _FIXED.items():
            patch.setenv(name, value)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session", autouse=True)
def sealed_network() -> Iterator[None]:
    """Let sockets of this process reach nothing but this machine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        _refuse_remote(address)
        connect(self, address)  # type: ignore[arg-type]  # whatever it is, socket judges it

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        _refuse_remote(address)
        return connect_ex(self, address)  # type: ignore[arg-type]  # whatever it is, socket judges it

    def guarded_look_up(host: object, *arguments: object, **options: object) -> object:
        _refuse_remote((host,))
        return look_up(host, *arguments, **options)  # type: ignore[arg-type]  # as above

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture
def git() -> Callable[..., str]:
    """Give the function (folder, *arguments) that runs git as a person would, and returns what it prints."""
    return _git


@pytest.fixture
def git_in_front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that puts a `git` on PATH which runs a line of shell and then "$REAL_GIT"."""
    folder = tmp_path / "git in front"
    folder.mkdir()

    def put(line: str) -> None:
        (folder / "git").write_text(f'#!/bin/sh\nREAL_GIT=\'{shutil.which("git")}\'\n{line}\nexec "$REAL_GIT" "$@"\n')
        (folder / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return put


@pytest.fixture
def git_repo(tmp_path: Path) -> Path:
    """Give the folder of a real repository: branch `main`, one commit, one file."""
    folder = tmp_path / "repository"
    _git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    (folder / "README.md").write_text("# A repository\n")
    _git(folder, "add", "README.md")
    _git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def _refuse_remote(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else None  # an AF_UNIX address is a path
    if isinstance(host, str) and host not in {"", "localhost", "::1"} and not host.startswith("127."):
        raise ThisTestTriedToReachTheNetwork(host)
