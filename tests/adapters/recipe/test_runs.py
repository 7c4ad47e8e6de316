"""Tools that think, run as a user runs them: scripted, killed, without a model, and with the real SDK."""

import json
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.adapters.recipe.recipe_tools import run_tool, write_packages


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with one package a spec."""
    folder = tmp_path_factory.mktemp("tools")
    write_packages(folder)
    return folder


def script(folder: Path, **answers: list[object]) -> Path:
    path = folder / "answers.json"
    path.write_text(json.dumps(answers))
    return path


def blog(folder: Path) -> list[Path]:
    (folder / "writings").mkdir(exist_ok=True)
    (folder / "idea.md").write_text("An idea.")
    (folder / "writings" / "old.md").write_text("Old.")
    return [folder / "idea.md", folder / "writings" / "old.md"]


STYLE: list[object] = [{"voice": "Short.", "phrases": []}]
DRAFT: list[object] = [{"post": "Post."}]
FACTS: list[object] = [{"unsupported": []}]


def test_a_script_that_runs_out_is_an_error_and_the_state_goes_on_from_there(tools: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    first = run_tool(
        tools, "blog-writer", "--answers", script(tmp_path, style=STYLE, draft=DRAFT), "--state", state, *blog(tmp_path)
    )
    second = run_tool(
        tools, "blog-writer", "--answers", script(tmp_path, facts=FACTS), "--state", state, *blog(tmp_path)
    )
    third = run_tool(tools, "blog-writer", "--state", state, *blog(tmp_path))

    assert (first.returncode, first.stdout) == (1, "")
    assert first.stderr.count("\n") == 1
    assert "error: step facts: " in first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, "Post.\n", "")
    assert third.stdout == "Post.\n"


@pytest.mark.parametrize(
    ("state", "words"), [("[]", "is not a saved state"), ("{", "is not a saved state")], ids=["a list", "cut off"]
)
def test_a_state_file_of_another_kind_is_refused(state: str, words: str, tools: Path, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(state)
    done = run_tool(
        tools, "blog-writer", "--answers", script(tmp_path), "--state", tmp_path / "state.json", *blog(tmp_path)
    )

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr


def test_a_state_in_a_folder_that_does_not_exist_costs_nothing(tools: Path, tmp_path: Path) -> None:
    done = run_tool(
        tools, "blog-writer", "--answers", script(tmp_path), "--state", tmp_path / "no" / "s.json", *blog(tmp_path)
    )

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "s.json" in done.stderr


def test_without_a_model_the_tool_says_what_to_do(tools: Path, tmp_path: Path) -> None:
    done = run_tool(tools, "blog-writer", "--model", "a-model", *blog(tmp_path))

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "ANTHROPIC_API_KEY" in done.stderr


def test_the_best_of_several_drafts_is_given_with_a_warning(tools: Path, tmp_path: Path) -> None:
    drafts: list[object] = [{"post": text} for text in ("One.", "Two.", "Three.")]
    facts: list[object] = [{"unsupported": found} for found in (["a", "b"], ["a"], ["b", "a"])]
    answers = script(tmp_path, style=STYLE, draft=drafts, facts=facts)
    done = run_tool(tools, "blog-improver", "--answers", answers, *blog(tmp_path))

    assert (done.returncode, done.stdout) == (0, "Two.\n")
    assert done.stderr == "blog-improver: WARNING: step facts: the best round is not good: a\n"


SDK = '''\
"""Stands where the SDK is imported: notes every question it is asked, and dies on the one it is told to."""

import json
import os
import signal
from types import SimpleNamespace

AnthropicError = RuntimeError
ANSWERS = [({"voice": "Short.", "phrases": []}), {"post": "Post."}, {"unsupported": []}]


class Anthropic:
    def __init__(self, **settings):
        self.messages = self

    def create(self, output_config, messages, **request):
        fields = output_config["format"]["schema"]["required"]
        if os.environ.get("DIE_AT") in fields:
            os.kill(os.getpid(), signal.SIGKILL)
        with open(os.environ["ASKED"], "a") as log:
            log.write(f"{fields[0]}\\n")
        answer = next(one for one in ANSWERS if list(one) == fields)
        text = SimpleNamespace(type="text", text=json.dumps(answer))
        return SimpleNamespace(stop_reason="end_turn", content=[text])
'''


def asked_across_a_kill(tools: Path, folder: Path, die_at: str, *before: str) -> list[str]:
    """Kill a run at a question, go on, and give every question that was answered in both runs; `before` is sabotage."""
    (folder / "sdk").mkdir()
    (folder / "sdk" / "anthropic.py").write_text(SDK)
    log, state = folder / "asked", folder / "state.json"
    environment = {"PYTHONPATH": str(folder / "sdk"), "ASKED": str(log), "ANTHROPIC_API_KEY": "none"}
    arguments: list[str | Path] = ["--model", "a-model", "--state", state, *blog(folder)]
    killed = run_tool(tools, "blog-writer", *arguments, **environment, DIE_AT=die_at)
    assert killed.returncode == -signal.SIGKILL
    for path in before:
        (folder / path).unlink()
    done = run_tool(tools, "blog-writer", *arguments, **environment)
    assert (done.returncode, done.stdout) == (0, "Post.\n"), done.stderr
    return log.read_text().split()


@pytest.mark.parametrize("die_at", ["voice", "post", "unsupported"])
def test_a_killed_run_asks_no_answered_question_twice(die_at: str, tools: Path, tmp_path: Path) -> None:
    assert asked_across_a_kill(tools, tmp_path, die_at) == ["voice", "post", "unsupported"]


def test_a_run_that_loses_its_state_is_caught_asking_twice(tools: Path, tmp_path: Path) -> None:
    assert asked_across_a_kill(tools, tmp_path, "unsupported", "state.json") != ["voice", "post", "unsupported"]


class Api(BaseHTTPRequestHandler):
    """Answers as the Messages API does."""

    requests: list[dict[str, object]]

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.requests.append(request)
        fields = request["output_config"]["format"]["schema"]["properties"]
        answer = {name: "## New" if kind["type"] == "string" else ["It is new."] for name, kind in fields.items()}
        message = {
            "id": "1", "type": "message", "role": "assistant", "model": request["model"], "stop_reason": "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
            "content": [{"type": "text", "text": json.dumps(answer)}],
        }  # fmt: skip
        content = json.dumps(message).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[HTTPServer]:
    """Give a server on this machine that speaks the protocol."""
    Api.requests = []
    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_real_sdk_is_asked_with_schema_and_nothing_but_the_material(
    api: HTTPServer, tools: Path, tmp_path: Path
) -> None:
    (tmp_path / "commits.txt").write_text("feat: it\n")
    environment = {"ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{api.server_port}"}
    done = run_tool(tools, "release-notes", "--model", "a-model", tmp_path / "commits.txt", **environment)

    assert (done.returncode, done.stdout, done.stderr) == (0, "## New\n", "")
    texts = [str(request["messages"]) for request in Api.requests]
    assert ["feat: it" in text for text in texts] == [True, False]
    assert ["It is new." in text for text in texts] == [False, True]
