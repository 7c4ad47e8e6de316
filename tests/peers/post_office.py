"""Mountebank as a provider of message batches: what it injects of ours reads a batch and puts its answers together.

A batch has ended when somebody first asks after it; its results come in reverse. The first question of one microtask
has expired in it, and the first answer to another is of the wrong shape.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.peers.failures import MICROTASK
from tests.peers.scenes import FIRST_LINES, LINE
from tests.peers.servers import MESSAGE, WRONG, Mountebank, Said, free_port
from toolbuilder.pricing import Usage

PATH = "/v1/messages/batches"
EXPIRES, MISFITS = MICROTASK, "identify_problem"
TAKE = """\
function (config) {
  const said = SAID, message = MESSAGE, state = config.state, url = 'URL';
  state.seen = state.seen || {}; state.made = (state.made || 0) + 1;
  const id = 'msgbatch_' + state.made, asked = JSON.parse(config.request.body).requests;
  const lines = asked.map(one => {
    const line = Object.keys(said).find(line => one.params.system[1].text.startsWith(line));
    const first = !state.seen[line];
    state.seen[line] = true;
    const text = first && line === MISFITS ? WRONG : said[line];
    const good = {type: 'succeeded', message: {...message, content: [{type: 'text', text}]}};
    const result = first && line === EXPIRES ? {type: 'expired'} : good;
    return JSON.stringify({custom_id: one.custom_id, result});
  });
  state[id] = lines.reverse().join('\\n');
  const counts = {processing: asked.length, succeeded: 0, errored: 0, canceled: 0, expired: 0};
  const times = {created_at: '2026-11-22T10:00:00Z', expires_at: '2026-11-23T10:00:00Z'};
  const body = {id, type: 'message_batch', processing_status: 'in_progress', request_counts: counts, ...times};
  state[id + '/state'] = {...body, processing_status: 'ended', results_url: url + '/' + id + '/results'};
  return {headers: {'Content-Type': 'application/json'}, body: JSON.stringify({...body, results_url: null})};
}
"""
ENDED = """\
function (config) {
  const id = config.request.path.split('/').pop();
  return {headers: {'Content-Type': 'application/json'}, body: JSON.stringify(config.state[id + '/state'])};
}
"""
RESULTS = """\
function (config) {
  const id = config.request.path.split('/').slice(-2)[0];
  return {headers: {'Content-Type': 'application/x-jsonl'}, body: config.state[id]};
}
"""


@dataclass(frozen=True)
class Office:
    """Where batches are taken."""

    url: str
    books: str

    @property
    def asked(self) -> list[str]:
        """The microtasks whose questions were sent, in order; nothing but batches was asked for."""
        posts = [one for one in self._told["requests"] if one["method"] == "POST"]
        assert {one["path"] for one in posts} == {PATH}
        bodies = [one["params"] for post in posts for one in json.loads(post["body"])["requests"]]
        return [FIRST_LINES[body["system"][1]["text"].splitlines()[0]] for body in bodies]

    @property
    def billed(self) -> list[Usage]:
        """What it told of every question that it answered."""
        [stub] = [stub for stub in self._told["stubs"] if "endsWith" in stub["predicates"][0]]
        lines = [line for match in stub["matches"] for line in match["response"]["body"].splitlines()]
        results = [json.loads(line)["result"] for line in lines]
        usages = [result["message"]["usage"] for result in results if result["type"] == "succeeded"]
        return [_usage(usage) for usage in usages]

    @property
    def _told(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = httpx2.get(self.books).json()
        return told


def _usage(said: Mapping[str, int]) -> Usage:
    read, written = said["cache_read_input_tokens"], said["cache_creation_input_tokens"]
    return Usage(said["input_tokens"] + read + written, said["output_tokens"], read, written)


@contextmanager
def post_office(peer: Mountebank, said: Said) -> Iterator[Office]:
    """Give an imposter of its own that takes batches and nothing else."""
    admin, port = peer.books.rpartition("/")[0], free_port()
    url = f"http://127.0.0.1:{port}"
    misfits = next(line for line, name in FIRST_LINES.items() if name == MISFITS)
    known = {"MISFITS": misfits, "EXPIRES": LINE, "WRONG": WRONG, "MESSAGE": MESSAGE, "SAID": said}
    take = TAKE.replace("URL", f"{url}{PATH}", 1)
    for name, value in known.items():
        take = take.replace(name, json.dumps(value), 1)
    at = {"POST": take, "endsWith": RESULTS, "GET": ENDED}
    stubs = [{"predicates": [_predicate(place)], "responses": [{"inject": code}]} for place, code in at.items()]
    imposter = {"port": port, "protocol": "http", "recordRequests": True, "stubs": stubs}
    httpx2.post(admin, json=imposter).raise_for_status()
    try:
        yield Office(url, f"{admin}/{port}")
    finally:
        httpx2.delete(f"{admin}/{port}").raise_for_status()


def _predicate(place: str) -> Mapping[str, object]:
    return {place: {"path": "/results"}} if place == "endsWith" else {"equals": {"method": place}}
