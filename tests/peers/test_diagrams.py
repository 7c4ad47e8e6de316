"""The diagrams, read by Mermaid itself: it finds in them what was to be shown, and nothing else."""

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.peers.conftest import FOLDER
from tests.telling.nasty import LINES
from toolbuilder.scaffold.plain_text import plain
from toolbuilder.telling.markdown import APART
from toolbuilder.telling.mermaid import Bar, Edge, Node, flowchart, gantt

SCRIPT = Path(__file__).with_name("parse_mermaid.mjs")
ENTITY = re.compile("ﬂ°(°?)([^¶]+)¶ß")  # what Mermaid makes of entity codes until it draws


def parsed(*diagrams: str) -> list[dict[str, Any]]:
    command = ["node", str(SCRIPT), str(Path(FOLDER).resolve())]
    ran = subprocess.run(command, input=json.dumps(diagrams), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def drawn(text: str) -> str:
    """Give what a reader sees of a label."""
    decoded = ENTITY.sub(lambda found: html.unescape(f"&{'#' if found[1] else ''}{found[2]};"), text)
    return decoded.replace(APART, "").strip()


def test_labels_show_the_words_and_are_nothing_else() -> None:
    texts = [*LINES, '"] --> n9', "click n1 href", "end", "$$x^2$$", "fa:fa-ban", "x" * 55]
    [chart] = parsed(
        flowchart(
            [*(Node(str(number), "part", text) for number, text in enumerate(texts)), Node("end", "thought", "end")],
            [Edge(str(number), "end", f"to {text}") for number, text in enumerate(texts)],
        )
    )
    assert [drawn(text) for text in chart["nodes"]] == [*(plain(text).replace(APART, "") for text in texts), "end"]
    assert [drawn(text) for text in chart["edges"]] == [
        f"to {plain(text)}".replace(APART, "").strip() for text in texts
    ]


def test_bars_stand_where_they_should() -> None:
    bars = [Bar("log-levels", "verification, 2 attempts", 0.5, 3.25, "done"), Bar("end", "active", 1, 2, "crit")]
    [chart] = parsed(gantt("Stages by time", bars))
    assert chart["bars"] == [["log-levels", "verification, 2 attempts", 500, 3250], ["end", "active", 1000, 2000]]
