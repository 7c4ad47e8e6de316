"""What each stage has to show, of what the pull request shows of all."""

from collections.abc import Callable, Iterable, Mapping

from toolbuilder.telling.architecture import architecture_parts
from toolbuilder.telling.examples import examples_parts
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.gates import gates_parts
from toolbuilder.telling.judging import judging_parts
from toolbuilder.telling.provenance import provenance_parts
from toolbuilder.telling.requirement_table import requirement_part
from toolbuilder.telling.view import ToolView

SHOWS: Mapping[str, Callable[[ToolView], tuple[Part, ...]]] = {
    "requirements": lambda view: (requirement_part(view),),
    "architecture": architecture_parts,
    "generation": judging_parts,
    "verification": lambda view: (*gates_parts(view), *examples_parts(view)),
    "packaging": provenance_parts,
}


def stage_parts(view: ToolView, stages: Iterable[str]) -> tuple[Part, ...]:
    """Give what stages have to show, in the order of the stages."""
    wanted = frozenset(stages)
    return tuple(part for name, show in SHOWS.items() if name in wanted for part in show(view))
