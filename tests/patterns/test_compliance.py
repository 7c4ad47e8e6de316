"""The checks of the patterns: they pass code that follows a pattern, however it is written, and refuse broken code."""

from pathlib import Path
from typing import get_args

import pytest

from toolbuilder.patterns.compliance import RULES, check_compliance
from toolbuilder.patterns.library import Demand, Pattern, RuleName, load_patterns

PATTERNS = {pattern.id: pattern for pattern in load_patterns(Path(__file__).parents[2] / "patterns")}

# pattern, what is broken in its body, by what, and the finding that says so
BROKEN = [
    ("microtask_executor", "return read(task.gives, ask(asked))", "return ask(asked)", "used before it has been checked"),
    ("microtask_executor", "return read(task.gives, ask(asked))", "return task.gives(**json.loads(ask(asked)))", "checked"),
    ("microtask_executor", "return build(gives, value)", "return gives(**value)", "used before it has been checked"),
    ("microtask_executor", "was refused: {unfit}. Answer", "was refused. Answer", "does not say why"),
    ("microtask_executor", "replace(asked, text=told)", "asked", "does not say why"),
    ("microtask_executor", "schema(task.gives))", "{})", "no schema"),
    ("microtask_executor", "        raise ModelError(f\"step {task.name}: the model's answer does not fit: {unfit}\") from unfit", "        return None", "does not end in an error"),
    ("microtask_executor", "        return read(task.gives, ask(replace", "        while True:\n            return read(task.gives, ask(replace", "exactly once more"),
    ("microtask_executor", "    try:\n        return read(task.gives, ask(asked))\n    except UnfitError as unfit:", "    unfit = ''\n    if asked:", "exactly once more"),
    ("incremental_save", "    partial.replace(progress.path)\n", "    progress.path.write_text(partial.read_text())\n", "one move"),
    ("incremental_save", "    with partial.open(", "    with progress.path.open(", "one move"),
    ("incremental_save", "        _write(progress)\n    return", "    return", "kept and saved"),
    ("incremental_save", "        progress.saved[name] = work()\n", "        value = work()\n", "kept and saved"),
    ("incremental_save", "        progress.saved[name] = work()\n        _write(progress)\n", "        return work()\n        _write(progress)\n", "kept and saved"),
    ("incremental_save", "    if name not in progress.saved:\n", "    if name:\n", "worked out again"),
    ("incremental_save", "    if name not in progress.saved:\n", "    if work:\n", "worked out again"),
    ("incremental_save", "_read(path) if path else {}", "{}", "worked out again"),
    ("feedback_loop", "    for _ in range(at_most):\n", "    while True:\n", "no bound"),
    ("feedback_loop", "range(at_most)", "itertools.count()", "no bound"),
    ("feedback_loop", "range(at_most)", "range(sys.maxsize)", "no bound"),
    ("feedback_loop", "range(at_most)", "range(1000000)", "no bound"),
    ("feedback_loop", "        if not latest.findings:\n            return latest.value\n", "", "what came out"),
    ("feedback_loop", "        if not latest.findings:\n", "        if at_most == 1:\n", "what came out"),
    ("feedback_loop", "        if not latest.findings:\n            return latest.value\n", "        if not latest.findings:\n            print(latest)\n", "what came out"),
    ("feedback_loop", "latest = attempt(latest)", "latest = attempt(None)", "not told"),
    ("feedback_loop", "    raise NotContentError(", "    return (", "without an error"),
    ("metacognitive_improvement", "    for _ in range(at_most - 1):\n", "    while latest.findings:\n", "no bound"),
    ("metacognitive_improvement", "        latest = attempt(latest)\n", "        latest = attempt(None)\n", "not told"),
    ("metacognitive_improvement", "if not found or found in seen:", "if not found:", "when their findings repeat"),
    ("metacognitive_improvement", "        seen.add(found)\n", "", "when their findings repeat"),
    ("metacognitive_improvement", "        if not found or found in seen:\n            break\n", "", "what came out"),
    ("metacognitive_improvement", "return best.value", "return latest.value", "not the best"),
    ("metacognitive_improvement", "best = min(best, latest,", "best = max(best, latest,", "not the best"),
    ("metacognitive_improvement", "best = min(best, latest, key=lambda tried: len(tried.findings))", "best = latest", "not the best"),
]  # fmt: skip

OTHERWISE_WRITTEN = {
    "microtask_executor": """
class Thinker:
    def __init__(self, model):
        self.model = model

    def answer(self, kind, words):
        prompt = {"text": words, "schema": kind.model_json_schema()}
        for _ in range(2):
            reply = self.model(prompt)
            try:
                return kind.model_validate_json(reply)
            except ValueError as error:
                prompt = {**prompt, "text": f"{words} Refused: {error}"}
        raise RuntimeError("no answer fits")
""",
    "incremental_save": """
import json, os, tempfile

class Store:
    def __init__(self, file):
        self.file = file
        self.done = self.load()

    def load(self):
        try:
            return json.loads(self.file.read_text())
        except FileNotFoundError:
            return {}

    def each(self, steps, ask):
        for step in steps:
            if step in self.done:
                continue
            self.done[step] = ask(step)
            self.keep()

    def keep(self):
        with tempfile.NamedTemporaryFile("w", dir=self.file.parent, delete=False) as file:
            json.dump(self.done, file)
        os.replace(file.name, self.file)
""",
    "feedback_loop": """
def polish(write, judge, limit):
    remarks = []
    count = 0
    while count < limit:
        text = write(remarks)
        remarks = judge(text)
        if not remarks:
            return text
        count += 1
    raise ValueError(remarks)
""",
    "metacognitive_improvement": """
def climb(attempt, at_most=5):
    told, best, earlier = "", None, []
    for _ in range(at_most):
        result, problems = attempt(told)
        if best is None or len(problems) < len(best[1]):
            best = result, problems
        if not problems or problems in earlier:
            break
        earlier.append(problems)
        told = ", ".join(problems)
    return best
""",
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda pattern: pattern.id)
def test_a_pattern_follows_itself_under_any_file_name(pattern: Pattern) -> None:
    assert check_compliance({f"tool/{pattern.module}.py": pattern.body}, pattern) == []
    assert check_compliance({"elsewhere.py": pattern.body}, pattern) == []


@pytest.mark.parametrize("name", OTHERWISE_WRITTEN)
def test_code_that_follows_a_pattern_in_other_words_passes(name: str) -> None:
    assert check_compliance({"other.py": OTHERWISE_WRITTEN[name]}, PATTERNS[name]) == []


@pytest.mark.parametrize(("name", "old", "new", "finding"), BROKEN)
def test_a_broken_variant_is_refused(name: str, old: str, new: str, finding: str) -> None:
    pattern = PATTERNS[name]
    assert old in pattern.body

    findings = check_compliance({f"{pattern.module}.py": pattern.body.replace(old, new, 1)}, pattern)

    assert any(finding in one for one in findings), findings


@pytest.mark.parametrize(
    ("good", "bad", "name", "finding"),
    [
        ("dir=self.file.parent, ", "", "incremental_save", "one move"),
        ("            self.keep()\n", "        self.keep()\n", "incremental_save", "kept and saved"),
        ("            if step in self.done:\n", "            if not step:\n", "incremental_save", "worked out again"),
        ("self.done = self.load()", "self.done = {}", "incremental_save", "worked out again"),
        ("range(2)", "range(3)", "microtask_executor", "exactly once more"),
        (', "schema": kind.model_json_schema()', "", "microtask_executor", "no schema"),
        ("Refused: {error}", "Refused", "microtask_executor", "does not say why"),
        ("kind.model_validate_json(reply)", "kind(reply)", "microtask_executor", "checked"),
        ("        count += 1\n", "", "feedback_loop", "no bound"),
        ("write(remarks)", "write([])", "feedback_loop", "not told"),
        ("        if not remarks:\n", "        if count:\n", "feedback_loop", "what came out"),
        ("    raise ValueError(remarks)\n", "    return text\n", "feedback_loop", "without an error"),
        ("len(problems) < len", "len(problems) > len", "metacognitive_improvement", "not the best"),
        (" or problems in earlier", "", "metacognitive_improvement", "repeat"),
        ("attempt(told)", "attempt('')", "metacognitive_improvement", "not told"),
    ],
)  # fmt: skip
def test_a_broken_variant_in_other_words_is_refused_too(good: str, bad: str, name: str, finding: str) -> None:
    assert good in OTHERWISE_WRITTEN[name]

    findings = check_compliance({"other.py": OTHERWISE_WRITTEN[name].replace(good, bad, 1)}, PATTERNS[name])

    assert any(finding in one for one in findings), findings


def test_a_second_function_that_breaks_the_pattern_is_found_beside_a_good_one() -> None:
    pattern = PATTERNS["microtask_executor"]
    shortcut = "\n\ndef quick(task: object, ask: Ask) -> str:\n    return ask(task)\n"

    findings = check_compliance({"thinking.py": pattern.body + shortcut}, pattern)

    assert findings
    assert all(": quick: " in finding for finding in findings)


def test_names_alone_are_no_pattern() -> None:
    source = "def repeat(name, attempt, at_most):\n    return attempt\n"

    assert check_compliance({"loop.py": source}, PATTERNS["feedback_loop"]) == [
        "feedback_loop: no function calls work that it was given, so nothing follows the pattern"
    ]


def test_a_pattern_that_nothing_uses_is_a_finding() -> None:
    pattern = PATTERNS["feedback_loop"]
    body = pattern.body

    assert check_compliance({"t/loop.py": body, "t/flow.py": "import json\n"}, pattern) == [
        "t/loop.py: nothing imports it"
    ]
    assert check_compliance({"t/loop.py": body, "t/flow.py": "from t.loop import repeat\n"}, pattern) == []


def test_a_file_that_is_not_python_is_a_finding_with_its_line() -> None:
    assert check_compliance({"a.py": "x = 1\ndef (:\n"}, PATTERNS["feedback_loop"]) == ["a.py:2: this is not Python"]


def test_calls_can_be_required_and_forbidden() -> None:
    pattern = PATTERNS["feedback_loop"]
    fsync, sleep = Demand(says="no fsync", calls=("os.fsync",)), Demand(says="it sleeps", calls=("time.sleep",))
    check = pattern.check.model_copy(update={"requires": (fsync,), "forbids": (sleep,)})
    strict = pattern.model_copy(update={"check": check})

    good = check_compliance({"loop.py": pattern.body + "\nos.fsync(1)\n"}, strict)
    bad = check_compliance({"loop.py": pattern.body + "\ntime.sleep(1)\n"}, strict)

    assert good == []
    assert [finding.partition(": ")[2] for finding in bad] == ["repeat: no fsync", "it sleeps"]


def test_every_rule_that_a_pattern_may_name_exists() -> None:
    assert set(RULES) == set(get_args(RuleName))
