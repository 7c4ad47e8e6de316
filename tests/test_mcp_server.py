import asyncio
import sys
from pathlib import Path
from typing import Any

import mcp
import pytest

from toolbuilder.mcp_server import server

MODULE = "def double(number: int) -> int:\n    return number * 2\n"
GOOD_TEST = "from twice import double\n\n\ndef test_it_doubles() -> None:\n    assert double(2) == 4\n"
SPEC = "name: spec\ndescription: Remove duplicate lines.\ninput_tpye: lines\noutput_type: lines\nexamples: []\n"


def call(folder: Path, tool: str, **arguments: object) -> Any:
    async def ask() -> Any:
        async with mcp.Client(server(folder)) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(ask())


def test_python_that_does_not_parse_is_named_by_line(git_repo: Path) -> None:
    answer = call(git_repo, "validate_python_syntax", source="x = 1\ny = (\n").structured_content
    assert answer["good"] is False
    assert "module.py:2" in answer["findings"][0]
    assert call(git_repo, "validate_python_syntax", source=MODULE).structured_content == {"good": True, "findings": []}


def test_a_wrong_spec_is_located_and_the_near_miss_named(git_repo: Path) -> None:
    answer = call(git_repo, "validate_spec", yaml=SPEC).structured_content
    assert answer["good"] is False
    assert any(finding.startswith("spec:3:1:") and "input_type" in finding for finding in answer["findings"])


def test_generated_tests_run_in_the_sandbox_and_are_counted(git_repo: Path) -> None:
    files = {"src/twice/__init__.py": MODULE, "tests/test_twice.py": GOOD_TEST}
    assert call(git_repo, "test_generated_code", package="twice", files=files).structured_content["passed"] == 1
    files["src/twice/__init__.py"] = MODULE.replace("* 2", "* 3")
    answer = call(git_repo, "test_generated_code", package="twice", files=files).structured_content
    assert (answer["passed"], answer["failed"]) == (0, 1)
    assert any("assert 6 == 4" in finding for finding in answer["findings"])


@pytest.mark.parametrize("path", ["/etc/x", "../x", ""])
def test_a_path_that_leads_out_is_refused_with_what_to_do(git_repo: Path, path: str) -> None:
    answer = call(git_repo, "test_generated_code", package="twice", files={path: ""})
    assert answer.is_error
    assert "plain relative path" in answer.content[0].text


def test_an_unknown_pattern_is_refused_with_those_there_are(git_repo: Path) -> None:
    answer = call(git_repo, "check_pattern_compliance", pattern="saving", files={})
    assert answer.is_error
    assert "incremental_save" in answer.content[0].text


def test_code_that_does_not_follow_its_pattern_is_told(git_repo: Path) -> None:
    files = {"saving.py": "def save(path, text):\n    open(path, 'w').write(text)\n"}
    answer = call(git_repo, "check_pattern_compliance", pattern="incremental_save", files=files).structured_content
    assert answer["good"] is False


def test_status_says_what_is_due(git_repo: Path) -> None:
    (git_repo / "specs").mkdir()
    text = SPEC.replace("input_tpye", "input_type").replace("[]", '[{input: "a\\na\\n", output: "a\\n"}]')
    (git_repo / "specs/spec.yaml").write_text(text)
    [row] = call(git_repo, "status").structured_content["result"]
    assert (row["due"], row["why"]) == ("requirements", "not built yet")


def test_every_tool_says_that_it_changes_nothing(git_repo: Path) -> None:
    async def ask() -> Any:
        async with mcp.Client(server(git_repo)) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(ask())
    assert len(tools) == 5
    assert all(tool.annotations.read_only_hint and tool.output_schema for tool in tools)


def test_the_command_serves_over_standard_input_and_output(git_repo: Path) -> None:
    command = mcp.StdioServerParameters(command=sys.executable, args=["-m", "toolbuilder", "mcp"], cwd=git_repo)

    async def ask() -> Any:
        async with mcp.Client(command) as client:
            return await client.call_tool("validate_python_syntax", {"source": "x ="})

    assert asyncio.run(ask()).structured_content["good"] is False
