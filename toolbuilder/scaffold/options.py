"""An option of a spec as Python source: how argparse and typer say it."""

import math

from toolbuilder.scaffold.plain_text import plain
from toolbuilder.scaffold.python_text import argument, listed, quoted
from toolbuilder.spec import Option

ARGPARSE_INDENT = 8  # columns before an argument of `parser.add_argument(` in a function
TYPER_INDENT = 12  # columns before an argument of `typer.Option(` in an annotation


def variable(option: Option) -> str:
    """Give the option's name as a Python identifier: `dry-run` becomes `dry_run`, `from` becomes `from_`."""
    return option.variable


def argparse_call(option: Option) -> list[str]:
    """Give the arguments of the `add_argument` call, each as source that stands 8 columns in."""
    kind = {"flag": ['action="store_true"'], "int": ["type=int"], "float": ["type=float"]}.get(option.type, [])
    choices = [listed("choices=[", map(quoted, option.choices), "]", ARGPARSE_INDENT)] if option.choices else []
    given = [] if option.type == "flag" or option.default is None else [f"default={default(option)}"]
    plain_name = option.name.replace("-", "_")
    named = [] if plain_name == variable(option) else [f"dest={quoted(variable(option))}"]
    shown = [f"metavar={quoted(plain_name.upper())}"] if named and option.type != "flag" and not choices else []
    return [
        quoted(f"--{option.name}"),
        *named,
        *shown,
        *kind,
        *choices,
        *given,
        argument("help", _argparse_help(option), ARGPARSE_INDENT),
    ]


def typer_annotation(option: Option) -> str:
    """Give the type of the parameter that typer reads the option into, as source that stands 8 columns in."""
    if option.type == "flag":
        return "bool"
    kind = listed("Literal[", map(quoted, option.choices), "]", 8) if option.choices else option.type
    if option.default is not None:
        return kind
    return f"{kind}\n        | None" if "\n" in kind else f"{kind} | None"


def typer_call(option: Option) -> list[str]:
    """Give the arguments of the `typer.Option` call, each as source that stands 12 columns in."""
    return [quoted(f"--{option.name}"), argument("help", help_words(option), TYPER_INDENT)]


def default(option: Option) -> str:
    """Give the default as a Python expression; a flag that is not given is false."""
    value = option.default
    if value is None:
        return "False" if option.type == "flag" else "None"
    if isinstance(value, str):
        return quoted(value)
    if option.type != "float":
        return repr(value)
    return repr(float(value)) if math.isfinite(value) else f'float("{value}")'


def help_words(option: Option) -> str:
    """Give the words of `--help`, without a full stop."""
    return plain(option.help).removesuffix(".")


def _argparse_help(option: Option) -> str:
    words = help_words(option).replace("%", "%%")
    if option.type == "flag" or option.default is None:
        return words
    return f"{words} (default: {'%(default)r' if isinstance(option.default, str) else '%(default)s'})"
