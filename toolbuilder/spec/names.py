"""Names that a tool cannot have: its package would hide another one, or its files could not exist."""

import keyword
import sys

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_ALSO_STANDARD = frozenset({"test", "distutils", "imp", "asyncore", "asynchat", "smtpd"})  # not in every Python
_NEEDED = frozenset(
    {
        "anthropic",
        "build",
        "click",
        "coverage",
        "hatchling",
        "mypy",
        "packaging",
        "pip",
        "pluggy",
        "pydantic",
        "pytest",
        "rich",
        "ruff",
        "setuptools",
        "tests",
        "toolbuilder",
        "typer",
        "typing_extensions",
        "uv",
        "wheel",
    }
)


def why_taken(name: str) -> str:
    """Say why a tool cannot have this name, or give an empty text."""
    package = name.replace("-", "_")
    if name in _DEVICES:
        return f"`{name}` is a device on Windows, where no file can be called so; choose another name"
    if keyword.iskeyword(package):
        return f"`{name}` is a word of the Python language, no package can be called so; choose another name"
    if package in sys.stdlib_module_names | _ALSO_STANDARD:
        return f"a package `{package}` would hide that of Python's standard library; choose another name"
    if package in _NEEDED:
        return f"a package `{package}` would hide one that tools need; choose another name"
    return ""
