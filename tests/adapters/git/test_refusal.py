from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder.adapters.git import refusal

RULE = "error: failed to push some refs\n!\t1:refs/heads/x\t[remote rejected] (pre-receive hook declined)"
LOCK = "error: failed to push some refs\n!\t1:refs/heads/x\t[remote rejected] (failed to update ref)"
STALE = "error: failed to push some refs\n!\t1:refs/heads/x\t[rejected] (stale info)"
PASSING = [LOCK, STALE, "no answer within 60 seconds", "fatal: the remote end hung up unexpectedly",
           "fatal: unable to access 'https://h/x/': The requested URL returned error: 503",
           "fatal: unable to access 'https://h/x/': Could not resolve host: h"]  # fmt: skip


def credentials_are_taken_out(told: str, part: Any) -> None:
    said = part.redacted(f"fatal: unable to access '{told}': error; see {told}")
    assert "cr3t" not in said
    assert "host/x" in said


def rules_are_final(part: Any) -> None:
    assert part.is_final(RULE)
    assert part.is_final("fatal: Authentication failed for 'https://h/x/'")


def what_may_pass_is_not_final(part: Any) -> None:
    assert [said for said in PASSING if part.is_final(said)] == []


FORBIDDEN = f"remote: error: GH013: Repository rule violations found for refs/x.\n{RULE}"


def a_rule_against_a_ref_names_the_setting_too(part: Any) -> None:
    told = part.advice(FORBIDDEN, "origin", "refs/toolbuilder/journal/x")
    assert "a rule forbids it" in told
    assert 'set `journal_refs = "branches"`' in told
    assert "journal_refs" not in part.advice(FORBIDDEN, "origin", "refs/heads/toolbuilder/x")
    assert "journal_refs" not in part.advice("fatal: Authentication failed for 'h'", "origin", "refs/toolbuilder/log/x")


def what_moves_a_terminal_is_spelled_out(part: Any) -> None:
    said = "remote: \x1b[2J\x1b]0;title\x07 \x9b31m \u202egnp\r\nremote:\tübel\b \U0001f600\r100 %"
    assert part.redacted(said) == (
        "remote: \\x1b[2J\\x1b]0;title\\x07 \\x9b31m \\u202egnp\nremote:\tübel\\x08 \U0001f600\n100 %"
    )
    assert part.words_of(b"!\tx:y\t[remote rejected] (\x1b[31mno)", "") == "!\tx:y\t[remote rejected] (\\x1b[31mno)"


def what_was_said_is_one_line_without_gaps(part: Any) -> None:
    said = "fatal: no access.\n\nremote:\tPlease ask\n!\t1:refs/heads/x\t[remote rejected] (pre-receive hook declined)"
    assert (
        part.one_line(said) == "fatal: no access.; remote:\tPlease ask; [remote rejected] (pre-receive hook declined)"
    )


def a_hidden_ref_names_the_setting(part: Any) -> None:
    assert "journal_refs" in part.advice(RULE, "origin", "refs/toolbuilder/journal/x")
    assert "journal_refs" not in part.advice(RULE, "origin", "refs/heads/toolbuilder/x")


GUARDED = [
    (what_was_said_is_one_line_without_gaps, " if line.strip())", ")"),
    (what_was_said_is_one_line_without_gaps, ' if line.startswith("!\\t") else line', ""),
    (partial(credentials_are_taken_out, "https://user:s3cr3t@host/x"), '_USERINFO.sub("", text)', "text"),
    (partial(credentials_are_taken_out, "https://s3cr3t@host/x"), '_USERINFO.sub("", text)', "text"),
    (partial(credentials_are_taken_out, "https://u:p@s3cr3t@host/x"), "[^/\\s'\\\"]*@", "[^/@\\s'\\\"]*@"),
    (what_moves_a_terminal_is_spelled_out, 'one.isprintable() or one in "\\n\\t"', "True"),
    (a_rule_against_a_ref_names_the_setting_too, "any(words in said for words in _FORBIDDEN)", "False"),
    (a_rule_against_a_ref_names_the_setting_too, "any(words in said for words in _FORBIDDEN)", "True"),
    (rules_are_final, 'rejected[1].startswith("[remote rejected]")', "False"),
    (what_may_pass_is_not_final, "not any(words in said for words in _PASSING)", "True"),
    (what_may_pass_is_not_final, 'rejected[1].startswith("[remote rejected]")', "True"),
    (a_hidden_ref_names_the_setting, 'and not ref.startswith("refs/heads/")', "and False"),
    (a_hidden_ref_names_the_setting, 'and not ref.startswith("refs/heads/")', ""),
]


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_how_a_refusal_is_read_is_guarded(check: Callable[..., None], text: str, instead: str) -> None:
    assert_guarded(refusal, (check, text, instead))
