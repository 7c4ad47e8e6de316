"""Where everything comes from: commits and digests."""

from toolbuilder import __version__
from toolbuilder.artifacts import Packaging
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.gates import verified_again
from toolbuilder.telling.markdown import code, prose, row, table_head
from toolbuilder.telling.view import ToolView

HEAD = table_head("Stage", "Key", "Output")


def provenance_parts(view: ToolView) -> tuple[Part, ...]:
    """Give the commit, the spec, the wheel, the template and patterns, and each stage's digests."""
    packed, manifest = view.of(Packaging), view.manifest
    facts = {
        "Branch": f"{code(f'toolbuilder/{view.tool}')} at {code(view.tip)}",
        "Second verification": verified_again(view),
        "Spec": f"blob {code(prose(manifest.spec))}" if manifest else "",
        "Template": _template(view),
        "Wheel": f"{prose(packed.wheel)}, SHA-256 {code(prose(packed.wheel_sha256))}" if packed else "",
        "toolbuilder": __version__,
    }
    rows = tuple(f"- {name}: {fact}" for name, fact in facts.items() if fact)
    records = manifest.stages if manifest else ()
    entries = {one.stage: view.commits.get(one.stage) for one in records}
    keys = {
        stage: entry.trailers.get("Toolbuilder-Key", "none") if entry else "none" for stage, entry in entries.items()
    }
    stages = tuple(row(prose(one.stage), code(prose(keys[one.stage])), code(prose(one.output))) for one in records)
    return (
        Part("Provenance", "", rows, least=len(rows)),
        Part("", "", stages, head=HEAD, fold="Digests of the stages"),
    )


def _template(view: ToolView) -> str:
    record = view.manifest.of("generation") if view.manifest else None
    digest = record.engine.get("template", "") if record else ""
    named = prose(view.spec.template)
    return f"{named}, {code(prose(digest))}" if digest else named
