"""Who has verified a commit again: a job of a run at GitHub Actions, with its address, or a person's own command."""

import re
from collections.abc import Mapping

JOB = "a separate job without secrets"
_RUN = re.compile(r"https?://[\w.:-]+/[\w.-]+/[\w.-]+/actions/runs/\d+", re.ASCII)


def run_address(environment: Mapping[str, str]) -> str:
    """Give the address of this run at GitHub Actions; empty elsewhere."""
    place = f"{environment.get('GITHUB_SERVER_URL', '')}/{environment.get('GITHUB_REPOSITORY', '')}"
    address = f"{place}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}"
    return address if _RUN.fullmatch(address) else ""


def proof_text(commit: str, run: str) -> str:
    """Say in Markdown what was verified again, and by whom: only a run that is known was a job."""
    who = f"(by [{JOB}]({run}))" if run else "by `toolbuilder verify`"
    return f"verified again at `{commit[:12]}` {who}"


def shown_run(body: str, commit: str) -> str:
    """Give the run that a text shows as having verified a commit; empty where it shows none."""
    start, end = proof_text(commit, "RUN").split("RUN")
    found = re.search(f"{re.escape(start)}({_RUN.pattern}){re.escape(end)}", body) if commit else None
    return found[1] if found else ""
