"""Where on GitHub the repository is, and with which token it is asked."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from toolbuilder.errors import ForgeError

PUBLIC = "github.com"
API = "https://api.github.com"
ALSO = ("ssh.github.com", "www.github.com")  # the first is for SSH where its own port is closed

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+):(?!/)(?P<path>[^\s]+)")  # git@github.com:owner/name.git
_TOKEN = re.compile(r"[!-~]+")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Place:
    """A repository on GitHub, and how its API is reached."""

    repository: str  # "owner/name"
    token: SecretStr
    api: str = API

    @property
    def owner(self) -> str:
        """The account that the repository belongs to."""
        return self.repository.partition("/")[0]

    @property
    def graphql(self) -> str:
        """The address of the GraphQL API, which an enterprise server has beside the REST API."""
        return f"{self.api.removesuffix('/v3')}/graphql"

    @property
    def web(self) -> str:
        """The address that a browser shows the host at."""
        return self.api.removesuffix("/api/v3").replace("://api.", "://", 1)


def place(repository: str, token: SecretStr | None, api: str) -> Place:
    """Give a checked place. Raises ForgeError for a name, an address or a token that cannot be one."""
    if not _NAME.fullmatch(repository) or {".", ".."} & set(repository.split("/")):
        raise ForgeError("GITHUB_REPOSITORY is to be OWNER/NAME, as GitHub Actions sets it")
    secret = token.get_secret_value() if token else ""
    if not secret:
        raise ForgeError(
            f"no token for {repository} on GitHub: type `export GITHUB_TOKEN=$(gh auth token)`, "
            "or add `--forge local` to write the pull request as a file"
        )
    if not _TOKEN.fullmatch(secret):
        raise ForgeError("GITHUB_TOKEN holds white space or characters that no token has: set it again")
    return Place(repository, SecretStr(secret), _address(api))


def _address(api: str) -> str:
    parts = urlsplit(api)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ForgeError("GITHUB_API_URL is to be an https:// address without a user: the token is sent there")
    return api.rstrip("/")


def host_and_name(url: str) -> tuple[str, str]:
    """Give the host and the "owner/name" that the URL of a remote names; both empty where it names none."""
    if "://" in url:
        parts = urlsplit(url)
        host, path = (parts.hostname or "", parts.path) if parts.scheme in {"https", "http", "ssh", "git"} else ("", "")
    else:
        found = _SCP.fullmatch(url)
        host, path = (found["host"], found["path"]) if found else ("", "")
    name = path.strip("/").removesuffix(".git")
    if not host or not _NAME.fullmatch(name):
        return "", ""
    return PUBLIC if host.lower() in ALSO else host.lower(), name


def api_of(host: str) -> str:
    """Give the address of the REST API of a host: github.com, a data residency host, or an enterprise server."""
    if host == PUBLIC or host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return f"https://{host}/api/v3"
