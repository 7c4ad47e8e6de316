import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sabotage import Protection, assert_guarded
from tests.telling.nasty import LINES, several_lines
from tests.telling.rendered import harms_in_a_commit
from toolbuilder.telling import mermaid
from toolbuilder.telling.mermaid import Bar, Edge, Node, flowchart, gantt

LABEL = r'"(?:[\w .,+/~!?\'-]|[^\x00-\x7f]|#[A-Za-z]+;)+"'
NODE = re.compile(rf"  n[0-9]+(?:\(\[{LABEL}\]\)|\[{LABEL}\]|\[\[{LABEL}\]\]|\{{\{{{LABEL}\}}\}})")
ARROW = re.compile(rf"  n[0-9]+ (?:-->|-\.->)(?:\|{LABEL}\|)? n[0-9]+")
TASK = re.compile(r"  [\w .,+/-]+ :(?:(?:done|active|crit), )?b[0-9]+, [0-9]+, [0-9]+")
SECTION = re.compile(r"  section [\w .,+/-]+")
GANTT_HEAD = [r"gantt", r"  title [\w .,+/-]+", "  dateFormat x", "  axisFormat %M:%S"]


def is_flowchart(text: str) -> bool:
    """Say whether a text is a flowchart as Mermaid's grammar has it, and nothing else of it."""
    head, *lines = text.removesuffix("\n").split("\n")
    return head == "flowchart LR" and all(NODE.fullmatch(line) or ARROW.fullmatch(line) for line in lines)


def is_gantt(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    head = all(re.fullmatch(wanted, line) for wanted, line in zip(GANTT_HEAD, lines, strict=False))
    return head and all(SECTION.fullmatch(line) or TASK.fullmatch(line) for line in lines[4:])


def no_text_leaves_its_label(part: Any) -> None:
    for text in (*LINES, '"] --> n2', "x\n  click n1 callback", ""):
        nodes = [Node("a", "part", text), Node("b", "end", "end")]
        drawn = part.flowchart(nodes, [Edge("a", "b", text)])
        assert is_flowchart(drawn), drawn
        assert drawn.count("\n") == 4


def a_label_closes_no_issue(part: Any) -> None:
    for text in ("fixes #12", "fixes @octocat", "closes GH-1", "resolves octo/tools#3"):
        assert harms_in_a_commit(part.label(text)) == []


def no_name_leaves_its_bar(part: Any) -> None:
    for text in (*LINES, "a:crit, 0, 1", "x\n  click b1 href"):
        drawn = part.gantt(text, [Bar(text, text, 0, 1)])
        assert is_gantt(drawn), drawn
        assert drawn.count("\n") == 6


def a_bar_has_a_length(part: Any) -> None:
    assert ":b1, 1000, 1001" in part.gantt("x", [Bar("a", "b", 1, 1)])
    assert ":crit, b1, 1500, 2250" in part.gantt("x", [Bar("a", "b", 1.5, 2.25, "crit")])


GUARDED: list[Protection] = [
    (no_text_leaves_its_label, 'f"#{ENTITIES[char]};" if char in ENTITIES else char', "char"),
    (no_text_leaves_its_label, 'for char in shown) or " ")', "for char in shown))"),
    (a_label_closes_no_issue, 'f"#{ENTITIES[char]};" if char in ENTITIES', 'f"#{ord(char)};" if char in ENTITIES'),
    (a_label_closes_no_issue, "quiet(cut(plain(text), LONGEST))", "cut(plain(text), LONGEST)"),
    (no_name_leaves_its_bar, 'char if char.isalnum() or char in HARMLESS else " "', "char"),
    (a_bar_has_a_length, "max(bar.end, bar.begin + 0.001)", "bar.end"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_diagram_says_only_what_it_should(protection: Protection) -> None:
    assert_guarded(mermaid, protection)


def test_an_arrow_to_nowhere_is_left_out() -> None:
    assert "-->" not in flowchart([Node("a", "part", "a")], [Edge("a", "b"), Edge("b", "a")])


@given(several_lines, st.sampled_from(["end", "part", "thought", "frame"]))
def test_any_text_makes_a_flowchart(text: str, shape: Any) -> None:
    assert is_flowchart(flowchart([Node(text, shape, text)], [Edge(text, text, text)]))


def test_a_flowchart_draws_each_node_once_and_each_arrow_once() -> None:
    nodes = [Node("input", "end", "input"), Node("m", "part", "m"), Node("m", "part", "m"), Node("s", "thought", "s")]
    edges = [Edge("input", "m", "lines"), Edge("input", "m", "lines"), Edge("m", "s", dotted=True)]
    assert flowchart(nodes, edges) == (
        'flowchart LR\n  n1(["input"])\n  n2["m"]\n  n3{{"s"}}\n  n1 -->|"lines"| n2\n  n2 -.-> n3\n'
    )


def test_a_gantt_chart_has_a_section_a_tool() -> None:
    bars = [Bar("a", "one", 0, 1, "done"), Bar("a", "two", 1, 2, "done"), Bar("b", "one", 0, 2)]
    assert [line.strip() for line in gantt("Stages", bars).splitlines()][4:] == [
        "section a", "one :done, b1, 0, 1000", "two :done, b2, 1000, 2000", "section b", "one :b3, 0, 2000",
    ]  # fmt: skip
