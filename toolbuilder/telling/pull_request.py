"""The pull request of a tool: the same view gives the same text, whenever it is told."""

from toolbuilder.commits import spec_path
from toolbuilder.scaffold.plain_text import first_sentence, paragraphs
from toolbuilder.telling.architecture import architecture_parts
from toolbuilder.telling.costs import cost_parts
from toolbuilder.telling.edited import edited_part, warning_parts
from toolbuilder.telling.examples import examples_parts
from toolbuilder.telling.fitting import Part, page
from toolbuilder.telling.gates import gates_parts, status_line
from toolbuilder.telling.guidance import doing_part, trying_part
from toolbuilder.telling.judging import judging_parts
from toolbuilder.telling.markdown import cut, prose, quiet
from toolbuilder.telling.provenance import provenance_parts
from toolbuilder.telling.requirement_table import requirement_part
from toolbuilder.telling.stopping import attempts_part, stop_parts
from toolbuilder.telling.view import ToolView

LIMIT = 60_000  # UTF-16 units; GitHub's own limit is 65,536 characters
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 4_000


def pull_request_text(view: ToolView) -> tuple[str, str]:
    """Give the title and the body, which stays below 60,000 characters."""
    return _title(view), page(parts(view), LIMIT)


def parts(view: ToolView) -> tuple[Part, ...]:
    """Give the body's sections: what a reviewer needs first stands first."""
    return (
        *warning_parts(view),
        *stop_parts(view),
        Part("", _what(view)),
        edited_part(view),
        trying_part(view),
        *judging_parts(view),
        requirement_part(view),
        *architecture_parts(view),
        *examples_parts(view),
        *gates_parts(view),
        *cost_parts(view),
        attempts_part(view),
        doing_part(view),
        *provenance_parts(view),
    )


def _title(view: ToolView) -> str:
    return cut(quiet(f"{view.tool}: {first_sentence(view.spec.description).rstrip('.')}"), LONGEST_TITLE)


def _what(view: ToolView) -> str:
    told = [prose(text, LONGEST_DESCRIPTION) for text in paragraphs(view.spec.description) if text]
    reads = f"Reads {view.spec.input_type}, writes {view.spec.output_type}; built from `{spec_path(view.tool)}`."
    return "\n\n".join(["\n".join(told), reads, f"**{status_line(view)}**"])
