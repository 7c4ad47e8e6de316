"""Mermaid diagrams: a flowchart of parts, and a gantt chart of a run.

Every name in a diagram is given here by number. Of a label nothing stands as it is that could mean something: such
signs become entity codes, so that no text can end a label or begin a directive. They are named, not numbered: in the
message of a squash merge `#35;` would refer to issue 35.
Source: mermaid.js.org, "Flowcharts", "Entity codes to escape characters".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from toolbuilder.scaffold.plain_text import plain
from toolbuilder.telling.markdown import cut, quiet

HARMLESS = frozenset(" .,_-+/")
ENTITIES = {
    '"': "quot", "#": "num", "$": "dollar", "%": "percnt", "&": "amp", "(": "lpar", ")": "rpar", "*": "ast",
    ":": "colon", ";": "semi", "<": "lt", "=": "equals", ">": "gt", "@": "commat", "[": "lsqb",
    "\\": "bsol", "]": "rsqb", "^": "Hat", "`": "grave", "{": "lcub", "|": "vert", "}": "rcub",
}  # fmt: skip
LONGEST = 60
SHAPES = {"end": ("([", "])"), "part": ("[", "]"), "thought": ("{{", "}}"), "frame": ("[[", "]]")}


@dataclass(frozen=True)
class Node:
    """A node: `end` is input or output, `part` a module, `thought` a step that a model does, `frame` a pattern."""

    name: str
    shape: Literal["end", "part", "thought", "frame"]
    text: str


@dataclass(frozen=True)
class Edge:
    """An arrow between two nodes, by their names."""

    source: str
    target: str
    text: str = ""
    dotted: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar of a gantt chart; seconds count from the beginning of the run."""

    section: str
    text: str
    begin: float
    end: float
    state: Literal["", "done", "active", "crit"] = ""


def label(text: str) -> str:
    """Give a quoted label that shows a text and can mean nothing; Mermaid takes no empty one."""
    shown = quiet(cut(plain(text), LONGEST))
    return '"' + ("".join(f"#{ENTITIES[char]};" if char in ENTITIES else char for char in shown) or " ") + '"'


def flowchart(nodes: Sequence[Node], edges: Iterable[Edge], direction: Literal["LR", "TD"] = "LR") -> str:
    """Give a flowchart; edges to nodes that do not exist are left out, nodes with a name twice stand once."""
    ids = {name: f"n{number}" for number, name in enumerate(dict.fromkeys(node.name for node in nodes), 1)}
    drawn = {node.name: node for node in reversed(nodes)}
    lines = [
        f"  {i}{SHAPES[drawn[name].shape][0]}{label(drawn[name].text)}{SHAPES[drawn[name].shape][1]}"
        for name, i in ids.items()
    ]
    arrows = [_arrow(edge, ids) for edge in edges if edge.source in ids and edge.target in ids]
    return "\n".join([f"flowchart {direction}", *lines, *dict.fromkeys(arrows)]) + "\n"


def gantt(title: str, bars: Sequence[Bar]) -> str:
    """Give a gantt chart in seconds; names in it are validated ones: of tools and stages."""
    lines = ["gantt", f"  title {_word(title)}", "  dateFormat x", "  axisFormat %M:%S"]
    section = ""
    for number, bar in enumerate(bars, 1):
        if bar.section != section:
            section = bar.section
            lines.append(f"  section {_word(section)}")
        begin, end = round(bar.begin * 1000), round(max(bar.end, bar.begin + 0.001) * 1000)
        state = f"{bar.state}, " if bar.state else ""
        lines.append(f"  {_word(bar.text)} :{state}b{number}, {begin}, {end}")
    return "\n".join(lines) + "\n"


def _arrow(edge: Edge, ids: dict[str, str]) -> str:
    line = "-.->" if edge.dotted else "-->"
    text = f"|{label(edge.text)}|" if edge.text else ""
    return f"  {ids[edge.source]} {line}{text} {ids[edge.target]}"


def _word(text: str) -> str:
    """Give a text for a place where no entity codes are known: what means something there becomes a space."""
    return " ".join("".join(char if char.isalnum() or char in HARMLESS else " " for char in plain(text)).split()) or "-"
