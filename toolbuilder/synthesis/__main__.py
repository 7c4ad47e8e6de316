"""The engine as a process: a task as JSON on standard input, its answer as JSON on standard output."""

import json
import sys

from toolbuilder.synthesis.engine import solve
from toolbuilder.synthesis.passing import task_from_json, verdict_to_json

json.dump(verdict_to_json(solve(task_from_json(json.load(sys.stdin)))), sys.stdout)
