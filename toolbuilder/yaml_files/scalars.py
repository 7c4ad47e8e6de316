"""Plain scalars: what unquoted text means in YAML, and which text may stand unquoted."""

import math
import re

MOST_DIGITS = 400  # beyond every float, below the length where Python refuses to convert

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

# Characters that a YAML stream may not hold as they are, and those that only YAML 1.1 takes for line breaks.
_NOT_PRINTABLE = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
NOT_PRINTABLE = re.compile(_NOT_PRINTABLE)
TO_ESCAPE = re.compile(rf"[\r\x85\u2028\u2029]|{_NOT_PRINTABLE}")

_OTHER_WORDS = re.compile(r"y|n|yes|no|on|off|true|false|null|[-+]?\.inf|\.nan", re.IGNORECASE)
_LIKE_A_NUMBER_OR_DATE = re.compile(r"[-+.0-9][-+.0-9a-fA-FxXoO_:TtZz \t]*")
_PLAIN_START = re.compile(r"[^-?:,\[\]{}#&*!|>'\"%@`=<~\s]|-(?=[^\s,\[\]{}-])")
_PLAIN_STOP = re.compile(r":(?=\s|$)|\s#|[\t\n]")


def resolve(text: str) -> bool | int | float | str | None:
    """Give what a plain scalar means by the core schema of YAML 1.2: `no` and dates are text.

    Raises ValueError for numbers that JSON does not have or that are too long to be one.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a number here; if it is text, write it in quotes")
    return _number(text)


def _number(text: str) -> int | float | str:
    for pattern, base in ((_INTEGER, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            if len(text) > MOST_DIGITS:
                raise ValueError(f"a number of {len(text)} digits is too long; if it is text, write it in quotes")
            return int(text, base)
    if not _FLOAT.fullmatch(text):
        return text
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large for a number; if it is text, write it in quotes")
    return number


def may_stand_plain(text: str) -> bool:
    """Tell whether any YAML reader, of version 1.1 too, gives exactly this text back for it without quotes."""
    return bool(
        text == text.strip()
        and _PLAIN_START.match(text)
        and not _PLAIN_STOP.search(text)
        and not TO_ESCAPE.search(text)
        and not _OTHER_WORDS.fullmatch(text)
        and not _LIKE_A_NUMBER_OR_DATE.fullmatch(text)
    )
