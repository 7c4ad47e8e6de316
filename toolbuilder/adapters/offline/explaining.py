"""What the embedded engine makes of a spec, in words and as JSON: `toolbuilder solve`."""

import json

from toolbuilder.adapters.offline.program import attempt, task_of
from toolbuilder.adapters.offline.searching import SandboxedSolver
from toolbuilder.brief import Brief
from toolbuilder.errors import NeedsPerson
from toolbuilder.ports import Sandbox
from toolbuilder.synthesis import Accepted
from toolbuilder.synthesis.explaining import explanation, source
from toolbuilder.synthesis.passing import verdict_to_json


def explained(brief: Brief, sandbox: Sandbox) -> tuple[int, str, str]:
    """Give the exit code (0: there is a program; 3: a person is needed), what there is to say, and the same as JSON."""
    if brief.recipe:
        told = "its recipe says how it works; there is nothing to search for"
        return 0, f"{brief.name}: {told}", json.dumps({"recipe": told})
    verdict = attempt(brief, SandboxedSolver(sandbox))
    form = {"verdict": verdict_to_json(verdict)}
    found = {"source": source(verdict.program)} if isinstance(verdict, Accepted) else {}
    code = 0 if isinstance(verdict, Accepted) else NeedsPerson.exit_code
    return code, explanation(task_of(brief), verdict), json.dumps({**form, **found}, ensure_ascii=False)
