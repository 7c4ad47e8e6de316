from collections.abc import Callable

import pytest

from tests.doctor.situations import ENVIRONMENT, RIGHT, Change, unknowns, with_, without
from toolbuilder.doctor.examine import CHECKS, examine, lines
from toolbuilder.doctor.facts import Environment, Policy, Surroundings, Token, Unknown
from toolbuilder.doctor.findings import Finding, Verdict, ok

Row = tuple[str, Change, str, str, str]
Judge = Callable[[Surroundings], Verdict]
GIB = 1 << 30
NAMES = [check.name for check in CHECKS]
OPEN = Policy("read", may_propose=False)

# Check, what goes wrong, how bad that is, words of what is told, words of how it is mended.
BROKEN: list[Row] = [
    ("git", with_("machine", git=(2, 37, 9)), "problem", "git is 2.37.9, 2.38 is needed", "install git 2.38"),
    ("git", with_("machine", git=Unknown("git was not found")), "problem", "git was not found", "install git 2.38"),
    ("python", with_("machine", python=(3, 10, 4)), "problem", "Python is 3.10.4", "Python 3.11"),
    ("sandbox", with_("machine", sandbox=Unknown("no sandbox works here:\n  bubblewrap: type: apt-get install bubblewrap")), "problem", "no sandbox works here", "apt-get install bubblewrap"),
    ("disk", with_("machine", free_bytes=GIB // 2), "warning", "0.5 GiB", "make room"),
    ("disk", with_("machine", free_bytes=GIB // 8), "problem", "0.1 GiB", "make room"),
    ("engine", with_("engine", has_key=False), "problem", "there is no key", "export ANTHROPIC_API_KEY"),
    ("server", with_("engine", answers=False), "problem", "https://a.example does not answer", "TOOLBUILDER_BASE_URL"),
    ("repository", with_("tree", has_commit=False), "problem", "no commit yet", "git commit --allow-empty"),
    ("clone", with_("tree", is_shallow=True), "problem", "shallow", "git fetch --unshallow"),
    ("settings", with_("tree", settings="toolbuilder.toml: setting `engine`: no\nmore"), "problem", "setting `engine`: no", "correct"),
    ("specs", with_("tree", specs={"specs/a.yaml": "", "specs/b.yaml": "specs/b.yaml:1:1: no\nmore"}), "problem", "1 of 2 are wrong, the first: specs/b.yaml:1:1: no", "toolbuilder validate"),
    ("specs", with_("tree", specs={}), "warning", "there are none", "toolbuilder init"),
    ("workflows", with_("tree", has_workflow=False), "warning", "there is no workflow", "toolbuilder init"),
    ("workflows", with_("tree", outdated=("x.yml",)), "warning", "newer ones are there: x.yml", "toolbuilder init --update"),
    ("workflows", with_("tree", unsettled=("x.yml.new",)), "warning", "waiting for you: x.yml.new", "delete it"),
    ("remote", with_("remote", failure="reading failed: no route\nmore"), "problem", "reading failed: no route", "git ls-remote origin"),
    ("refs", with_("remote", takes_refs="hidden ref\nmore"), "problem", "takes none below refs/toolbuilder/: hidden ref", 'journal_refs = "branches"'),
    ("signing", with_("signing", wanted=True, failure="commits cannot be signed: no key\nmore", advice="ssh-add KEY"), "problem", "commits cannot be signed: no key", "ssh-add KEY"),
    ("signing", with_("signing", wanted=True, author="toolbuilder <toolbuilder@localhost>"), "warning", "GitHub verifies none of them", "set `author` in toolbuilder.toml"),
    ("token", with_("hub", token=Token("workflow", "github-actions[bot]", None)), "warning", "wait until a person approves", "GitHub App"),
    ("token", with_("hub", token=Token("classic", "ada", ("gist",))), "problem", "lacks the scope `repo`", "gh auth refresh --scopes repo"),
    ("pushing", with_("hub", may_push=False), "problem", "may only read o/r", "Contents: read and write"),
    ("pushing", with_("hub", archived=True), "problem", "o/r is archived, so nobody may push", "unarchive it at https://github.com/o/r/settings"),
    ("pull requests", with_("hub", takes_pull_requests=False), "problem", "pull requests are turned off in o/r", "under Features at https://github.com/o/r/settings"),
    ("actions", with_("hub", allowed="none"), "problem", "turned off", "https://github.com/o/r/settings/actions"),
    ("actions", with_("hub", allowed="local_only"), "problem", "same owner", "https://github.com/o/r/settings/actions"),
    ("actions", with_("hub", allowed="selected"), "warning", "only listed", "https://github.com/o/r/settings/actions"),
    ("pull requests", with_("hub", policy=OPEN), "warning", "the App does it", "https://github.com/o/r/settings/actions"),
    ("organisation", with_("hub", organisation=OPEN), "warning", "may not open", "https://github.com/organizations/o/settings/actions"),
    ("default token", with_("hub", policy=Policy("write", may_propose=True)), "warning", "may write", "https://github.com/o/r/settings/actions"),
    ("tool branches", with_("hub", tool_rules=("deletion", "required_signatures")), "problem", "commits without a signature (required_signatures)", "https://github.com/o/r/settings/rules"),
    ("tool branches", with_("hub", tool_rules=("required_signatures",)), "problem", "commits without a signature", "set `sign_commits = true` in toolbuilder.toml"),
    ("default branch", with_("hub", default_rules=()), "warning", "without a review", "https://github.com/o/r/settings/rules"),
    ("environment", with_("hub", building=None), "warning", "no environment toolbuilder", "gh api -X PUT repos/o/r/environments/toolbuilder "),
    ("environment", with_("hub", building=Environment(None, protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",))), "problem", "open to all branches", "deployment-branch-policies -f name=main"),
    ("environment", with_("hub", building=Environment(("main", "*"), protected_only=False, waits_for=0, secrets=("ANTHROPIC_API_KEY",))), "problem", "open to main, *", "deployment-branch-policies"),
    ("environment", with_("hub", building=Environment(("main",), protected_only=False, waits_for=2, secrets=("ANTHROPIC_API_KEY",))), "warning", "a person has to let every job", "/settings/environments"),
    ("key", with_("hub", building=Environment(("main",), protected_only=False, waits_for=0, secrets=())), "warning", "the embedded engine builds alone", "gh secret set ANTHROPIC_API_KEY --env toolbuilder --repo o/r"),
    ("key", with_("hub", secrets=("ANTHROPIC_API_KEY",)), "problem", "every workflow of every branch", "gh secret delete ANTHROPIC_API_KEY"),
    ("signing key", with_("signing", wanted=True), "problem", "`sign_commits` is set, and no TOOLBUILDER_SIGNING_KEY is in toolbuilder and toolbuilder-publish", "gh secret set TOOLBUILDER_SIGNING_KEY --env toolbuilder-publish --repo o/r <KEY"),
    ("signing key", with_("hub", secrets=("TOOLBUILDER_SIGNING_KEY",)), "problem", "every workflow of every branch", "gh secret delete TOOLBUILDER_SIGNING_KEY"),
    ("app", with_("hub", has_app=False), "warning", "no GitHub App", "gh variable set TOOLBUILDER_APP_CLIENT_ID"),
    ("app", with_("hub", publishing=ENVIRONMENT), "problem", "TOOLBUILDER_APP_PRIVATE_KEY is missing", "gh secret set TOOLBUILDER_APP_PRIVATE_KEY --env toolbuilder-publish"),
    ("app", with_("hub", publishing=None), "warning", "no environment toolbuilder-publish", "environments/toolbuilder-publish"),
    ("app", with_("hub", publishing=Environment(None, protected_only=False, waits_for=0, secrets=("TOOLBUILDER_APP_PRIVATE_KEY",))), "problem", "open to all branches", "environments/toolbuilder-publish"),
]  # fmt: skip
ALONGSIDE = {  # where there is no environment, there is no key in it; a key here is none in an environment there
    ("environment", "key"),
    ("signing", "signing key"),
}


KEPT = Environment(("main",), protected_only=False, waits_for=0, secrets=("TOOLBUILDER_SIGNING_KEY",))
EXPOSED = Environment(None, protected_only=False, waits_for=0, secrets=("TOOLBUILDER_SIGNING_KEY",))


def signing(change: Change) -> Change:
    """Give a change of a place where commits are signed."""
    return lambda found: change(with_("signing", wanted=True)(found))


def found(change: Change) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(change(RIGHT))}


def test_where_everything_is_right_every_check_says_so() -> None:
    assert [(finding.check, finding.level, finding.fix) for finding in examine(RIGHT)] == [
        (name, "ok", "") for name in NAMES
    ]


def unnoticed(row: Row, judge: Judge) -> str:
    """Say what a check overlooks, or give an empty text."""
    _, change, level, words, fix = row
    verdict = judge(change(RIGHT))
    if verdict.level != level or words not in verdict.text or fix not in verdict.fix or "\n" in verdict.text:
        return f"{level}, {words}, {fix} was expected: {verdict}"
    return ""


@pytest.mark.parametrize("row", BROKEN, ids=[f"{row[0]}: {row[3]}" for row in BROKEN])
def test_a_check_notices_its_own_fault_and_says_how_to_mend_it(row: Row) -> None:
    [judge] = [check.judge for check in CHECKS if check.name == row[0]]
    assert not unnoticed(row, judge)


@pytest.mark.parametrize("name", NAMES)
def test_a_check_that_finds_everything_right_would_be_caught(name: str) -> None:
    rows = [row for row in BROKEN if row[0] == name]
    assert rows
    assert all(unnoticed(row, lambda _: ok("fine")) for row in rows)


@pytest.mark.parametrize(("check", "change"), [row[:2] for row in BROKEN])
def test_no_other_check_complains_of_it(check: str, change: Change) -> None:
    complaining = {name for name, finding in found(change).items() if finding.level in {"problem", "warning"}}
    assert {name for name in complaining - {check} if (check, name) not in ALONGSIDE} == set()


@pytest.mark.parametrize(("part", "name"), unknowns())
def test_what_could_not_be_found_out_is_told_with_the_reason_and_is_no_crash(part: str, name: str) -> None:
    findings = found(with_(part, **{name: Unknown("nobody tells")}))
    told = [finding for finding in findings.values() if "nobody tells" in finding.text]
    assert told or (part, name) == ("hub", "secrets")
    assert {finding.level for finding in told} <= {"unknown", "problem"}
    assert len([finding for finding in findings.values() if finding.level == "ok"]) >= len(NAMES) - 3


@pytest.mark.parametrize("part", ["engine", "tree", "remote", "hub", "signing"])
def test_a_part_of_which_nothing_is_known_leaves_the_others(part: str) -> None:
    levels = [finding.level for finding in found(without(part)).values()]
    assert "unknown" in levels
    assert "ok" in levels


@pytest.mark.parametrize(
    ("change", "check", "level"),
    [
        (with_("engine", name="auto", ladder=("offline",), has_key=False, answers=Unknown("x")), "engine", "ok"),
        (with_("engine", name="auto", ladder=("offline",), has_key=False, answers=Unknown("x")), "server", "ok"),
        (with_("engine", name="replay", has_key=False), "engine", "ok"),
        (with_("engine", provider="bedrock", has_key=False), "engine", "ok"),
        (with_("hub", policy=OPEN, has_app=False), "pull requests", "problem"),
        (with_("hub", organisation=OPEN, has_app=Unknown("x")), "organisation", "problem"),
        (with_("hub", organisation=None), "organisation", "ok"),
        (with_("hub", default_rules=("required_status_checks",), has_app=False), "default branch", "warning"),
        (with_("hub", default_rules=("required_status_checks",)), "default branch", "ok"),
        (with_("hub", tool_rules=("deletion", "non_fast_forward")), "tool branches", "ok"),
        (with_("hub", token=Token("classic", "ada", ("public_repo",))), "token", "ok"),
        (with_("hub", token=Token("oauth", "ada", None)), "token", "ok"),
        (with_("hub", building=Environment(None, protected_only=True, waits_for=0, secrets=())), "environment", "ok"),
        (with_("remote", journal_refs="branches", takes_refs=Unknown("not tried")), "refs", "ok"),
        (with_("remote", journal_refs="branches", takes_refs="no such branches"), "refs", "problem"),
        (signing(with_("hub", tool_rules=("deletion", "required_signatures"))), "tool branches", "ok"),
        (signing(with_("hub", tool_rules=("update", "required_signatures"))), "tool branches", "problem"),
        (signing(lambda found: found), "signing", "ok"),
        (signing(with_("hub", building=KEPT, publishing=KEPT)), "signing key", "ok"),
        (with_("hub", building=KEPT, publishing=KEPT), "signing key", "ok"),
        (with_("hub", publishing=EXPOSED), "signing key", "problem"),
        (signing(with_("hub", building=KEPT, publishing=EXPOSED)), "signing key", "problem"),
        (with_("hub", publishing=Unknown("x")), "signing key", "ok"),
        (signing(with_("hub", building=KEPT)), "signing key", "problem"),
        (signing(with_("hub", building=KEPT, publishing=None)), "signing key", "problem"),
        (signing(with_("hub", building=KEPT, publishing=Unknown("x"))), "signing key", "unknown"),
        (
            signing(
                with_("hub", building=Environment(("main",), protected_only=False, waits_for=0, secrets=Unknown("x")))
            ),
            "signing key",
            "unknown",
        ),
    ],
)
def test_what_depends_on_something_else_is_judged_with_it(change: Change, check: str, level: str) -> None:
    assert found(change)[check].level == level


def test_lines_tell_the_fix_group_what_is_unknown_and_count() -> None:
    told = lines(examine(with_("machine", git=(2, 1))(without("hub")(RIGHT))))
    assert told[0].startswith("problem  git")
    assert told[1].strip() == "-> install git 2.38 or newer"
    assert [line for line in told if "nobody knows" in line] == ["unknown  nobody knows"]
    assert told[-1] == "1 problem, 12 unknown, 13 right"


def test_names_that_others_chose_cannot_move_the_cursor() -> None:
    evil = Environment(("main", "\x1b[2J\x07"), protected_only=False, waits_for=0, secrets=())
    assert all(line.isprintable() for line in lines(examine(with_("hub", building=evil)(RIGHT))))


def test_every_check_is_told_once_under_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert [finding.check for finding in examine(RIGHT)] == NAMES
