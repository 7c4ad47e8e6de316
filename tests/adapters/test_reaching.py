import pytest

from tests.forge.github_server import serving
from tests.forge.github_world import World
from toolbuilder.adapters.reaching import answers, without_credentials


def test_a_server_that_answers_anything_is_there() -> None:
    with serving(World()) as served:
        assert answers(served.url)
    assert not answers(served.url)


@pytest.mark.parametrize("address", ["no address", "http://", "http://[::1", "ftp://127.0.0.1"])
def test_what_is_no_address_does_not_answer(address: str) -> None:
    assert not answers(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ada:secret@models.example:8443/v1?key=secret#secret", "https://models.example:8443/v1"),
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
    ],
)
def test_an_address_is_shown_without_what_is_secret_in_it(address: str, shown: str) -> None:
    assert without_credentials(address) == shown
