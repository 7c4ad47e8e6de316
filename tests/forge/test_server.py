import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2

from tests.forge.forges import BRANCH, TOKEN, github

ROOT = Path(__file__).parents[2]
OPEN = {"title": "T", "head": BRANCH, "base": "main", "body": "one\ntwo"}
PULLS = "/repos/o/r/pulls"


def call(url: str, method: str, path: str, body: Any = None, token: str = TOKEN) -> httpx2.Response:
    return httpx2.request(method, f"{url}{path}", json=body, headers={"authorization": f"Bearer {token}"})


def test_it_runs_as_a_process_of_its_own_and_takes_down_what_it_is_asked(git_repo: Path, tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    command = [sys.executable, "-m", "tests.forge.github_server", "--git", str(git_repo), "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip() if process.stdout else ""
        try:
            assert call(url, "GET", "/repos/o/r").json()["default_branch"] == "main"
            call(url, "POST", "/_control", {"set": {"default": "trunk"}})
            assert call(url, "GET", "/_control").json()["default"] == "trunk"
        finally:
            process.terminate()
    [request] = map(json.loads, log.read_text().splitlines())
    assert request == {"method": "GET", "path": "/repos/o/r", "query": {}, "body": None, "status": 200}


def test_who_has_no_token_or_another_is_not_let_in() -> None:
    with github() as peer:
        assert httpx2.get(f"{peer.served.url}/repos/o/r").status_code == 401
        assert call(peer.served.url, "GET", "/repos/o/r", token="another").status_code == 401  # noqa: S106


def test_it_says_what_github_says_to_a_second_pull_request_of_a_branch() -> None:
    with github() as peer:
        answers = [call(peer.served.url, "POST", PULLS, OPEN) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 422]
        [error] = answers[1].json()["errors"]
        assert error == {
            "resource": "PullRequest",
            "code": "custom",
            "message": "A pull request already exists for o:toolbuilder/log-levels.",
        }
        assert answers[0].json()["body"] == "one\r\ntwo"
        assert [one["status"] for one in peer.served.requests] == [201, 422]


def test_people_close_and_merge_and_a_branch_that_is_gone_closes_too() -> None:
    branches = {"main": "a" * 40, **{f"toolbuilder/{n}": f"{n}" * 40 for n in (1, 2, 3)}}
    with github(branches=branches) as peer:
        for n in (1, 2, 3):
            call(peer.served.url, "POST", PULLS, {**OPEN, "head": f"toolbuilder/{n}"})
        call(peer.served.url, "POST", "/_control", {"close": [1], "merge": [2]})
        del peer.world.branches["toolbuilder/3"]
        listed = call(peer.served.url, "GET", f"{PULLS}?state=all").json()
        assert [(one["number"], one["state"], bool(one["merged_at"])) for one in listed] == [
            (3, "closed", False),
            (2, "closed", True),
            (1, "closed", False),
        ]
        assert call(peer.served.url, "GET", PULLS).json() == []


def test_lists_come_in_pages() -> None:
    with github() as peer:
        call(peer.served.url, "POST", PULLS, OPEN)
        for n in range(5):
            peer.world.add_comment(1, "somebody", str(n))
        first = call(peer.served.url, "GET", "/repos/o/r/issues/1/comments?per_page=2&page=2")
        assert [one["body"] for one in first.json()] == ["2", "3"]
        assert first.links["next"]["url"].endswith("/repos/o/r/issues/1/comments?per_page=2&page=3")
