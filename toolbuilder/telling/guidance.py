"""What a reviewer can do: try it, have it done again, correct it, reject it."""

import shlex

from toolbuilder.artifacts import Generation, Verification
from toolbuilder.commits import folder_of, spec_path
from toolbuilder.proof.example_run import usual_arguments
from toolbuilder.scaffold.markdown_text import fenced
from toolbuilder.scaffold.shell_text import session
from toolbuilder.spec import Example, Spec
from toolbuilder.stages import STAGES
from toolbuilder.telling.examples import expected
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import block, quiet
from toolbuilder.telling.view import ToolView

MOST_LINES = 12
STAGE_NAMES = ", ".join(f"`{stage.name}`" for stage in STAGES)
WAYS = {
    "Have a stage done again": "comment `/toolbuilder rerun STAGE what should be different`; the stages are {stages}. "
    "`/toolbuilder regenerate` writes the code again.",
    "Ask": "comment `/toolbuilder status` or `/toolbuilder explain`.",
    "Change what is wanted": "edit `{spec}` on the default branch; this pull request is updated.",
    "Correct it yourself": "commit on `toolbuilder/{tool}`. Your edit below `{folder}` is kept, put before the gates, "
    "and seen by the stages after it; it is never overwritten.",
    "Reject it": "close this pull request. This version of the spec is then left alone; a changed spec opens it again.",
    "Accept it": "merge it, in any of the three ways.",
}
CHECKS_WAIT = """\
This pull request was opened with the workflow's own token, so its checks wait until somebody with write access approves
them ("Approve workflows to run"). The token of a GitHub App avoids that: make an App with write access to contents and
pull requests, install it here, store its client id as the variable `TOOLBUILDER_APP_CLIENT_ID` and its key as the
secret `TOOLBUILDER_APP_PRIVATE_KEY`. `toolbuilder doctor` says what is missing."""


def trying_part(view: ToolView) -> Part:
    """Give one command that installs the tool from its branch and runs it; nothing before there are sources."""
    if view.of(Generation) is None:
        return Part("")
    launcher = f"uvx --from {_source(view)} "
    where = "" if view.outside.address else "In the folder of the repository:\n\n"
    fetched = _fetching(view)
    example = next((one for one in view.spec.examples if _fits(view.spec, one)), None)
    if example is None:
        return Part("Try it", where + fenced(f"{fetched}{launcher}{view.tool} --help", "sh"))
    command = shlex.join([view.tool, *usual_arguments(view.spec, example)])
    line = session(view.spec, example).removesuffix(command) + launcher + command
    text, language = expected(example)
    return Part(
        "Try it", f"{where}{fenced(fetched + line, 'sh')}\n\n{_promise(view, example)}\n\n{block(text, language)}"
    )


def doing_part(view: ToolView) -> Part:
    """Give the ways to have it done again, to correct it and to reject it."""
    names = {"tool": view.tool, "spec": spec_path(view.tool), "folder": folder_of(view.tool), "stages": STAGE_NAMES}
    rows = tuple(f"- **{what}**: {how.format(**names)}" for what, how in WAYS.items())
    return Part("Rerun, correct or reject", "", rows, CHECKS_WAIT if view.outside.checks_wait else "", least=len(rows))


def _promise(view: ToolView, example: Example) -> str:
    """Say what is known of an example: only one that passed is what the tool prints."""
    i, ran = view.spec.example_ids[view.spec.examples.index(example)], view.of(Verification)
    passed = ran is not None and any(one.example == i and one.passed for one in ran.examples)
    return "It prints:" if passed else "It is meant to print this; nothing has shown yet that it does:"


def _fetching(view: ToolView) -> str:
    """Give the line that brings the branch here, where it is known to be at a remote; empty elsewhere."""
    branch = f"toolbuilder/{view.tool}"
    remote = "" if view.outside.address else view.outside.remote
    return f"git fetch {shlex.quote(remote)} {branch}:{branch}\n" if remote else ""


def _source(view: ToolView) -> str:
    address = view.outside.address or "file://$PWD"
    return f'"git+{address}@toolbuilder/{view.tool}#subdirectory={folder_of(view.tool).rstrip("/")}"'


def _fits(spec: Spec, example: Example) -> bool:
    """Choose an example that shows something and can be copied as it stands."""
    if example.exit_code or example.files or example.answers or spec.output_type == "files" or not example.output:
        return False
    text = session(spec, example)
    return text.count("\n") < MOST_LINES and len(text) < 1_000 and quiet(text) == text
