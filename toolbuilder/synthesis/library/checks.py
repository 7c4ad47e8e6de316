"""Requirements of the input."""

import re
from collections.abc import Callable
from typing import TypeVar

from toolbuilder.synthesis.library.arithmetic import parse_number
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import Table
from toolbuilder.synthesis.library.text import LOG_LEVEL

Given = TypeVar("Given")
Found = TypeVar("Found")

LOG_LINE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d[\d:.,+Z-]*)? +[A-Z]+(?: .*)?")


def explain_errors(step: Callable[[Given], Found], value: Given, complaint: str) -> Found:
    """Take the step; an error begins with the complaint."""
    try:
        return step(value)
    except InputError as error:
        raise InputError(f"{complaint}: {error}") from error


def require_some(lines: list[str], complaint: str) -> list[str]:
    """Give the lines back if there are any; else raise the complaint."""
    if not lines:
        raise InputError(complaint)
    return lines


def require_content(text: str, complaint: str) -> str:
    """Give the text back if it is not blank; else raise the complaint."""
    if not text.strip():
        raise InputError(complaint)
    return text


def require_rows(table: Table, complaint: str) -> Table:
    """Give the table back if it has rows; else raise the complaint."""
    if not table.rows:
        raise InputError(complaint)
    return table


def require_each(lines: list[str], test: Callable[[str], bool], complaint: str) -> list[str]:
    """Give the lines back if each passes the test; else complain about the first that does not."""
    for number, line in enumerate(lines, start=1):
        if not test(line):
            raise InputError(f"line {number}: {complaint}")
    return lines


def is_filled(line: str) -> bool:
    """Tell whether the line holds more than white space."""
    return line.strip() != ""


def is_number(line: str) -> bool:
    """Tell whether the line is a decimal number."""
    try:
        parse_number(line)
    except InputError:
        return False
    return True


def has_level(line: str) -> bool:
    """Tell whether the line names a log level."""
    return LOG_LEVEL.search(line) is not None


def is_log_line(line: str) -> bool:
    """Tell whether the line is a date (with a time or not), a level in capitals, and a message."""
    return LOG_LINE.fullmatch(line) is not None


def has_two_words(line: str) -> bool:
    """Tell whether the line has at least two words."""
    return len(line.split()) > 1
