from typing import Any

import pytest
from pydantic import SecretStr

from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import place
from toolbuilder.adapters.github.place import API, Place, api_of, host_and_name
from toolbuilder.errors import ForgeError

TOKEN = SecretStr("ghp_abc")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/o/r.git", ("github.com", "o/r")),
        ("https://user:secret@github.com/o/r", ("github.com", "o/r")),
        ("git@github.com:o/r.git", ("github.com", "o/r")),
        ("ssh://git@GitHub.com:22/o/r.git/", ("github.com", "o/r")),
        ("ssh://git@git.example.org/o/my.name.git", ("git.example.org", "o/my.name")),
        ("ssh://git@ssh.github.com:443/o/r.git", ("github.com", "o/r")),
        ("https://www.github.com/o/r", ("github.com", "o/r")),
        ("https://www.github.com.evil.org/o/r", ("www.github.com.evil.org", "o/r")),
        ("/srv/git/r.git", ("", "")),
        ("../r", ("", "")),
        ("file:///srv/o/r.git", ("", "")),
        ("https://github.com/o/r/tree/main", ("", "")),
        ("https://github.com", ("", "")),
        ("C:/code/r", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_remote_names_its_host_and_repository(url: str, found: tuple[str, str]) -> None:
    assert host_and_name(url) == found


def test_each_kind_of_host_has_its_api_its_graphql_and_its_pages() -> None:
    assert [api_of(host) for host in ("github.com", "firm.ghe.com", "git.firm.org")] == [
        API,
        "https://api.firm.ghe.com",
        "https://git.firm.org/api/v3",
    ]
    places = [Place("o/r", TOKEN, api) for api in (API, "https://git.firm.org/api/v3", "http://127.0.0.1:8000")]
    assert [one.graphql for one in places] == [
        "https://api.github.com/graphql",
        "https://git.firm.org/api/graphql",
        "http://127.0.0.1:8000/graphql",
    ]
    assert [one.web for one in places[:2]] == ["https://github.com", "https://git.firm.org"]


def an_address_that_would_show_the_token_is_refused(part: Any) -> None:
    for api in ("http://github.com", "https://me@github.com", "ftp://github.com", "https://", "https://h?x=1", "x"):
        with pytest.raises(ForgeError, match="GITHUB_API_URL is to be an https:// address"):
            part.place("o/r", TOKEN, api)
    assert part.place("o/r", TOKEN, "http://localhost:80/").api == "http://localhost:80"


def a_name_that_would_lead_elsewhere_is_refused(part: Any) -> None:
    for name in ("o", "o/r/x", "o/..", "../r", "o/r?x", "o r/x", ""):
        with pytest.raises(ForgeError, match="GITHUB_REPOSITORY is to be OWNER/NAME"):
            part.place(name, TOKEN, API)


def a_token_that_is_none_is_not_repeated(part: Any) -> None:
    for token in ("ghp_abc\n", "two words", "ghp_é"):
        with pytest.raises(ForgeError, match="GITHUB_TOKEN holds white space") as caught:
            part.place("o/r", SecretStr(token), API)
        assert token.strip() not in str(caught.value)


GUARDED: list[Protection] = [
    (an_address_that_would_show_the_token_is_refused, 'safe = parts.scheme == "https" or', "safe = True or"),
    (an_address_that_would_show_the_token_is_refused, " or parts.username", ""),
    (a_name_that_would_lead_elsewhere_is_refused, ' or {".", ".."} & set(repository.split("/"))', ""),
    (a_token_that_is_none_is_not_repeated, "    if not _TOKEN.fullmatch(secret):", "    if False:"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_a_place_is_checked(protection: Protection) -> None:
    assert_guarded(place, protection)


@pytest.mark.parametrize("token", [None, SecretStr("")])
def test_a_missing_token_is_told_with_two_ways_on(token: SecretStr | None) -> None:
    with pytest.raises(ForgeError, match=r"no token for o/r on GitHub: type `export GITHUB_TOKEN=.*`--forge local`"):
        place.place("o/r", token, API)
