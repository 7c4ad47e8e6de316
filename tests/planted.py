"""Tools as if they had been built, without a sandbox: the real stages' records, really landed, of work nobody did.

A tool is landed in memory first; `plant` then puts it onto its branch, `stream_of` into a stream for `git fast-import`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.pipeline_world import DATE, SPEC, NoSandbox, NoScaffolder
from tests.stages.bench import context_of, produce, spec_of
from toolbuilder import landing
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.artifacts import Check, Generation, Packaging, Verdict, Verification, WrittenFile
from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, journal_ref, spec_path
from toolbuilder.errors import RaceLost
from toolbuilder.history import blob_id
from toolbuilder.microtask import Runner, Silent
from toolbuilder.patterns import load_patterns
from toolbuilder.places import data_folder, fingerprint
from toolbuilder.ports import Commit, LogEntry
from toolbuilder.schema import digest
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Artifact, Produced
from toolbuilder.stages import STAGES
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS
from toolbuilder.survey import survey

Files = Mapping[str, bytes]  # content by full path
ROOT = Path(__file__).parents[1]
SOURCES = (
    ".gitignore", "pyproject.toml", "src/{0}/__init__.py", "src/{0}/__main__.py", "src/{0}/cli.py", "src/{0}/errors.py",
    "src/{0}/py.typed", "src/{0}/streams.py", "src/{0}/work.py", "tests/conftest.py", "tests/examples.json",
    "tests/test_cli.py", "tests/test_constraints.py", "tests/test_examples.py", "tests/test_work.py",
)  # fmt: skip
JOURNAL = ("run.json", "verified.json", *(f"answers/{number:02}/{number:032}.json" for number in range(12)))


@dataclass
class Memory:
    """A repository in memory, and a snapshot of it: commits are numbered, each follows on all before it."""

    commits: dict[str, Mapping[str, bytes]] = field(default_factory=lambda: {_commit_id(0): {}})
    refs: dict[str, str] = field(default_factory=lambda: {"HEAD": _commit_id(0)})

    def resolve(self, ref: str) -> str | None:
        return self.refs.get(ref)

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        folder = f"{under.rstrip('/')}/" if under else ""
        return {path: content for path, content in self.commits[commit].items() if f"{path}/".startswith(folder)}

    def write(self, commit: Commit) -> str:
        made = _commit_id(len(self.commits))
        files = {**self.commits[commit.parents[0]], **commit.files} if commit.parents else commit.files
        self.commits[made] = {path: content for path, content in files.items() if path not in commit.removed}
        return made

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if self.refs.get(ref) != old:
            raise RaceLost(ref)
        self.refs[ref] = new

    def log(self, ref: str, limit: int = 0) -> list[LogEntry]:
        raise AssertionError(f"nobody reads the log: {ref}, {limit}")

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        return None if ours != theirs or not base else ours

    def ahead(self, places: Iterable[tuple[str, str]], contents: Iterable[str]) -> None:
        assert [*places, *contents]

    def branches(self) -> list[str]:
        return [ref.removeprefix(branch_of("")) for ref in self.refs if ref.startswith(branch_of(""))]

    def children(self, commit: str, folder: str) -> Mapping[str, str]:
        start = f"{folder.rstrip('/')}/"
        names = {path.removeprefix(start).partition("/")[0] for path in self.commits[commit] if path.startswith(start)}
        return {name: self.id_of(commit, f"{start}{name}") or "" for name in names}

    def ids(self, commit: str, folder: str) -> Mapping[str, str]:
        start = f"{folder.rstrip('/')}/"
        files = {path: content for path, content in self.commits[commit].items() if path.startswith(start)}
        return {path.removeprefix(start): blob_id(content, commit) for path, content in files.items()}

    def id_of(self, commit: str, path: str) -> str | None:
        if path in self.commits[commit]:
            return blob_id(self.commits[commit][path], commit)
        inside = self.ids(commit, path)
        return digest(inside) if inside else None

    def content(self, object_id: str) -> bytes:
        found = (content for files in self.commits.values() for content in files.values())
        return next(content for content in found if blob_id(content, object_id) == object_id)

    def follows(self, new: str, old: str) -> bool:
        return [*self.commits].index(new) >= [*self.commits].index(old)

    def parted(self, one: str, other: str) -> str | None:
        return min(one, other, key=[*self.commits].index)

    def moved(self, ref: str, commit: str | None) -> "Memory":
        refs = {**self.refs, ref: commit or ""}
        return Memory(self.commits, {name: commit for name, commit in refs.items() if commit})


def _commit_id(number: int) -> str:
    return hashlib.sha1(b"%d" % number, usedforsecurity=False).hexdigest()


def spec_text(name: str, text: str = SPEC) -> str:
    """Give the spec of the small world under another name."""
    return text.replace("name: dedupe", f"name: {name}")


@cache
def workshop_of() -> Workshop:
    """Give a workshop with the real stages, patterns and templates, in which nothing runs and nothing is stored."""
    return Workshop(
        repository=Memory(),
        backend=lambda _: Silent(),
        sandbox=NoSandbox(),
        scaffolder=NoScaffolder(),
        patterns=load_patterns(data_folder(ROOT, "patterns")),
        fingerprint=cache(lambda template: fingerprint(ROOT / "templates" / template)),
        stages=STAGES,
    )


def landed(text: str, stages: int = len(STAGES), memory: Memory | None = None, part: Any = landing) -> Files:
    """Land so many stages of a tool; give all files that stand on its branch then, by full path.

    `part` is the module that lands them.
    """
    spec, memory = parse_spec(text.encode(), "spec"), memory or Memory()
    workshop = replace(workshop_of(), repository=memory)
    order = Order(spec, text.encode())
    for stage, produced in zip(STAGES[:stages], _work(spec, text), strict=False):
        state = survey(order, workshop, frozenset())
        part.land(state, stage, produced, Runner(Silent()), workshop)
    return memory.commits[memory.refs.get(branch_of(spec.name), memory.refs["HEAD"])]


def plant(repository: GitRepository, text: str, stages: int = len(STAGES), *, base: str = "HEAD") -> str:
    """Put a tool onto its branch, made from a commit; give the branch's tip."""
    parent = repository.resolve(base)
    assert parent
    ref = branch_of(spec_of(text).name)
    tip = repository.write(Commit((parent,), "Planted\n", landed(text, stages)))
    repository.swap(ref, tip, repository.resolve(ref))
    return tip


def stream_of(
    specs: Mapping[str, str], built: Mapping[str, str], merged: Mapping[str, str] = MappingProxyType({})
) -> Iterator[bytes]:
    """Give a stream for `git fast-import`: specs by name on `main`, branch and journal of each tool that is built.

    What is merged stands on `main` too, each tool by a commit of its own that follows on its branch, if it has one.
    """
    yield from _commit("refs/heads/main", "", {spec_path(name): text.encode() for name, text in specs.items()})
    for name, text in built.items():
        yield from _commit(branch_of(name), "from refs/heads/main\n", landed(text))
        yield from _commit(journal_ref(name), "", dict.fromkeys(JOURNAL, b"{}\n"))
    for name, text in merged.items():
        joined = f"merge {branch_of(name)}\n" if name in built else ""
        yield from _commit("refs/heads/main", joined, landed(text))


def _commit(ref: str, parents: str, files: Mapping[str, bytes]) -> Iterator[bytes]:
    who = f"A Person <person@localhost> {DATE}"
    yield f"commit {ref}\nauthor {who}\ncommitter {who}\ndata 8\nPlanted\n{parents}".encode()
    for path, content in files.items():
        yield f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"


def _work(spec: Spec, text: str) -> Iterator[Produced[Any]]:
    """Give what the stages would produce, as good as true."""
    requirements, architecture = _thought(text.replace(f"name: {spec.name}\n", "name: dedupe\n"))
    yield Produced(requirements)
    yield Produced(architecture)
    files = {path.format(spec.package): f"# {path} of {spec.name}\n".encode() for path in SOURCES}
    written = tuple(WrittenFile(path=path, by="module") for path in files)
    yield Produced(Generation(files=written, tested=()), files)
    verdicts = tuple(Verdict(example=i, held_out=i in spec.held_out, passed=True) for i in spec.example_ids)
    yield Produced(
        Verification(
            sandbox="none",
            quality=1.0,
            tests_passed=1,
            tests_failed=0,
            coverage_percent=100,
            checks=(Check(name="lint", passed=True),),
            examples=verdicts,
        )
    )
    readme = {"README.md": f"# {spec.name}\n".encode()}
    wheel = f"{spec.package}-0.1.0-py3-none-any.whl"
    packaging = Packaging(sandbox="none", wheel=wheel, wheel_sha256="0" * 64, command=spec.name, examples=verdicts)
    yield Produced(packaging, readme)


@cache
def _thought(text: str) -> tuple[Artifact, ...]:
    return produce(context_of(spec_of(text)), REQUIREMENTS, ARCHITECTURE).earlier
