from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder import commits
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.artifacts import Manifest, StageRecord
from toolbuilder.errors import NeedsPerson, RaceLost
from toolbuilder.history import blob_id
from toolbuilder.ports import Answer, Commit

Git = Callable[..., str]
RECORD = StageRecord(stage="generation", inputs={}, engine={}, output="0a" * 16, files={})
SPEC = b"name: dedupe\n\ndescription: one\n\ninput_type: lines\n\noutput_type: lines\n"
HERE = SPEC.replace(b"one", b"one here")
THERE = SPEC.replace(b"one", b"one there")
FURTHER = SPEC.replace(b"output_type: lines", b"output_type: text")


@pytest.fixture
def repository(git_repo: Path) -> GitRepository:
    """Give a repository whose history holds the spec as it was ordered."""
    repository = GitRepository(git_repo)
    commit(repository, {"specs/dedupe.yaml": SPEC}, "refs/heads/toolbuilder/dedupe")
    return repository


def commit(repository: GitRepository, files: dict[str, bytes], ref: str | None = None) -> str:
    made = repository.write(Commit((repository.resolve("HEAD") or "",), "More\n", files))
    if ref:
        repository.swap(ref, made, repository.resolve(ref))
    return made


def test_refs_and_paths_carry_the_tools_name() -> None:
    assert commits.branch_of("dedupe") == "refs/heads/toolbuilder/dedupe"
    assert commits.log_ref("dedupe") == "refs/toolbuilder/log/dedupe"
    assert commits.folder_of("dedupe") == "tools/dedupe/"
    assert commits.spec_path("dedupe") == "specs/dedupe.yaml"


def trailers(repository: GitRepository, part: Any, *answers: Answer) -> dict[str, str]:
    """Commit with the message of a stage, and give the trailers as git reads them."""
    message = part.stage_message("dedupe", RECORD, "k1", answers)
    made = repository.write(Commit((repository.resolve("HEAD") or "",), message, {}))
    [entry] = repository.log(made, 1)
    assert entry.subject == "dedupe: generation"
    return {name.removeprefix("Toolbuilder-"): value for name, value in entry.trailers.items()}


def trailers_add_up_what_the_answers_took(repository: GitRepository, part: Any) -> None:
    first = Answer("{}", "cloud", "large-1", input_tokens=100, output_tokens=20, cost_usd=0.25)
    second = Answer("{}", "offline", "rules-1", input_tokens=3, output_tokens=4, cost_usd=0.000003)
    assert trailers(repository, part, first, second, first) == {
        "Tool": "dedupe", "Stage": "generation", "Key": "k1", "Output": "0a" * 16, "Attempt": "1",
        "Engine": "cloud offline", "Model": "large-1 rules-1", "Tokens": "247", "Cost-USD": "0.500003",
    }  # fmt: skip
    assert trailers(repository, part)["Engine"] == trailers(repository, part)["Model"] == "none"


def a_models_name_begins_no_trailer(repository: GitRepository, part: Any) -> None:
    forged = Answer("{}", "cloud", "m\nToolbuilder-Cost-USD: 0\n\n--- x")
    assert trailers(repository, part, forged).get("Cost-USD") == "0.000000"
    assert trailers(repository, part, forged)["Model"] == "m-Toolbuilder-Cost-USD:-0-----x"


def no_tip_is_ever_lost(repository: GitRepository, part: Any) -> None:
    ref = part.log_ref("dedupe")
    first, other = (commit(repository, {"n": name}) for name in (b"1", b"2"))
    after = repository.write(Commit((first,), "After\n", {"n": b"3"}))
    for tip, before in ((first, None), (first, None), (after, first)):
        part.keep_in_log(repository, "dedupe", tip, before)
    assert repository.resolve(ref) == after  # what follows on what was kept needs no commit of its own
    part.keep_in_log(repository, "dedupe", other, None)
    assert {first, after, other} <= {entry.commit for entry in repository.log(ref)}


class Rival:
    """A repository whose log ref somebody else moves just before the first swap."""

    def __init__(self, inner: GitRepository, theirs: str):
        self._inner = inner
        self._theirs: str | None = theirs

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if self._theirs:
            self._inner.swap(ref, self._theirs, old)
            self._theirs = None
        self._inner.swap(ref, new, old)


def a_lost_race_keeps_what_the_rival_kept(repository: GitRepository, part: Any) -> None:
    mine, theirs = (commit(repository, {"n": name}) for name in (b"mine", b"theirs"))
    try:
        part.keep_in_log(Rival(repository, theirs), "raced", mine, None)
    except RaceLost as error:
        pytest.fail(str(error))
    assert {mine, theirs} <= {entry.commit for entry in repository.log(part.log_ref("raced"))}


def in_force(repository: GitRepository, part: Any, present: bytes | None, given: bytes) -> bytes:
    tip = repository.resolve("refs/heads/toolbuilder/dedupe") or ""
    manifest = Manifest(tool="dedupe", spec=blob_id(SPEC, tip))
    content: bytes = part.spec_in_force(repository, manifest, present, given, tip)
    return content


def a_correction_on_the_branch_is_in_force(repository: GitRepository, part: Any) -> None:
    assert in_force(repository, part, SPEC, HERE) == HERE
    assert in_force(repository, part, THERE, SPEC) == THERE
    assert in_force(repository, part, THERE, FURTHER) == THERE.replace(b"output_type: lines", b"output_type: text")


def two_changes_in_one_place_need_a_person(repository: GitRepository, part: Any) -> None:
    with pytest.raises(NeedsPerson, match="changed here and on branch toolbuilder/dedupe") as caught:
        in_force(repository, part, THERE, HERE)
    assert "git diff toolbuilder/dedupe -- specs/dedupe.yaml" in caught.value.advice


GUARDED = [
    (trailers_add_up_what_the_answers_took, "answer.input_tokens + answer.output_tokens", "answer.output_tokens"),
    (trailers_add_up_what_the_answers_took, "for name in given}))", "for name in given}, reverse=True))"),
    (a_models_name_begins_no_trailer, 're.sub(r"[^!-~]+", "-", name)', "name"),
    (no_tip_is_ever_lost, "tip if kept in (None, before) else repository.write", "tip if kept else repository.write"),
    (no_tip_is_ever_lost, "Commit((kept, tip), ", "Commit((tip,), "),
    (no_tip_is_ever_lost, "    if kept == tip:\n        return\n", ""),
    (a_lost_race_keeps_what_the_rival_kept, "        keep_in_log(repository, tool, tip, before)", "        raise"),
    (a_lost_race_keeps_what_the_rival_kept, "        keep_in_log(repository, tool, tip, before)", "        pass"),
    (a_correction_on_the_branch_is_in_force, "present, given, like))", "given, given, like))"),
    (two_changes_in_one_place_need_a_person, "    if not clean or content is None:\n", "    if False:\n"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_stands_in_git_is_guarded(
    repository: GitRepository, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(commits, (partial(check, repository), text, instead))
