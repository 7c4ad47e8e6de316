import asyncio
import subprocess
import sys

import pytest
from pydantic import SecretStr

from tests.adapters.anthropic.peer import KEY, MODEL, QUESTION, Peer, ask, says
from toolbuilder.adapters.anthropic.backend import AnthropicBackend, connect
from toolbuilder.adapters.anthropic.client import SharedClient, make_client, shared_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.outcomes import ProviderRefuses

SECRET = SecretStr(KEY)


def sent_by(endpoint: Endpoint) -> tuple[str, str, dict[str, object]]:
    """Give the address, the authorisation and the body of the request that an endpoint's client makes."""
    peer = Peer([says()])
    ask(AnthropicBackend(SharedClient(lambda: peer.client(endpoint)), MODEL))
    [request] = peer.requests
    return str(request.url), request.headers["authorization"], peer.bodies[0]


def test_anthropic_is_asked_at_its_address_with_the_key() -> None:
    url, sender, _ = sent_by(Endpoint(key=SECRET))
    assert (url, sender) == ("https://api.anthropic.com/v1/messages", f"Bearer {KEY}")


def test_any_other_server_is_a_matter_of_its_address() -> None:
    url, sender, _ = sent_by(Endpoint(base_url="http://127.0.0.1:11434", key=SECRET))
    assert (url, sender) == ("http://127.0.0.1:11434/v1/messages", f"Bearer {KEY}")


def test_a_key_of_the_environment_does_not_go_to_a_server_that_the_settings_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    assert sent_by(Endpoint(base_url="http://127.0.0.1:11434"))[1] == "Bearer none"


def test_bedrock_is_asked_in_its_region_under_the_models_path() -> None:
    url, sender, body = sent_by(Endpoint("bedrock", key=SECRET, region="eu-west-1"))
    assert url == f"https://bedrock-runtime.eu-west-1.amazonaws.com/model/{MODEL}/invoke"
    assert sender == f"Bearer {KEY}"
    assert body.keys() >= {"system", "messages", "output_config", "anthropic_version"}


def test_vertex_is_asked_in_its_project_and_region() -> None:
    url, sender, body = sent_by(Endpoint("vertex", key=SECRET, region="europe-west1", project="tools"))
    assert url.startswith("https://europe-west1-aiplatform.googleapis.com/v1/projects/tools/locations/europe-west1/")
    assert url.endswith(f"{MODEL}:rawPredict")
    assert sender == f"Bearer {KEY}"
    assert body.keys() >= {"system", "messages", "output_config"}


def test_no_client_ever_retries() -> None:
    endpoints = [
        Endpoint(key=SECRET),
        Endpoint("bedrock", key=SECRET, region="eu-west-1"),
        Endpoint("vertex", key=SECRET, region="global", project="tools"),
    ]
    assert [make_client(endpoint).max_retries for endpoint in endpoints] == [0, 0, 0]


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        (Endpoint(), "there is no key: set ANTHROPIC_API_KEY"),
        (Endpoint(key=SecretStr("  ")), "there is no key"),
        (Endpoint("bedrock", key=SECRET), "region"),
        (Endpoint("vertex", key=SECRET), "region"),
        (Endpoint(key=SecretStr(f"{KEY}\nHost: evil")), "characters that no key has"),
        (Endpoint(key=SecretStr(f"{KEY}é")), "characters that no key has"),
        (Endpoint(key=SecretStr(f"two {KEY}")), "characters that no key has"),
    ],
)
def test_an_endpoint_that_cannot_work_says_what_is_missing(endpoint: Endpoint, why: str) -> None:
    with pytest.raises(ProviderRefuses, match=why) as refusal:
        make_client(endpoint)
    assert KEY not in str(refusal.value)


def test_an_address_that_is_none_is_not_asked_again() -> None:
    backend = AnthropicBackend(SharedClient(lambda: make_client(Endpoint(base_url="localhost:11434"))), MODEL)
    with pytest.raises(ProviderRefuses, match=r"UnsupportedProtocol.*correct the provider's settings"):
        ask(backend)


def test_white_space_around_a_key_is_no_part_of_it() -> None:
    assert sent_by(Endpoint(key=SecretStr(f" {KEY}\n")))[1] == f"Bearer {KEY}"


def test_a_library_that_is_missing_is_named() -> None:
    with pytest.raises(ProviderRefuses, match=r"botocore.*pip install"):
        ask(AnthropicBackend(SharedClient(lambda: make_client(Endpoint("bedrock", region="eu-west-1"))), MODEL))


def test_the_clients_of_ended_loops_are_forgotten() -> None:
    peer = Peer([says()])
    shared = SharedClient(peer.client)
    for _ in range(3):
        asyncio.run(AnthropicBackend(shared, MODEL).ask(QUESTION))
    assert len(shared._clients) == 1


def test_both_rungs_of_one_endpoint_share_its_client() -> None:
    endpoint = Endpoint(key=SECRET, base_url="http://127.0.0.1:9")
    small, large = connect(endpoint, "small"), connect(Endpoint(key=SECRET, base_url="http://127.0.0.1:9"), "large")
    assert small.client is large.client is shared_client(endpoint)
    assert connect(Endpoint(key=SECRET), "small").client is not small.client


def test_an_answer_names_the_provider_that_gave_it() -> None:
    assert connect(Endpoint("bedrock", enforced=False), "m") == AnthropicBackend(
        shared_client(Endpoint("bedrock", enforced=False)), "m", engine="bedrock", enforced=False
    )


def test_what_an_endpoint_is_can_be_said_without_the_sdk() -> None:
    code = "import sys, toolbuilder.adapters.anthropic.endpoint; sys.exit('anthropic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
