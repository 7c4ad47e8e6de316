"""Well-known small formats: INI files, Markdown headings, web addresses, dates."""

import configparser
import re
import time
from datetime import date
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from toolbuilder.synthesis.library.errors import InputError

FENCE = re.compile(r" {0,3}(```|~~~)")
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")


class Heading(NamedTuple):
    """A heading of a Markdown text: its level from 1 to 6, and its title."""

    level: int
    title: str


def read_ini(text: str) -> dict[str, dict[str, str]]:
    """Read the sections of an INI file; the case of keys is kept."""
    parser = configparser.RawConfigParser(default_section="")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise InputError(f"not an INI file: {error.message.splitlines()[0]}") from error
    return {name: dict(parser[name]) for name in parser.sections()}


def read_headings(text: str) -> list[Heading]:
    """Find the headings of a Markdown text, except inside fenced code."""
    headings: list[Heading] = []
    fenced = False
    for line in text.split("\n"):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := HEADING.match(line)):
            headings.append(Heading(len(match[1]), match[2]))
    return headings


def link_target(title: str) -> str:
    """Give the link target that Markdown renderers make of a title."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def read_query(url: str) -> dict[str, str]:
    """Decode the query parameters of a web address."""
    return dict(parse_qsl(urlsplit(url.strip()).query, keep_blank_values=True))


def parse_date(text: str, pattern: str) -> date:
    """Read a date written in the given pattern."""
    written = text.strip()
    try:
        day = date(*time.strptime(written, pattern)[:3])
    except ValueError:
        raise InputError(f"not a date like {shown_pattern(pattern)}: {text!r}") from None
    if pattern == "%Y-%m-%d" and written != day.isoformat():
        raise InputError(f"not a date like {shown_pattern(pattern)}: {text!r}")
    return day


def shown_pattern(pattern: str) -> str:
    """Write the pattern of a date for a reader."""
    return pattern.replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD")


def reformat_date(text: str, pattern: str, wanted: str) -> str:
    """Read a date written in one pattern and write it in another."""
    return parse_date(text, pattern).strftime(wanted)
