"""A survey: everything that a build has to know of a tool, read from its branch at one moment."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial

from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of, spec_in_force, spec_path
from toolbuilder.errors import RepositoryError
from toolbuilder.history import AnyStage, Replay, Tree, blob_id, replay
from toolbuilder.microtask import Runner, Silent
from toolbuilder.patterns import chosen, fingerprint
from toolbuilder.schema import digest
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Artifact, Context


@dataclass(frozen=True)
class State:
    """A tool as its branch stands at one moment."""

    spec: Spec
    source: bytes  # the spec file in force
    given: bytes  # the spec file as it was ordered; the branch may hold a correction
    parent: str  # what the next commit stands on: the branch's tip, or HEAD where there is no branch yet
    tip: str | None
    tree: Tree
    tools: dict[str, str]
    replay: Replay


def survey(order: Order, workshop: Workshop, again: AbstractSet[str]) -> State:
    """Read everything from the branch: the spec in force, the files, what is done and what is due."""
    repository, tool = workshop.repository, order.spec.name
    tip = repository.resolve(branch_of(tool))
    parent = tip or repository.resolve("HEAD")
    if parent is None:
        raise RepositoryError("the repository has no commit to build on; type `git commit --allow-empty -m start`")
    folder = folder_of(tool)
    files = repository.read(parent, folder)
    tree = Tree(folder, {path.removeprefix(folder): content for path, content in files.items()})
    source = order.source
    if tip and (manifest := tree.manifest):
        present = repository.read(tip, spec_path(tool)).get(spec_path(tool))
        source = spec_in_force(repository, manifest, present, order.source, tip)
    spec = order.spec if source == order.source else parse_spec(source, spec_path(tool))
    patterns = chosen(spec, workshop.patterns)
    tools = {"patterns": fingerprint(patterns), "template": workshop.fingerprint(spec.template)}
    context_of = partial(context, spec, tree, workshop, Runner(Silent()))
    return State(
        spec, source, order.source, parent, tip, tree, tools, replay(workshop.stages, tree, context_of, tools, again)
    )


def place_of(state: State, stage: AnyStage, ladder: Sequence[str]) -> str:
    """Name all that a stage starts from: as long as it is the same, a run stops where the last one has stopped."""
    return place_at(blob_id(state.given, state.parent), state.tip or "", stage, state.tools, ladder)


def place_at(spec: str, tip: str, stage: AnyStage, tools: Mapping[str, str], ladder: Sequence[str]) -> str:
    """Name the place where a stage starts from a spec (its blob id), a branch's tip, and digests of tools."""
    return digest(stage.name, spec, tip, stage.engine(tools), list(ladder))


def context(spec: Spec, tree: Tree, workshop: Workshop, runner: Runner, earlier: tuple[Artifact, ...]) -> Context:
    """Give a stage all that it may see: neither the repository nor the forge."""
    patterns = chosen(spec, workshop.patterns)
    return Context(spec, earlier, tree.tool, patterns, runner, workshop.sandbox, workshop.scaffolder)
