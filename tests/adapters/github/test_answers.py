"""Answers that are none, that are lists of many pages, or that never come."""

import pytest
from pydantic import SecretStr

from tests.forge.forges import TOKEN, github
from toolbuilder.adapters.github import client
from toolbuilder.adapters.github.place import Place
from toolbuilder.adapters.github.requests import Request
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.errors import ForgeError

READ = Request("GET", "/repos/o/r")


def test_a_list_is_whole_or_there_is_none() -> None:
    with github() as peer:
        made = client.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(attempts=2), peer.time.clock())
        peer.clients.append(made)
        numbers = [{"number": number} for number in range(250)]
        peer.world.fixed["/repos/o/r/pulls"] = numbers
        listed = made.pages(Request("GET", "/repos/o/r/pulls", query={"state": "all"}), dict)
        read = [next(listed) for _ in range(100)]
        peer.world.control({"faults": [{"status": 502}]})
        assert [*read, *listed] == numbers
        assert [one["query"]["page"] for one in peer.served.requests[1:]] == ["2", "2", "3"]
        assert {one["query"]["state"] for one in peer.served.requests} == {"all"}
        peer.world.control({"faults": [{"status": 200, "body": []}, {"status": 502, "times": 2}]})
        peer.world.faults[0].headers = {"link": f'<{peer.served.url}/repositories/7/pulls?page=2>; rel="next"'}
        with pytest.raises(ForgeError, match="502"):
            list(made.pages(Request("GET", "/repos/o/r/pulls"), dict))
        assert peer.served.requests[-1]["path"] == "/repositories/7/pulls"


def test_where_patience_is_gone_a_failure_is_told_at_once() -> None:
    with github() as peer:
        made = client.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(waiting=1), peer.time.clock())
        peer.clients.append(made)
        peer.world.control({"faults": [{"status": 502, "times": 3}]})
        for asked in (2, 3):
            with pytest.raises(ForgeError, match="GitHub refused GET /repos/o/r: 502"):
                made.ask(READ)
            assert (len(peer.served.requests), peer.time.waits) == (asked, [1])


def test_a_next_page_whose_address_is_none_is_told() -> None:
    with github() as peer:
        made = client.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(attempts=1), peer.time.clock())
        peer.clients.append(made)
        links = {"link": f'<{peer.served.url}/repos/o/r/pulls?page=\x7f>; rel="next"'}
        peer.world.control({"faults": [{"status": 200, "headers": links, "body": []}]})
        with pytest.raises(ForgeError, match="GitHub did not answer GET /repos/o/r/pulls: InvalidURL"):
            list(made.pages(Request("GET", "/repos/o/r/pulls"), dict))


def test_an_answer_that_is_not_github_s_is_said_to_be_none() -> None:
    with github() as peer:
        peer.world.control({"faults": [{"status": 200, "body": {"welcome": "to the proxy"}}]})
        with pytest.raises(ForgeError, match=r"the answer to GET /repos/o/r is not GitHub's: check GITHUB_API_URL"):
            assert peer.forge().default_branch


def test_a_server_that_is_not_there_is_told_without_its_address() -> None:
    with github() as peer:
        made = client.Client(Place("o/r", SecretStr(TOKEN), "http://127.0.0.1:9"), Patience(), peer.time.clock())
        peer.clients.append(made)
        with pytest.raises(ForgeError, match="GitHub did not answer GET /repos/o/r: ConnectError"):
            made.ask(READ)
        assert peer.time.waits == [1, 2, 4, 8]
