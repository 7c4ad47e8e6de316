"""What never gets into a commit of a stage: what looks like a credential, and files outside of the tool's folder."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC, STAGES, World, write_a_module
from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import context_of, produce, spec_of
from tests.stages.test_verification import PACKED
from toolbuilder import stage
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.artifacts import Generation, Requirements
from toolbuilder.errors import FileIsWrong, NeedsPerson, RepositoryError
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.ports import Answer, Commit, Question
from toolbuilder.stage import Context, Produced, no_secrets
from toolbuilder.stages import packaging
from toolbuilder.stages.requirements import REQUIREMENTS

Git = Callable[..., str]
SECRET = "sk-ant-" + "a1B2" * 8
BRANCH = "refs/heads/toolbuilder/dedupe"
HOPELESS = {"cause": "contract", "evidence": "a credential", "advice": "", "retry": False}


@pytest.mark.parametrize(
    ("secret", "kind"),
    [
        (SECRET, "an API key"),
        ("ghp_" + "x" * 36, "a GitHub token"),
        ("AKIA" + "ABCDEFGH12345678", "an AWS key id"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "a private key"),
        ("xoxb-" + "1" * 24, "a Slack token"),
    ],
)
def test_a_secret_is_named_by_its_place_and_never_shown(secret: str, kind: str) -> None:
    [finding] = no_secrets({"src/twice/double.py": f"x = 1\nKEY = '{secret}'\n".encode()})
    assert str(finding) == f"secrets: src/twice/double.py:2: holds what looks like {kind}"


def test_ordinary_words_are_no_secret() -> None:
    assert no_secrets({"a.md": b"The risk-based task-management-of-everything-there-is; sk-short; AKIA.\n\xff"}) == []


class Talkative:
    """An engine that lets a credential slip into one answer."""

    async def ask(self, question: Question) -> Answer:
        if question.microtask == DIAGNOSE.name:
            assert SECRET not in question.input, "a diagnosis is not told it either"
            return Answer(json.dumps(HOPELESS), "scripted", "scripted-1")
        answer = await OfflineBackend().ask(question)
        said = json.loads(answer.text)
        if question.microtask == "identify_problem":
            said["problem"] = f"Drop lines. With {SECRET}."
        return replace(answer, text=json.dumps(said))


async def leaking(context: Context) -> Produced[Generation]:
    produced = await write_a_module(context)
    files = {path: content + f"KEY = '{SECRET}'\n".encode() for path, content in produced.files.items()}
    return replace(produced, files=files)


WORLDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "an artifact": ({"engine": Talkative()}, "requirements", r"\.toolbuilder/requirements\.yaml:\d+"),
    "a source": (
        {"engine": Talkative(), "stages": (*STAGES[:2], replace(STAGES[2], run=leaking))},
        "generation",
        r"src/dedupe/dedupe\.py:8",
    ),
}


@pytest.mark.parametrize(("how", "name", "place"), WORLDS.values(), ids=WORLDS)
def test_a_stage_that_wrote_a_credential_is_refused_before_its_commit(
    how: dict[str, Any], name: str, place: str, git_repo: Path, git: Git
) -> None:
    if name == "generation":
        World(git_repo).build(until="architecture")
    before = GitRepository(git_repo).resolve(BRANCH)
    world = World(git_repo, **how)
    with pytest.raises(NeedsPerson, match=rf"{name} does not pass(.|\n)*secrets: {place}: holds what looks like an API key") as caught:  # fmt: skip
        world.build()
    assert GitRepository(git_repo).resolve(BRANCH) == before
    left = [str(caught.value), repr(world.told)]
    left.append(git(git_repo, "log", "--all", "--patch", "--", "tools", "run.json"))
    assert SECRET not in "\n".join(left)


@pytest.mark.parametrize(
    "path", ["../../.github/workflows/x.yml", "../other/x.py", "src/../../../.github/workflows/x.yml"]
)
def test_nothing_that_a_stage_writes_leaves_the_tools_folder(path: str, git_repo: Path) -> None:
    async def escaping(context: Context) -> Produced[Generation]:
        produced = await write_a_module(context)
        return replace(produced, files={**produced.files, path: b"on: push\n"})

    World(git_repo).build(until="architecture")
    before = GitRepository(git_repo).tips()
    with pytest.raises(RepositoryError, match="use a relative path without"):
        World(git_repo, stages=(*STAGES[:2], replace(STAGES[2], run=escaping))).build()
    after = GitRepository(git_repo).tips()
    assert {ref: tip for ref, tip in after.items() if "/journal/" not in ref} == {
        ref: tip for ref, tip in before.items() if "/journal/" not in ref
    }


def test_a_credential_that_a_person_commits_on_the_branch_is_not_adopted(git_repo: Path) -> None:
    built = World(git_repo).build()
    repository = GitRepository(git_repo)
    path = "tools/dedupe/.toolbuilder/requirements.yaml"
    text = repository.read(built.tip, path)[path].decode() + f"# {SECRET}\n"
    repository.swap(BRANCH, repository.write(Commit((built.tip,), "By hand\n", {path: text.encode()})), built.tip)
    with pytest.raises(FileIsWrong, match=rf"{path}:{text.count(chr(10))}:1: .*looks like an API key") as caught:
        World(git_repo).build()
    assert SECRET not in str(caught.value)


def test_a_readme_with_a_credential_is_found_whoever_wrote_it() -> None:
    files = {"README.md": f"# Dedupe\n\n{SECRET}\n".encode()}
    [finding] = packaging.gate(context_of(spec_of()), PACKED, files)
    assert str(finding) == "secrets: README.md:3: holds what looks like an API key"


def judged(part: Any, **more: bytes) -> list[str]:
    """Give where the first stage's judge finds something: in its artifact, or in a file that it wrote."""
    context = produce(context_of(spec_of(SPEC)), REQUIREMENTS)
    right = context.artifact(Requirements)
    facts = {name: getattr(REQUIREMENTS, name) for name in ("name", "title", "produces", "reads", "run")}
    asked = part.Stage(**facts, gate=lambda *_: [stage.Finding("gate", "", f"quotes {SECRET}")])
    found = asked.judge(context, right if more else right.model_copy(update={"problem": SECRET}), more)
    return [f"{one.check}: {one.where}" for one in found]


def what_the_stage_wrote_is_looked_at_first(part: Any) -> None:
    assert judged(part) == ["secrets: .toolbuilder/requirements.yaml:1"]
    assert judged(part, **{"a.py": SECRET.encode()}) == ["secrets: a.py:1"]
    assert judged(part, **{"a.py": b""}) == ["gate: "]


GUARDED: list[Protection] = [
    (what_the_stage_wrote_is_looked_at_first, "{self.record: write_model(artifact), **written}", "written"),
    (what_the_stage_wrote_is_looked_at_first, "write_model(artifact), **written}", "write_model(artifact)}"),
    (what_the_stage_wrote_is_looked_at_first, "return leaked or self.gate(", "return leaked + self.gate("),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_the_judge_is_guarded(protection: Protection) -> None:
    assert_guarded(stage, protection)
