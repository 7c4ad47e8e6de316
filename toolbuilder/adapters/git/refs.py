"""Which refs there are."""

from pathlib import Path

from toolbuilder.adapters.git.process import Git

BRANCHES = "refs/heads/toolbuilder/"
REMOVALS = "refs/heads/toolbuilder-remove/"  # branches that delete a tool; no name of a tool can lead there
OWN_REFS = (BRANCHES, REMOVALS, "refs/toolbuilder/")
JOURNALS = "refs/toolbuilder/journal/"


def tools_with_journals(folder: Path) -> tuple[str, ...]:
    """Give the tools that the repository holds a journal of, whether they still have a spec or not.

    Raises RepositoryError outside a repository.
    """
    return tuple(journal_tips(folder))


def journal_tips(folder: Path) -> dict[str, str]:
    """Give the commit of each tool's journal. Raises RepositoryError outside a repository."""
    listed = Git(folder).output("for-each-ref", "--format=%(refname) %(objectname)", JOURNALS).decode()
    return {
        name.removeprefix(JOURNALS): commit for name, _, commit in (row.partition(" ") for row in listed.splitlines())
    }
