"""Finding the repository on GitHub that a folder belongs to, and opening it as a forge."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.forge import GitHubForge
from toolbuilder.adapters.github.place import API, PUBLIC, Place, api_of, host_and_name, place


def repository_of(folder: Path, remote: str, named: str, api: str) -> tuple[str, str]:
    """Give "owner/name" and the address of its API: as the environment says, else as the remote's URL does.

    Both are empty where neither names a repository on GitHub. A host that is not github.com is taken for GitHub only
    if the address of its API is given.
    """
    if named:
        return named, api or API
    found = Git(folder).run("remote", "get-url", "--", remote or "origin")
    host, name = host_and_name(found.stdout.decode(errors="replace").strip())
    if host and (host == PUBLIC or host.endswith(".ghe.com") or api.startswith(f"https://{host}/")):
        return name, api or api_of(host)
    return "", ""


@contextmanager
def opened(repository: str, token: SecretStr | None, api: str, note: Callable[[str], None]) -> Iterator[GitHubForge]:
    """Open a repository on GitHub as a forge. Raises ForgeError for a missing or impossible token, name or address."""
    client = Client(place(repository, token, api))
    try:
        yield GitHubForge(client, note)
    finally:
        client.close()


def web_address(repository: str, api: str) -> str:
    """Give the address that a browser shows a repository at."""
    return f"{Place(repository, SecretStr(''), api).web}/{repository}"
