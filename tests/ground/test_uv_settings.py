import pytest

from tests.ground.clone import Clone


def setting(clone: Clone, name: str, **environment: str) -> str:
    result = clone.run("sh", "-euc", f". .ci/uv-settings; printenv {name} || true", **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip().rstrip(",")


@pytest.mark.parametrize(
    ("told", "name", "expected"),
    [
        ({"PIP_INDEX_URL": "a"}, "UV_DEFAULT_INDEX", "a"),
        ({"PIP_INDEX_URL": "a", "UV_DEFAULT_INDEX": "b"}, "UV_DEFAULT_INDEX", "b"),
        ({"PIP_INDEX_URL": "a", "UV_INDEX_URL": "b"}, "UV_DEFAULT_INDEX", "b"),
        ({"PIP_EXTRA_INDEX_URL": "a b"}, "UV_INDEX", "a b"),
        ({"PIP_FIND_LINKS": "/ /no/such/folder file:///a"}, "UV_FIND_LINKS", "/,file:///a"),
        ({"PIP_TRUSTED_HOST": "a"}, "UV_INSECURE_HOST", "a"),
        ({"PIP_CERT": "/a.pem"}, "SSL_CERT_FILE", "/a.pem"),
        ({"PIP_CERT": "/a.pem", "SSL_CERT_FILE": "/b.pem"}, "SSL_CERT_FILE", "/b.pem"),
        ({}, "UV_DEFAULT_INDEX", ""),
        ({}, "UV_FIND_LINKS", ""),
    ],
)
def test_what_pip_was_told_holds_for_uv_unless_uv_was_told_otherwise(
    clone: Clone, told: dict[str, str], name: str, expected: str
) -> None:
    assert setting(clone, name, **told) == expected


def test_the_cache_stays_where_uv_has_it(clone: Clone) -> None:
    assert setting(clone, "UV_CACHE_DIR") == ""


@pytest.mark.parametrize("home", ["/proc", ""])
def test_without_a_home_to_write_to_the_cache_is_in_the_environment(clone: Clone, home: str) -> None:
    assert setting(clone, "UV_CACHE_DIR", HOME=home) == f"{clone.folder}/.venv/.uv-cache"
