"""Checks of the repository as it lies here, and of the remote that builds are pushed to."""

from toolbuilder.doctor.facts import Remote, Signing, Surroundings, Tree, Unknown
from toolbuilder.doctor.findings import Check, Verdict, of, ok, problem, warning


def repository(found: Surroundings) -> Verdict:
    """Check that there is a repository, and a commit to begin from."""
    if isinstance(found.tree, Unknown):
        return problem(found.tree.why, "go to a repository, or type `git init`")
    if not found.tree.has_commit:
        return problem("there is no commit yet, and branches begin at one", "git commit --allow-empty -m Begin")
    return ok("there is a commit to begin from")


def clone(found: Surroundings) -> Verdict:
    """Check that the clone has its history."""

    def judge(tree: Tree) -> Verdict:
        if not tree.is_shallow:
            return ok("the clone is whole")
        fix = "git fetch --unshallow (in a workflow: `fetch-depth: 0` for actions/checkout)"
        return problem("the clone is shallow: what is built on it cannot be pushed elsewhere", fix)

    return of(found.tree, judge)


def settings(found: Surroundings) -> Verdict:
    """Check that the settings can be read."""
    fix = "correct the file or the variable that is named"
    return of(found.tree, lambda tree: problem(_first(tree.settings), fix) if tree.settings else ok("they can be read"))


def specs(found: Surroundings) -> Verdict:
    """Check that every spec is a good one."""

    def judge(tree: Tree) -> Verdict:
        wrong = [why for why in tree.specs.values() if why]
        if not tree.specs:
            return warning("there are none", "write specs/<tool>.yaml, or type `toolbuilder init` for a first one")
        if wrong:
            told = f"{len(wrong)} of {len(tree.specs)} are wrong, the first: {_first(wrong[0])}"
            return problem(told, "toolbuilder validate")
        return ok(f"{len(tree.specs)}, all good")

    return of(found.tree, judge)


def workflows(found: Surroundings) -> Verdict:
    """Check that the workflows are there and current."""
    return of(found.tree, _workflows)


def _workflows(tree: Tree) -> Verdict:
    if tree.unsettled:
        fix = "take over what you want from each, delete it, and type `toolbuilder init`"
        return warning(f"waiting for you: {', '.join(tree.unsettled)}", fix)
    if not tree.has_workflow:
        return warning("nothing is built on GitHub, there is no workflow", "toolbuilder init")
    if tree.outdated:
        return warning(f"newer ones are there: {', '.join(tree.outdated)}", "toolbuilder init --update")
    return ok(f"as toolbuilder {tree.set_up} wrote them" if tree.set_up else "there, and not written by `init`")


def remote(found: Surroundings) -> Verdict:
    """Check that the remote can be reached."""

    def judge(there: Remote) -> Verdict:
        if there.failure:
            return problem(_first(there.failure), f"git ls-remote {there.name}")
        return ok(f"{there.name} answers; it has {there.refs} refs of toolbuilder's")

    return of(found.remote, judge)


def refs(found: Surroundings) -> Verdict:
    """Check that the remote takes journals, and the grants of a day's cap."""

    def judge(there: Remote) -> Verdict:
        as_branches = there.journal_refs == "branches"
        if as_branches and isinstance(there.takes_refs, Unknown):
            return ok("journals and grants stand on branches")
        return of(there.takes_refs, lambda refusal: _taken(there.name, refusal, as_branches=as_branches))

    return of(found.remote, judge)


def _taken(name: str, refusal: str, *, as_branches: bool) -> Verdict:
    taken = "branches called toolbuilder-*" if as_branches else "refs below refs/toolbuilder/"
    if not refusal:
        return ok(f"{name} takes {taken}: journals, logs, batches, and grants where a day has a cap")
    if as_branches:
        return problem(
            f"{name} takes no {taken}: {_first(refusal)}", "let toolbuilder-*/** and toolbuilder-* be written there"
        )
    fix = 'set `journal_refs = "branches"` in toolbuilder.toml, or let refs/toolbuilder/** be written there'
    return problem(f"{name} takes none below refs/toolbuilder/: {_first(refusal)}", fix)


def signing(found: Surroundings) -> Verdict:
    """Check that commits can be signed, where they are to be."""
    return of(found.signing, _signing)


def _signing(found: Signing) -> Verdict:
    if not found.wanted:
        return ok("commits are not signed: `sign_commits` is not set")
    if found.failure:
        return problem(_first(found.failure), found.advice)
    if found.author.endswith("@localhost>"):
        told = f"commits are signed, and no account can show that it is {found.author}: GitHub verifies none of them"
        return warning(told, "set `author` in toolbuilder.toml to the name and a mail of the account that has the key")
    return ok("a commit was signed, and git verified it")


def _first(text: str) -> str:
    return text.splitlines()[0]


REPOSITORY_CHECKS = (
    Check("repository", repository),
    Check("clone", clone),
    Check("settings", settings),
    Check("specs", specs),
    Check("workflows", workflows),
    Check("remote", remote),
    Check("refs", refs),
    Check("signing", signing),
)
