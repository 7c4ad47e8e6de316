from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from tests.planted import plant, spec_text
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.planning.plan import Wanted, plan
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.viewing import viewed

Git = Callable[..., str]


@dataclass(frozen=True)
class Place:
    """A real repository of specs, and what people do in it."""

    folder: Path
    git: Git

    @property
    def repository(self) -> GitRepository:
        return GitRepository(self.folder)

    def commit(self, **specs: str | None) -> str:
        """Commit specs by name on the default branch; None takes one away."""
        for name, text in specs.items():
            path = self.folder / f"specs/{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        return self.commit_all()

    def commit_all(self) -> str:
        self.git(self.folder, "add", "--all")
        self.git(self.folder, "commit", "--quiet", "--allow-empty", "--message", "Say it")
        return self.git(self.folder, "rev-parse", "HEAD")

    def build(self, name: str = "dedupe", stages: int = 5, text: str = SPEC) -> str:
        """Put a tool onto its branch as if so many stages had been built."""
        return plant(self.repository, spec_text(name, text), stages)

    def edit_branch(self, path: str, content: str, name: str = "dedupe") -> str:
        """Commit a file on a tool's branch, as a person does."""
        self.git(self.folder, "switch", "--quiet", f"toolbuilder/{name}")
        (self.folder / path).write_text(content)
        tip = self.commit_all()
        self.git(self.folder, "switch", "--quiet", "main")
        return tip

    def plan(
        self,
        wanted: Wanted = Wanted(),  # noqa: B008  # it is frozen
        pull_requests: Sequence[PullRequest] | None = None,
        template: str = "",
    ) -> dict[str, Verdict]:
        """Give the verdicts by tool; the template may be said to be another than it is."""
        with viewed(self.folder) as view:
            changed = replace(view.workshop, fingerprint=lambda _: template) if template else view.workshop
            return {one.tool: one for one in plan(replace(view, workshop=changed), wanted, pull_requests)}

    def only(
        self,
        wanted: Wanted = Wanted(),  # noqa: B008  # as above
        pull_requests: Sequence[PullRequest] | None = None,
        template: str = "",
    ) -> Verdict:
        """Give the one verdict there is."""
        [verdict] = self.plan(wanted, pull_requests, template).values()
        return verdict


@pytest.fixture
def place(git_repo: Path, git: Git) -> Place:
    """Give a repository with one spec, `dedupe`, committed."""
    place = Place(git_repo, git)
    place.commit(dedupe=SPEC)
    return place


def pull_request(tip: str, **facts: object) -> PullRequest:
    """Give an open pull request of the tool `dedupe`."""
    known = PullRequest(1, "", "toolbuilder/dedupe", "open", False, tip, "", "", ())  # noqa: FBT003
    return replace(known, **facts)  # type: ignore[arg-type]
