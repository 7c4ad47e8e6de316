"""The pattern library: its files, which patterns a spec chooses, and worked examples that really run."""

import subprocess
import sys
from pathlib import Path

import pytest

from toolbuilder.errors import FileIsWrong
from toolbuilder.patterns import PACKAGE, Pattern, chosen, fingerprint, load_patterns
from toolbuilder.spec import Example, RuntimeInput, Spec, Step, Until

FOLDER = Path(__file__).parents[2] / "patterns"
PATTERNS = {pattern.id: pattern for pattern in load_patterns(FOLDER)}
SMALL = """\
id: small
purpose: To be read.
module: reading
body: |
  x = 1
example:
  code: |
    print(1)
  prints: |
    1
check:
  requires:
    - {says: nothing is asked, rule: told_why}
"""
# pattern, what is broken in its body and by what: its worked example then goes another way
BROKEN = [
    ("microtask_executor", 'raise UnfitError(f"`{name}` is missing")', "value[name] = None"),
    ("microtask_executor", ": {unfit}. Answer again.", ". Answer again."),
    ("microtask_executor", "max(3, 1 +", "min(3, 1 +"),
    ("incremental_save", "    if name not in progress.saved:\n", "    if name:\n"),
    ("incremental_save", "        _write(progress)\n    return", "    return"),
    ("incremental_save", "    partial.replace(progress.path)\n", ""),
    ("feedback_loop", "latest = attempt(latest)", "latest = attempt(None)"),
    ("feedback_loop", "range(at_most)", "range(at_most + 1)"),
    ("metacognitive_improvement", "if not found or found in seen:", "if not found:"),
    ("metacognitive_improvement", "return best.value", "return latest.value"),
    ("metacognitive_improvement", "latest = attempt(latest)", "latest = attempt(None)"),
]  # fmt: skip


def plain_spec(**fields: object) -> Spec:
    values = {
        "name": "some-tool",
        "description": "Does something small.",
        "input_type": "text",
        "output_type": "text",
        "examples": (Example(input="a", output="b"),),
        **fields,
    }
    return Spec.model_validate(values)


def thinking_spec(*, repeats: bool = False, **fields: object) -> Spec:
    steps = [Step(id="draft", think="Write it.", uses=("idea",), gives={"body": "string"})]
    if repeats:
        until = Until(empty="wrong")
        steps.append(
            Step.model_validate(
                {"id": "check", "think": "Check it.", "uses": ("draft",), "gives": {"wrong": ("string",)}, "until": until, "else": "draft"}
            )
        )  # fmt: skip
    inputs = (RuntimeInput(name="idea"),)
    return plain_spec(intelligence="runtime", inputs=inputs, recipe=tuple(steps), result="draft.body", **fields)


def ids(patterns: tuple[Pattern, ...]) -> list[str]:
    return [pattern.id for pattern in patterns]


def run_example(pattern: Pattern, body: str, folder: Path) -> tuple[str, str]:
    package = folder / "worked"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / f"{pattern.module}.py").write_text(body.replace(PACKAGE, "worked"))
    (folder / "example.py").write_text(pattern.example.code.replace(PACKAGE, "worked"))
    done = subprocess.run([sys.executable, "example.py"], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda pattern: pattern.id)
def test_the_worked_example_of_a_pattern_prints_what_it_says(pattern: Pattern, tmp_path: Path) -> None:
    stdout, _ = run_example(pattern, pattern.body, tmp_path)

    assert stdout == pattern.example.prints


@pytest.mark.parametrize(("name", "old", "new"), BROKEN)
def test_a_broken_variant_fails_the_worked_example(name: str, old: str, new: str, tmp_path: Path) -> None:
    pattern = PATTERNS[name]
    assert old in pattern.body

    stdout, _ = run_example(pattern, pattern.body.replace(old, new, 1), tmp_path)

    assert stdout != pattern.example.prints


def test_a_tool_that_does_not_think_carries_no_pattern() -> None:
    assert chosen(plain_spec(), [*PATTERNS.values()]) == ()


def test_a_tool_that_thinks_asks_in_microtasks_and_saves_every_answer() -> None:
    assert ids(chosen(thinking_spec(), [*PATTERNS.values()])) == ["incremental_save", "microtask_executor"]


def test_a_recipe_that_repeats_carries_the_loop() -> None:
    assert "feedback_loop" in ids(chosen(thinking_spec(repeats=True), [*PATTERNS.values()]))


def test_a_wish_is_fulfilled_and_may_take_the_place_of_another_pattern() -> None:
    spec = thinking_spec(repeats=True, patterns=("metacognitive_improvement",))

    names = ids(chosen(spec, [*PATTERNS.values()]))

    assert "metacognitive_improvement" in names
    assert "feedback_loop" not in names


def test_what_a_chosen_pattern_needs_is_chosen_too() -> None:
    first = PATTERNS["feedback_loop"].model_copy(update={"id": "first", "needs": ("second",)})
    second = first.model_copy(update={"id": "second", "module": "other", "needs": ("first",)})

    assert ids(chosen(plain_spec(patterns=("first",)), [first, second])) == ["first", "second"]


def test_a_pattern_that_always_applies_is_always_chosen() -> None:
    always = Pattern.model_validate({**PATTERNS["feedback_loop"].model_dump(), "applies": {"always": True}})

    assert chosen(plain_spec(), [always]) == (always,)


def test_an_unknown_wish_is_refused_with_its_near_miss() -> None:
    with pytest.raises(FileIsWrong, match="did you mean `feedback_loop`"):
        chosen(plain_spec(patterns=("feedbak_loop",)), [*PATTERNS.values()])


def test_the_fingerprint_follows_the_content() -> None:
    loop, save = PATTERNS["feedback_loop"], PATTERNS["incremental_save"]
    changed = loop.model_copy(update={"body": loop.body + "\n"})

    assert fingerprint([loop]) == fingerprint([Pattern.model_validate(loop.model_dump())])
    assert len({fingerprint(choice) for choice in ([], [loop], [changed], [loop, save])}) == 4


def test_a_small_pattern_is_read(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)

    assert ids(load_patterns(tmp_path)) == ["small"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("module: reading", "modul: reading", 3, "did you mean `module`"),
        ("  x = 1", "  x = = 1", 4, "this is not Python: invalid syntax (line 1 of it)"),
        ("    print(1)", "    print(1", 7, "this is not Python"),
        ("told_why", "told_wy", 13, "told_why"),
        (", rule: told_why", "", 13, "a demand has either a `rule` or `calls`"),
        ("    - {says: nothing is asked, rule: told_why}", "    []", 13, "must have at least 1 entry"),
    ],
)
def test_a_wrong_pattern_file_is_refused_where_it_is_wrong(
    old: str, new: str, line: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "small.yaml").write_text(SMALL.replace(old, new))

    with pytest.raises(FileIsWrong) as caught:
        load_patterns(tmp_path)

    assert any(problem.line == line and message in problem.message for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id: small", "id: large"), "the file is to be called large.yaml"),
        (("module: reading", "module: reading\nneeds: [smal]"), "there is no pattern `smal`; did you mean `small`?"),
        (("module: reading", "module: reading\nreplaces: [big]"), "replaces: there is no pattern `big`"),
    ],
)
def test_patterns_that_do_not_fit_together_are_refused(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL.replace(*change))

    with pytest.raises(FileIsWrong) as caught:
        load_patterns(tmp_path)

    assert message in str(caught.value)


def test_two_patterns_with_one_module_and_all_problems_at_once(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "tiny.yaml").write_text(SMALL.replace("id: small", "id: tiny"))
    with pytest.raises(FileIsWrong, match="module: `reading` is that of the pattern `small` too"):
        load_patterns(tmp_path)

    for name in ("small", "tiny"):
        (tmp_path / f"{name}.yaml").write_text("id: [")
    with pytest.raises(FileIsWrong) as caught:
        load_patterns(tmp_path)
    assert {Path(problem.file).stem for problem in caught.value.problems} == {"small", "tiny"}
