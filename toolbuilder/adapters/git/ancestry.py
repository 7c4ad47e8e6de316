"""Which commit follows on which."""

from toolbuilder.adapters.git.process import Git


def is_ancestor(git: Git, old: str, new: str) -> bool:
    """Say whether `new` is `old` or follows on it. Raises RepositoryError if one of them is not stored here."""
    arguments = ("merge-base", "--is-ancestor", old, new)
    result = git.run(*arguments)
    if result.exit_code > 1:
        raise git.error(arguments, result.stderr, result.exit_code)
    return result.exit_code == 0


def merge_base(git: Git, one: str, other: str) -> str | None:
    """Give the newest commit that both follow on, or None. Raises RepositoryError if one is not stored here."""
    arguments = ("merge-base", one, other)
    result = git.run(*arguments)
    if result.exit_code > 1:
        raise git.error(arguments, result.stderr, result.exit_code)
    return result.stdout.decode().strip() or None
