"""Who has verified a commit again: a job of a run at GitHub Actions, with its address, or a person's own command."""

from collections.abc import Mapping

from toolbuilder.verified import RUN_ADDRESS

JOB = "a separate job without secrets"


def run_address(environment: Mapping[str, str]) -> str:
    """Give the address of this run at GitHub Actions; empty elsewhere."""
    place = f"{environment.get('GITHUB_SERVER_URL', '')}/{environment.get('GITHUB_REPOSITORY', '')}"
    address = f"{place}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}"
    return address if RUN_ADDRESS.fullmatch(address) else ""


def proof_text(commit: str, run: str) -> str:
    """Say in Markdown what was verified again, and by whom: only a run that is known was a job."""
    who = f"(by [{JOB}]({run}))" if run else "by `toolbuilder verify`"
    return f"verified again at `{commit[:12]}` {who}"
