"""Dates and times of day, found in a text."""

import re
from datetime import date

from toolbuilder.synthesis.library.errors import InputError

ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIME_OF_DAY = re.compile(r"(?<!\d)(?:[01]\d|2[0-3]):[0-5]\d(?!\d)")


def date_in(text: str) -> date:
    """Find the first date in the text, written as 2024-12-31."""
    match = ISO_DATE.search(text)
    if match is None:
        raise InputError(f"there is no date in {text!r}")
    try:
        return date.fromisoformat(match[0])
    except ValueError:
        raise InputError(f"there is no such day: {match[0]}") from None


def month_in(text: str) -> str:
    """Give the year and the month of the first date in the text."""
    return f"{date_in(text):%Y-%m}"


def weekday_in(text: str) -> str:
    """Name the day of the week of the first date in the text."""
    return WEEKDAYS[date_in(text).weekday()]


def time_in(text: str) -> str:
    """Find the first time of day in the text: hours and minutes."""
    match = TIME_OF_DAY.search(text)
    if match is None:
        raise InputError(f"there is no time of day in {text!r}")
    return match[0]


def hour_in(text: str) -> str:
    """Give the hour of the first time of day in the text, in two digits."""
    return time_in(text)[:2]
