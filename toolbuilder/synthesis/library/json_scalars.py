"""JSON numbers and strings."""

import calendar
import html
import json
import math
import time
from itertools import accumulate
from urllib.parse import quote, unquote

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_values import Json, load_json

ISO_TIME = "%Y-%m-%dT%H:%M:%SZ"


def as_text(value: Json) -> str:
    """Take the value as a string."""
    if not isinstance(value, str):
        raise InputError(f"expected a JSON string, found {json.dumps(value, ensure_ascii=False)}")
    return value


def as_number(value: Json) -> int | float:
    """Take the value as a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"expected a JSON number, found {json.dumps(value, ensure_ascii=False)}")
    return value


def read_number(text: str) -> int | float:
    """Read a number as JSON writes it."""
    try:
        return as_number(load_json(text))
    except ValueError:
        raise InputError(f"not a number: {text!r}") from None


def readable_numbers(items: list[Json]) -> list[int | float]:
    """Give the numbers among the items, and the strings that can be read as numbers."""
    numbers: list[int | float] = []
    for item in items:
        try:
            numbers.append(read_number(item) if isinstance(item, str) else as_number(item))
        except InputError:
            continue
    return numbers


def whole_number(number: float) -> int | float:
    """Give a whole number as an integer, any other as it is."""
    return int(number) if number.is_integer() else number


def square_root(number: float) -> int | float:
    """Give the square root."""
    if number < 0:
        raise InputError(f"there is no square root of {number}")
    return whole_number(math.sqrt(number))


def divided_by(number: float, divisor: float) -> int | float:
    """Divide; a whole result is an integer."""
    if not divisor:
        raise InputError(f"cannot divide {number} by zero")
    return whole_number(number / divisor)


def remainder_of(number: float, divisor: float) -> int:
    """Give the remainder of the whole parts, with the sign of the number that is divided."""
    if not int(divisor):
        raise InputError(f"cannot divide {number} by zero")
    return int(math.fmod(int(number), int(divisor)))


def smallest_number(numbers: list[int | float]) -> int | float:
    """Give the smallest number."""
    if not numbers:
        raise InputError("there is no smallest of no numbers")
    return min(numbers)


def largest_number(numbers: list[int | float]) -> int | float:
    """Give the largest number."""
    if not numbers:
        raise InputError("there is no largest of no numbers")
    return max(numbers)


def mean_number(numbers: list[int | float]) -> int | float:
    """Give the arithmetic mean."""
    if not numbers:
        raise InputError("there is no mean of no numbers")
    return divided_by(sum(numbers), len(numbers))


def running_totals(numbers: list[int | float]) -> list[int | float]:
    """Give the total of the numbers up to each of them."""
    return list(accumulate(numbers))


def from_code_points(numbers: list[int | float]) -> str:
    """Give the text that has these Unicode code points."""
    return "".join(chr(int(number)) for number in numbers)


def json_text(value: Json) -> str:
    """Give a string as it is, any other value as JSON without white space."""
    return value if isinstance(value, str) else compact_json(value)


def compact_json(value: Json) -> str:
    """Write the value as JSON without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse_json(text: str) -> Json:
    """Read a string that holds a JSON document."""
    try:
        value: Json = load_json(text)
    except ValueError:
        raise InputError(f"not a JSON document: {text!r}") from None
    return value


def escape_html(text: str) -> str:
    """Replace the characters that mean something in HTML."""
    return html.escape(text).replace("&#x27;", "&#39;")


def unescape_html(text: str) -> str:
    """Replace the character references of HTML by their characters."""
    return html.unescape(text)


def escape_url(text: str) -> str:
    """Write all but unreserved characters as percent escapes."""
    return quote(text, safe="")


def unescape_url(text: str) -> str:
    """Replace percent escapes by their characters."""
    return unquote(text)


def quote_shell(text: str) -> str:
    """Quote the text for a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def seconds_of(moment: str) -> int:
    """Give the seconds since 1970 of a time in UTC."""
    return calendar.timegm(parse_moment(moment))


def moment_of(seconds: float) -> str:
    """Write seconds since 1970 as a time in UTC."""
    try:
        return time.strftime(ISO_TIME, time.gmtime(seconds))
    except (OSError, OverflowError, ValueError):
        raise InputError(f"not seconds of a time that can be told: {seconds}") from None


def broken_down(moment: str) -> list[int]:
    """Give year, month from 0, day, hour, minute, second, weekday from Sunday, day of the year."""
    parts = parse_moment(moment)
    weekday = (parts.tm_wday + 1) % 7
    return [parts.tm_year, parts.tm_mon - 1, *parts[2:6], weekday, parts.tm_yday - 1]


def broken_down_seconds(seconds: float) -> list[int]:
    """Break down seconds since 1970, as `broken_down` does a written time."""
    return broken_down(moment_of(seconds))


def parse_moment(moment: str) -> time.struct_time:
    """Read a time in UTC."""
    try:
        return time.strptime(moment, ISO_TIME)
    except ValueError:
        raise InputError(f"not a time like 2015-03-05T23:51:47Z: {moment!r}") from None
