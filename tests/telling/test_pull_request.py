import re
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings

from tests.sabotage import sabotaged
from tests.telling.nasty import one_line, several_lines
from tests.telling.rendered import harms, rendered
from tests.telling.views import ADDRESS, QUESTION, TIP, YAML, Texts, commit_of, spec_of, view_of
from toolbuilder.artifacts import Verification
from toolbuilder.errors import Problem
from toolbuilder.ports import LogEntry
from toolbuilder.runs import Stop
from toolbuilder.telling import costs, edited, examples, gates, guidance, judging, requirement_table, stopping, view
from toolbuilder.telling.fitting import size
from toolbuilder.telling.pull_request import LIMIT, pull_request_text
from toolbuilder.telling.view import Edits, Outside, ToolView

HUGE = Texts(word="@octocat fixes #12 *|<b>` " * 18, many="| *a* `b` \n" * 1_600, examples=60)


def body_of(seen: ToolView) -> str:
    return pull_request_text(seen)[1]


@cache
def harmless_shape() -> tuple[str, ...]:
    return shape_of(body_of(view_of()))


def shape_of(body: str) -> tuple[str, ...]:
    """Give what a body is made of below the way to try the tool, which depends on what can be copied."""
    return rendered(body[body.index("## For you to judge") :]).shape


def with_stop(stop: Stop | None) -> ToolView:
    return view_of(outside=Outside(stop=stop, address=ADDRESS))


def test_the_same_view_gives_the_same_text() -> None:
    assert pull_request_text(view_of()) == pull_request_text(view_of())


def test_a_harmless_view_does_no_harm() -> None:
    assert harms(body_of(view_of())) == []
    assert pull_request_text(view_of())[0] == "dedupe: Remove duplicate lines"


@settings(max_examples=40)
@given(one_line, several_lines)
def test_whatever_stands_in_a_spec_or_an_answer_the_body_only_shows_it(word: str, many: str) -> None:
    seen = view_of(Texts(f"x {word}", f"x\n{many}"))
    title, body = pull_request_text(seen)
    assert harms(body) == []
    assert shape_of(body) == harmless_shape()
    assert harms(title) == []


@settings(max_examples=40)
@given(several_lines)
def test_whatever_stands_in_a_stop_the_body_only_shows_it(text: str) -> None:
    for advice in (text, f"Paste\n\n- {text}", f"Paste\n\n# {text}"):
        stop = Stop(kind="needs_person", stage=text, message=text, findings=(text, text), advice=advice)
        body = body_of(with_stop(stop))
        assert harms(body) == []


@settings(max_examples=40)
@given(several_lines)
def test_whatever_people_call_files_and_themselves_the_body_only_shows_it(text: str) -> None:
    paths = (f"x{text}", f"tools/dedupe/{text}")
    commits = (LogEntry("e" * 40, text, text, text, {}),)
    body = body_of(replace(view_of(), edits=Edits(paths, paths, paths, paths, frozenset({text}), commits)))
    assert harms(body) == []
    only_stages = Edits(stages=frozenset({text}))
    assert harms(body_of(replace(view_of(), edits=only_stages))) == []


def test_thousands_of_edits_fit() -> None:
    paths = tuple(f"{number}/{'x' * 250}" for number in range(3_000))
    body = body_of(replace(view_of(HUGE), edits=Edits(paths, paths, paths, paths)))
    assert size(body) < LIMIT
    assert body.count("… and ") > 2


def test_a_huge_spec_makes_a_body_that_fits_and_says_what_is_left_out() -> None:
    seen = replace(view_of(HUGE), outside=Outside(stop=replace_stop(HUGE.word)))
    body = body_of(seen)
    assert 20_000 < size(body) < LIMIT
    assert re.search(r"… and \d+ more\n", body)
    assert "## Rerun, correct or reject" in body
    assert "| R1 |" in body
    assert harms(body) == []


def replace_stop(text: str) -> Stop:
    return Stop(kind="needs_person", message=text * 4, findings=(text,) * 20, advice=f"{text}\n\n- {text * 4}")


def test_a_huge_text_of_wide_characters_fits_too() -> None:
    assert size(body_of(view_of(Texts(word="😀" * 450, many="😀" * 19_000, examples=60)))) < LIMIT


def test_the_question_stands_first_with_yaml_to_paste() -> None:
    body = body_of(with_stop(QUESTION))
    assert body.startswith("> [!WARNING]\n> **Generation waits for a person:** the examples leave open")
    assert (
        body.index("the examples leave open") < body.index(f"```yaml\n{YAML}```") < body.index("Remove duplicate lines")
    )


def held_out_examples_are_marked(part: Callable[[str], Any]) -> None:
    seen = view_of()
    [held_out] = seen.spec.held_out
    texts = part("examples").examples_parts(seen)[2].rows
    assert [held_out in text and "(held out)" in text for text in texts].count(True) == 1
    assert "passed" in part("requirement_table").requirement_part(seen).rows[1 + int(held_out[1:])]


def what_failed_is_not_called_passed(part: Callable[[str], Any]) -> None:
    good = view_of()
    ran = good.of(Verification)
    assert ran is not None
    wrong = ran.examples[0].model_copy(update={"passed": False, "difference": "line 1: expected 'a'"})
    worse = ran.model_copy(update={"examples": (wrong, *ran.examples[1:]), "tests_failed": 2, "quality": 0.5})
    seen = replace(good, artifacts=tuple(worse if one is ran else one for one in good.artifacts))
    rows = {row.split(" | ")[0]: row for row in part("requirement_table").requirement_part(seen).rows}
    assert "**failed**" in rows["| E1"]
    assert "**failed**" in rows["| R1"]
    assert "unclear: 2 tests failed" in rows["| R2"]
    assert "passed" in rows["| E5"]
    gated = {row.split(" | ")[0]: row for row in part("gates").gates_parts(seen)[0].rows}
    assert [name for name, row in gated.items() if "**failed**" in row] == ["| tests", "| examples", "| quality"]
    shown = part("examples").examples_parts(seen)
    assert shown[1].rows == ("- E1: line 1: expected 'a'",)
    assert "Got: **wrong**: line 1: expected 'a'." in shown[2].rows[0]


def what_nobody_has_run_is_said(part: Callable[[str], Any]) -> None:
    gaps = " ".join(part("gates").not_run(view_of(outside=Outside(verified=""))))
    assert "Nobody has repeated the gates" in gaps
    assert "No model and no person has read the code" in gaps
    edited_since = replace(view_of(), edits=Edits(changed=("tools/dedupe/x.py",)))
    assert "No model has read the code" in " ".join(part("gates").not_run(edited_since))
    early = " ".join(part("gates").not_run(replace(view_of(), artifacts=view_of().artifacts[:3])))
    assert "The code was not run" in early
    assert "No wheel" in early


def what_no_test_shows_is_for_the_reviewer(part: Callable[[str], Any]) -> None:
    assert "| C2 |" in body_of(view_of())
    [row] = [row for row in part("requirement_table").requirement_part(view_of()).rows if row.startswith("| C2")]
    assert "**for you to judge**" in row
    told = part("judging").judging_parts(view_of())[0].rows
    assert told[0].startswith("- C2: Never harmless.")
    assert "- Generation is adopted, with an edit." in told
    assert f"- A person asked of generation: Be harmless{judging.UNREAD}" in told
    asked = replace(view_of(), commits={}), replace(view_of(), due="generation", why="feedback changed")
    for seen in asked:
        assert "- A person asked of generation: Be harmless" in part("judging").judging_parts(seen)[0].rows


def only_a_verified_finished_tool_is_no_draft(part: Callable[[str], Any]) -> None:
    module = part("view")
    assert module.draft_reason(view_of()) == module.draft_reason(view_of(outside=Outside())) == ""
    assert module.draft_reason(with_stop(QUESTION)) == "generation waits for a person"
    assert module.draft_reason(replace(view_of(), due="packaging")) == "packaging is not done"
    assert module.draft_reason(replace(view_of(), unreadable=(Problem("x", 1, 1, "no"),))) == "a record cannot be read"
    for verified in ("", "d" * 40):
        seen = view_of(outside=Outside(verified=verified))
        again = module.ToolView(**{field.name: getattr(seen, field.name) for field in fields(seen)})
        assert "not verified" in module.draft_reason(again)


REFUSED = Stop(
    kind="needs_person",
    stage="verification",
    message="verification does not pass its gate (4 attempts were made)",
    findings=("examples: E2: line 1: expected 'a'", "tests: 3 of 9 passed"),
)


def what_verification_refused_is_not_called_unrun(part: Callable[[str], Any]) -> None:
    stopped = replace(with_stop(REFUSED), artifacts=view_of().artifacts[:3], due="verification", why="not built yet")
    assert part("gates").status_line(stopped) == "Verification ran, and its gate refused what it found."
    assert "The code was not run" not in " ".join(part("gates").not_run(stopped))
    shown = part("examples").examples_parts(stopped)[2].rows
    assert "Got: **wrong**: line 1: expected 'a'." in shown[1]
    assert not any("not run" in text for text in shown)
    assert "run; verification refused" in part("requirement_table").requirement_part(stopped).rows[0]
    tried = part("guidance").trying_part(stopped).before
    assert "It prints" not in tried
    assert "nothing has shown yet that it does" in tried
    unrun = replace(stopped, outside=Outside(stop=REFUSED.model_copy(update={"message": "a file is wrong"})))
    assert "The code was not run" in " ".join(part("gates").not_run(unrun))
    assert "Got: not run." in part("examples").examples_parts(unrun)[2].rows[1]


def edits_are_told_before_what_was_generated(part: Callable[[str], Any]) -> None:
    mine = Edits(
        changed=("tools/dedupe/src/dedupe/lines.py",),
        stages=frozenset({"generation"}),
        commits=(LogEntry("e" * 40, "Fix", "@octocat <b>", "", {}),),
    )
    seen = replace(view_of(), edits=mine)
    told, as_generated = part("judging").judging_parts(seen)
    assert not any("The program fits" in text or "Doubt" in text for text in told.rows)
    assert as_generated.fold.startswith("As it was generated, before people edited it")
    assert any("Doubt" in text for text in as_generated.rows)
    rows = dict(zip(seen.commits, part("costs").cost_parts(seen)[0].rows, strict=True))
    assert [name for name, text in rows.items() if "edited since by people" in text] == ["generation"]
    file, commit = "\n".join(part("edited").edited_part(seen).rows).partition("\n")[::2]
    assert file == "- edited: `tools/dedupe/src/dedupe/lines.py`"
    assert commit.startswith("- commit `eeeeeeeeeeee` by ")
    body = body_of(seen)
    assert body.index("## Edited by people") < body.index("## Try it")
    assert "What the program does, step by step" not in body
    assert harms(body) == []


def what_is_not_the_tool_s_stands_first(part: Callable[[str], Any]) -> None:
    paths = (".github/workflows/`@octocat`.yml", "fixes #12")
    seen = replace(with_stop(QUESTION), edits=Edits(outside=paths))
    assert part("view").draft_reason(replace(view_of(), edits=Edits(outside=paths)))
    warned = part("edited").warning_parts(seen)
    assert "changes 2 files outside `tools/dedupe/` and `specs/dedupe.yaml`" in "".join(one.before for one in warned)
    assert [len(one.rows) for one in warned] == [0, 2]
    body = body_of(seen)
    assert body.startswith("> [!CAUTION]\n> **This branch changes 2 files")
    assert harms(body) == []


def a_copied_command_is_the_example(part: Callable[[str], Any]) -> None:
    told = part("guidance").trying_part(view_of()).before
    source = "git+https://github.com/octo/tools@toolbuilder/dedupe#subdirectory=tools/dedupe"
    assert f"""printf '%s\\n' 0 x y | uvx --from "{source}" dedupe\n""" in told
    away = part("guidance").trying_part(view_of(outside=Outside(remote="origin"))).before
    assert "git fetch origin toolbuilder/dedupe:toolbuilder/dedupe\n" in away
    assert "git+file://$PWD@toolbuilder/dedupe" in away
    assert "git fetch" not in told + part("guidance").trying_part(view_of(outside=Outside())).before
    quoted = view_of(Texts(many="@octocat fixes #12\n"))
    assert f'uvx --from "{source}" dedupe --help' in part("guidance").trying_part(quoted).before


def costs_are_told_by_stage_and_model(part: Callable[[str], Any]) -> None:
    total, paid, before = part("costs").cost_parts(view_of())
    assert total.before == "$1.50 was paid for 3 calls."
    assert total.rows[0] == "| requirements | `cccccccccccc` | offline (harmless) | 0 | $0.2500 |"
    assert paid.rows == ("| generation | harmless | 3 | 1000 | 40% | 200 | $1.50 |",)
    assert before.before == "Earlier versions of this spec have cost $0.5000 in 2 calls."
    free = replace(view_of(), paid=(), paid_before=None)
    assert part("costs").cost_parts(free)[0].before == "Nothing was paid: every answer came from the embedded engine."
    elsewhere = replace(free, commits={"generation": commit_of("generation", "m")})
    bought = replace(
        elsewhere.commits["generation"], trailers={"Toolbuilder-Engine": "anthropic", "Toolbuilder-Cost-USD": "x"}
    )
    told = part("costs").cost_parts(replace(free, commits={"generation": bought}))[0]
    assert told.before == "The journal is not here: what was paid is not known."
    assert told.rows[0].endswith("| x |")


def the_advice_is_told_in_words_and_in_code(part: Callable[[str], Any]) -> None:
    words, code = part("stopping").advice_of(QUESTION)
    assert words == "Paste this under `examples:` in the spec, and run again:"
    assert code == f"```yaml\n{YAML}```"
    plain = Stop(kind="failed", advice="Look\n\nat this")
    assert part("stopping").advice_of(plain) == ("Look", "```text\nat this\n```")


MODULES = (costs, edited, examples, gates, guidance, judging, requirement_table, stopping, view)
GUARDED: list[tuple[Callable[[Callable[[str], Any]], None], ModuleType, str, str]] = [
    (held_out_examples_are_marked, examples, "if i in view.held_out else name", "if False else name"),
    (what_failed_is_not_called_passed, requirement_table, "if not _all_passed(view, shown)", "if False"),
    (what_failed_is_not_called_passed, requirement_table, "if others and ran.tests_failed else", "if False else"),
    (what_failed_is_not_called_passed, gates, "ran.tests_passed / total >= TESTS_WANTED", "True"),
    (what_failed_is_not_called_passed, gates, "    right = all(one.passed for one in ran.examples)\n", "    right = True\n"),
    (what_failed_is_not_called_passed, gates, "passed=ran.quality >= QUALITY_WANTED", "passed=True"),
    (what_failed_is_not_called_passed, examples, "for one in verdicts if not one.passed)", "for one in verdicts if one.passed)"),
    (what_nobody_has_run_is_said, gates, "if view.edits.any else", "if False else"),
    (what_nobody_has_run_is_said, gates, "view.outside.verified is not None and not view.verified", "False"),
    (what_nobody_has_run_is_said, gates, "    if view.of(Verification) is None and not view.refused:\n", "    if False:\n"),
    (what_no_test_shows_is_for_the_reviewer, requirement_table, "if generation and i in generation.for_reviewer", "if False"),
    (what_no_test_shows_is_for_the_reviewer, judging, "(*constraints, *edited", "(*edited"),
    (only_a_verified_finished_tool_is_no_draft, view, "self.outside.verified == self.tip", "self.outside.verified"),
    (only_a_verified_finished_tool_is_no_draft, view, 'f"{view.due} is not done" if view.due else ""', '""'),
    (only_a_verified_finished_tool_is_no_draft, view, "    if stop:\n", "    if False:\n"),
    (what_verification_refused_is_not_called_unrun, gates, "is None and not view.refused", "is None"),
    (what_verification_refused_is_not_called_unrun, examples, "if view.refused else", "if False else"),
    (what_verification_refused_is_not_called_unrun, guidance, '"It prints:" if passed else', '"It prints:" if True else'),
    (edits_are_told_before_what_was_generated, judging, "if view.edits.of_program:", "if False:"),
    (edits_are_told_before_what_was_generated, costs, "if name in view.edits.stages else", "if False else"),
    (edits_are_told_before_what_was_generated, edited, "if not edits.any:", "if True:"),
    (what_is_not_the_tool_s_stands_first, view, "if view.edits.outside:", "if False:"),
    (what_is_not_the_tool_s_stands_first, edited, "if not paths:", "if True:"),
    (what_no_test_shows_is_for_the_reviewer, judging, "if done and by_rule else", "if False else"),
    (a_copied_command_is_the_example, guidance, 'if remote else ""', 'if False else ""'),
    (a_copied_command_is_the_example, guidance, " and quiet(text) == text", ""),
    (costs_are_told_by_stage_and_model, costs, 'if view.engines <= {"offline", "none"} else', "if True else"),
    (the_advice_is_told_in_words_and_in_code, stopping, 'if pasted.startswith(("#", "- "))', "if False"),
]  # fmt: skip


@pytest.mark.parametrize("guarded", GUARDED)
def test_the_body_says_what_is_true(
    guarded: tuple[Callable[[Callable[[str], Any]], None], ModuleType, str, str],
) -> None:
    check, module, text, instead = guarded
    parts = {one.__name__.rpartition(".")[2]: one for one in MODULES}
    check(parts.__getitem__)
    weaker: Any = sabotaged(module, text, instead)
    with pytest.raises(AssertionError):
        check({**parts, module.__name__.rpartition(".")[2]: weaker}.__getitem__)


def test_a_body_before_there_are_sources_says_what_is_due() -> None:
    seen = replace(
        view_of(outside=Outside()), artifacts=view_of().artifacts[:1], due="architecture", why="not built yet"
    )
    body = body_of(seen)
    assert body.startswith("> [!NOTE]\n> **Architecture is not done**: not built yet.")
    assert "uvx" not in body
    assert "Not verified: architecture is not done." in body


def test_a_body_says_which_token_makes_checks_wait() -> None:
    assert "Approve workflows to run" in body_of(view_of(outside=Outside(checks_wait=True)))
    assert "Approve workflows to run" not in body_of(view_of())


@pytest.mark.parametrize(
    ("verified", "words"),
    [
        (TIP, "verified again at `cccccccccccc` by `toolbuilder verify`"),
        ("d" * 40, "verified again at `dddddddddddd` by `toolbuilder verify`, and the branch has moved on since"),
        ("", "not verified again yet"),
        (None, "quality 0.96**"),
    ],
)
def test_a_body_says_what_was_verified_again_and_by_whom(verified: str | None, words: str) -> None:
    assert words.strip() in body_of(view_of(outside=Outside(verified=verified)))


def test_a_title_is_one_short_line() -> None:
    title, _ = pull_request_text(view_of(Texts(word="@octocat fixes #12 " * 20)))
    assert title == "dedupe: Remove duplicate lines"
    long = replace(view_of(), spec=spec_of().model_copy(update={"description": "fixes #12 @octocat " * 30}))
    title, _ = pull_request_text(long)
    assert len(title) == 120
    assert harms(title.replace("#12", "")) == []


def test_requirements_are_tied_to_modules_and_tests() -> None:
    rows = requirement_table.requirement_part(view_of()).rows
    assert rows[0] == "| R1 | Remove duplicate lines. | code | `lines` | E1-E3, E5 | passed |"
    assert rows[1] == "| R2 | Say harmless. | code | `lines` | test it says so | passed |"
    assert requirement_table.ranges(["E9", "E1", "E2", "E10"]) == ["E1-E2", "E9-E10"]
