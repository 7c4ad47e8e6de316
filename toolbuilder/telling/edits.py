"""Finding what people did on a tool's branch: files against the blob ids that stages recorded, and commits."""

from collections.abc import Iterable, Mapping

from toolbuilder.artifacts import Manifest
from toolbuilder.commits import folder_of, spec_path
from toolbuilder.errors import FileIsWrong
from toolbuilder.history import FEEDBACK, MANIFEST, Tree, blob_id
from toolbuilder.ports import Ahead, LogEntry, Repository
from toolbuilder.publishing.straying import outside
from toolbuilder.stages import STAGES
from toolbuilder.telling.view import Edits

OWN = frozenset({MANIFEST, FEEDBACK})  # that no stage records as its own


def edits_of(repository: Repository, tool: str, tip: str, entries: Iterable[LogEntry], ahead: Ahead) -> Edits:
    """Give what people edited, added and deleted; a repair by a later stage is no edit.

    A manifest that cannot be read tells nothing of files. `entries` are the branch's commits, newest first.
    """
    folder, spec = folder_of(tool), spec_path(tool)
    read = repository.read(tip, folder)
    tree = Tree(folder, {path.removeprefix(folder): content for path, content in read.items()})
    manifest = _manifest(tree)
    stands = {path: blob_id(content, tip) for path, content in tree.files.items()}
    wrote = _written(manifest) if manifest else {}
    known = {path: stage for path, (stage, _) in wrote.items()}
    changed = [path for path, (_, ids) in wrote.items() if path in stands and stands[path] not in ids]
    links = [path for path in sorted(ahead.links) if path.startswith(folder)]
    deleted = [path for path in wrote if path not in stands and f"{folder}{path}" not in links]
    added = [path for path in stands if manifest and path not in wrote and path not in OWN]
    corrected = manifest and spec in ahead.paths and not _is_spec(repository, tip, spec, manifest)
    adopted = {one.stage for one in (manifest.stages if manifest else ()) if one.adopted}
    return Edits(
        changed=(*([spec] if corrected else []), *(f"{folder}{path}" for path in sorted(changed))),
        added=(*(f"{folder}{path}" for path in sorted(added)), *links),
        deleted=tuple(f"{folder}{path}" for path in sorted(deleted)),
        outside=outside(ahead.paths, tool),
        stages=frozenset({known[path] for path in (*changed, *deleted)} | adopted),
        commits=tuple(one for one in entries if one.commit in ahead.commits and not _is_ours(one, tool)),
    )


def _manifest(tree: Tree) -> Manifest | None:
    try:
        return tree.manifest
    except FileIsWrong:  # told where the view says what cannot be read
        return None


def _written(manifest: Manifest) -> Mapping[str, tuple[str, set[str]]]:
    """Give each path's stage, the last that wrote it, and the ids under which stages wrote it."""
    wrote: dict[str, tuple[str, set[str]]] = {}
    for record in manifest.stages:
        for path, blob in record.files.items():
            wrote[path] = (record.stage, wrote.get(path, ("", set()))[1] | {blob})
    return wrote


def _is_spec(repository: Repository, tip: str, path: str, manifest: Manifest) -> bool:
    content = repository.read(tip, path).get(path)
    return content is not None and blob_id(content, tip) == manifest.spec


def _is_ours(entry: LogEntry, tool: str) -> bool:
    """Recognise toolbuilder's own commits: by their trailer, or as what a stage wrote before edits were merged in."""
    generated = {f"{tool}: {stage.name} as generated" for stage in STAGES}
    return entry.trailers.get("Toolbuilder-Tool") == tool or entry.subject in generated
