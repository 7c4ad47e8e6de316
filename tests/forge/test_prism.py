"""A server that others wrote, from GitHub's own description: it takes every request, and refuses those that are wrong."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.forge.forges import PROPOSAL, TOKEN, Time, github
from tests.forge.openapi import cut, description, template_of
from tests.forge.scenario import everything
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.forge import GitHubForge
from toolbuilder.adapters.github.place import Place
from toolbuilder.adapters.github.requests import Request
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.errors import ForgeError

FOLDER = Path(os.environ["PEERS"])
PRISM = FOLDER / "node_modules/@stoplight/prism-cli/dist/index.js"
READY = "Prism is listening on http://"


@pytest.fixture(scope="module")
def sent() -> list[dict[str, Any]]:
    with github() as peer:
        return [one for one in everything(peer) if one["path"] != "/graphql"]


@pytest.fixture(scope="module")
def client(sent: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Give a client that speaks to Prism."""
    whole = description(FOLDER)
    templates = sorted({template for one in sent if (template := template_of(whole, one["path"]))})
    small = tmp_path_factory.mktemp("prism") / "github.json"
    small.write_text(json.dumps(cut(whole, templates)))
    with served(small) as address:
        made = Client(Place("octocat/Hello-World", SecretStr(TOKEN), address), Patience(between=0), Time().clock())
        yield made
        made.close()


@contextmanager
def served(small: Path) -> Iterator[str]:
    """Run Prism over a description while the context lasts, from the moment that it listens."""
    command = ["node", str(PRISM), "mock", "--host", "127.0.0.1", "--port", "0", str(small)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            said = [""]
            while READY not in said[-1]:
                said.append(process.stdout.readline() if process.stdout else "")
                assert said[-1], f"Prism ended before it was ready: {'  '.join(said)}"
            yield "http://" + said[-1].partition(READY)[2].split()[0].strip()
        finally:
            process.terminate()


def test_every_request_that_is_sent_is_taken(client: Client, sent: list[dict[str, Any]]) -> None:
    for one in sent:
        client.ask(Request(one["method"], one["path"], one["body"], one["query"]))


def test_the_forge_reads_what_github_gives_as_examples(client: Client) -> None:
    forge = GitHubForge(client)
    forge.login = "octocat"
    assert forge.default_branch == "master"
    for listed in (forge.pull_requests, lambda: forge.comment(1347, "<!-- status -->", "Built.")):
        with pytest.raises(ForgeError, match="is not GitHub's"):  # the example's next page is at another address
            listed()
    opened = forge.propose(replace(PROPOSAL, reviewers=("hubot",)), None)
    assert (opened.number, opened.title) == (1347, PROPOSAL.title)
    assert forge.may_write("octocat")
    forge.dispatch("toolbuilder.yml", {"tool": "log-levels"})


@pytest.mark.parametrize(
    "wrong",
    [
        Request("POST", "/repos/o/r/actions/workflows/toolbuilder.yml/dispatches", {"inputs": {}}),
        Request("POST", "/repos/o/r/pulls", {"head": "x", "base": "main", "draft": "yes"}),
        Request("GET", "/repos/o/r/pulls", query={"state": "any"}),
        Request("POST", "/repos/o/r/labels", {"color": "ffffff"}),
    ],
)
def test_a_wrong_request_is_refused(client: Client, wrong: Request) -> None:
    with pytest.raises(ForgeError, match=": 422"):
        client.ask(wrong)
