import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.forge.github_server import Served, serving
from tests.forge.github_world import World
from tests.forge.settings_answers import REPOSITORY, right, secrets
from tests.pipeline_world import SPEC
from tests.signers import AVAILABLE, signing
from toolbuilder.cli import run_app
from toolbuilder.doctor.examine import CHECKS

Git = Callable[..., str]
TOKEN = "ghs_0123456789abcdefghij"  # noqa: S105  (nobody's)


@pytest.fixture
def place(git_repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BareRemote:
    """Stand in a repository that was set up, with one spec and a remote; give the remote."""
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    monkeypatch.chdir(git_repo)
    assert run_app(["init", "--from", f"acme/toolbuilder@{'1' * 40}"]) == 0
    git(git_repo, "add", ".")
    git(git_repo, "commit", "--quiet", "--message", "Set up")
    return bare_remote(git, tmp_path / "remote.git", git_repo)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Give GitHub, where everything is right."""
    with serving(World(me="builder[bot]", fixed=right())) as served:
        monkeypatch.setenv("GITHUB_API_URL", served.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield served


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, tuple[str, str]]]:
    """Give the function that runs `doctor --json` and gives level and text of each check; the exit code fits them."""

    def run(*arguments: str) -> dict[str, tuple[str, str]]:
        capsys.readouterr()
        code = run_app(["doctor", "--json", *arguments])
        found = {row["check"]: (row["level"], row["text"]) for row in json.loads(capsys.readouterr().out)}
        assert code == int("problem" in {level for level, _ in found.values()})
        return found

    return run


@pytest.mark.usefixtures("place", "github")
def test_where_everything_is_right_no_check_complains(examined: Callable[..., dict[str, tuple[str, str]]]) -> None:
    found = examined("--probe", "--online")
    assert list(found) == [check.name for check in CHECKS]
    assert {level for name, (level, _) in found.items() if name != "pushing"} == {"ok"}
    assert found["pushing"][0] == "unknown"


@pytest.mark.usefixtures("place")
def test_without_a_token_and_a_network_the_rest_is_still_examined(
    examined: Callable[..., dict[str, tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = examined()
    assert "neither the remote nor GITHUB_REPOSITORY names one" in found["token"][1]
    assert found["remote"][0] == "ok"
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    assert examined()["token"] == (
        "unknown",
        "o/r is not asked without a token: type `export GITHUB_TOKEN=$(gh auth token)`",
    )
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    level, text = examined()["token"]
    assert level == "unknown"
    assert "GitHub did not answer GET /repos/o/r" in text


@pytest.mark.usefixtures("place")
def test_faults_are_found_all_the_way_from_the_world(
    git_repo: Path, github: Served, place: BareRemote, examined: Callable[..., dict[str, tuple[str, str]]]
) -> None:
    (git_repo / "specs/dedupe.yaml").write_text("name: dedupe\n")
    (git_repo / "toolbuilder.toml").write_text('engine = "antropic"\n')
    (git_repo / ".github/workflows/toolbuilder.yml").unlink()
    github.world.fixed[f"{REPOSITORY}/actions/secrets"] = secrets("ANTHROPIC_API_KEY")
    place.hook("pre-receive", "#!/bin/sh\necho 'deny updating a hidden ref' >&2\nexit 1\n")
    found = examined("--probe")
    assert found["specs"][0] == "problem"
    assert found["settings"][0] == "problem"
    assert "setting `engine`" in found["settings"][1]
    assert found["workflows"][0] == "warning"
    assert found["remote"][0] == "unknown"  # nobody knows what the settings say of it
    (git_repo / "toolbuilder.toml").unlink()
    found = examined("--probe")
    assert found["key"][0] == "problem"
    assert found["refs"][0] == "problem"
    assert "hidden ref" in found["refs"][1]


@pytest.mark.usefixtures("place")
def test_signing_is_tried_where_it_is_wanted(
    git_repo: Path, github: Served, tmp_path: Path, examined: Callable[..., dict[str, tuple[str, str]]]
) -> None:
    github.world.fixed[f"{REPOSITORY}/rules/branches/toolbuilder/any-tool"] = [{"type": "required_signatures"}]
    assert examined()["tool branches"][0] == "problem"
    (git_repo / "toolbuilder.toml").write_text('sign_commits = true\nauthor = "Ada <ada@a.example>"\n')
    with signing(AVAILABLE[0], tmp_path) as signer:
        found = examined()
        assert found["signing"] == ("ok", "a commit was signed, and git verified it")
        assert [found[name][0] for name in ("tool branches", "signing key")] == ["ok", "problem"]
        for name in ("toolbuilder", "toolbuilder-publish"):
            github.world.fixed[f"{REPOSITORY}/environments/{name}/secrets"] = secrets("TOOLBUILDER_SIGNING_KEY")
        assert examined()["signing key"][0] == "ok"
        (signer / "sign").unlink()
        level, text = examined()["signing"]
        assert (level, text.startswith("commits cannot be signed")) == ("problem", True)


def test_a_place_without_a_repository_is_a_problem_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, examined: Callable[..., dict[str, tuple[str, str]]]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = examined()
    assert found["repository"][0] == "problem"
    assert "git init" in found["repository"][1]
    assert found["sandbox"][0] in {"ok", "problem"}


@pytest.mark.usefixtures("place", "github")
def test_people_read_lines_and_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "ok       git " in told
    assert TOKEN not in told
    assert told.splitlines()[-1].endswith("right")


@pytest.mark.usefixtures("place")
def test_a_remote_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["doctor", "--remote", "elsewhere"]) == 2
    assert "there is no remote 'elsewhere'" in capsys.readouterr().err


@pytest.mark.usefixtures("place")
def test_what_init_would_renew_is_told(git_repo: Path, examined: Callable[..., dict[str, tuple[str, str]]]) -> None:
    record = git_repo / ".toolbuilder/init.yaml"
    record.write_text(record.read_text().replace("name: toolbuilder preview", "name: something older"))
    assert examined()["workflows"] == ("warning", "newer ones are there: .github/workflows/toolbuilder-preview.yml")
    record.write_text("version: 1\n")
    assert examined()["settings"][0] == "problem"
