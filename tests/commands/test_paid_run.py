import os
import re
import subprocess
import sys
from pathlib import Path

from tests.known_model import KnownModel, KnownProvider
from tests.paid_provider import KEY
from tests.pipeline_world import SPEC
from tests.served import served

ROOT = Path(__file__).parents[2]


def last_line(folder: Path, address: str) -> str:
    """Give the last line that a run of the first stage prints."""
    settings = {"TOOLBUILDER_BASE_URL": address, "TOOLBUILDER_API_KEY": KEY}
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "toolbuilder", "run", "--until", "requirements", "--engine", "anthropic"]
    ran = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return ran.stdout.splitlines()[-1]


def test_the_last_line_of_a_run_says_what_this_run_has_paid(git_repo: Path) -> None:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    with served(KnownProvider(model=KnownModel(1))) as address:
        assert re.match(r"paid \$0\.\d+ for 4 calls, \d+ \+ \d+ tokens", last_line(git_repo, address))
        assert last_line(git_repo, address) == "dedupe: nothing was left to do"
