"""The architecture of a tool as two diagrams: how data flows, and which module uses which."""

from toolbuilder.artifacts import Architecture, Flow, Module, Requirements
from toolbuilder.scaffold.markdown_text import fenced
from toolbuilder.scaffold.plain_text import plain
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import code, cut, prose, quiet, row, table_head
from toolbuilder.telling.mermaid import Edge, Node, flowchart
from toolbuilder.telling.view import ToolView

ENDS = ("input", "output")
COMMAND_LINE = "cli"
MOST = 30  # nodes or arrows: beyond that nobody reads a diagram
LONGEST_SIGNATURE = 300
MOST_SIGNATURES = 8  # of one module
HEAD = table_head("Module", "What it does", "Interface")


def architecture_parts(view: ToolView) -> tuple[Part, ...]:
    """Give the diagrams and the modules with their interfaces, as far as the stages are done."""
    requirements, architecture = view.of(Requirements), view.of(Architecture)
    if architecture is None:
        return ()
    diagrams = [("Modules", modules_diagram(architecture))]
    if requirements:
        thoughts = frozenset(agent.id for agent in requirements.agents)
        diagrams.insert(0, ("Data", flow_diagram(requirements.flows, thoughts)))
    shown = "\n\n".join(f"{title}:\n\n{fenced(diagram, 'mermaid')}" for title, diagram in diagrams)
    rows = tuple(_row(module, architecture) for module in architecture.modules)
    errors = tuple(
        f"- {prose(one.when)}: exit code {one.exit_code}, {prose(one.message)}" for one in architecture.errors
    )
    return (
        Part("Architecture", shown),
        Part("", "", rows, head=HEAD, fold=f"Modules and interfaces ({len(rows)})"),
        Part("", "", errors, fold=f"What is refused ({len(errors)})"),
    )


def flow_diagram(flows: tuple[Flow, ...], thoughts: frozenset[str]) -> str:
    """Give the flow of data from input to output; what a model does when the tool runs is drawn as a hexagon."""
    names = [name for flow in flows[:MOST] for name in (flow.source, flow.target)]
    nodes = [Node(name, "end" if name in ENDS else "thought" if name in thoughts else "part", name) for name in names]
    return flowchart(nodes, [Edge(flow.source, flow.target, flow.carries) for flow in flows[:MOST]])


def modules_diagram(architecture: Architecture) -> str:
    """Give the modules and what each uses; those of a pattern have a double frame, an entry is called by `cli`."""
    modules = architecture.modules[:MOST]
    nodes = [Node(one.name, "frame" if one.pattern else "part", one.name) for one in modules]
    called = Edge(COMMAND_LINE, architecture.entry.module, architecture.entry.function)
    uses = [Edge(one.name, other) for one in modules for other in one.uses]
    return flowchart([Node(COMMAND_LINE, "end", COMMAND_LINE), *nodes], [called, *uses[:MOST]])


def _row(module: Module, architecture: Architecture) -> str:
    signatures = [one.signature for one in architecture.interfaces if one.module == module.name]
    pattern = f" (pattern {code(module.pattern)})" if module.pattern else ""
    return row(
        code(module.name), prose(module.summary) + pattern, "<br>".join(map(_signature, signatures[:MOST_SIGNATURES]))
    )


def _signature(text: str) -> str:
    return code(quiet(cut(plain(text), LONGEST_SIGNATURE)))
