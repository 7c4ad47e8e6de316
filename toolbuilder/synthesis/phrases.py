"""Phrases that mean something else than their words: "at least" and "or more" ask neither for the least nor more."""

import re

AT_LEAST, AT_MOST = "atleast", "atmost"
MOST_FIRST, LEAST_FIRST = "mostfirst", "leastfirst"

_MORE = "above|bigger|greater|higher|larger|later|longer|more|newer|older|over"
_LESS = "below|earlier|fewer|less|lower|shorter|smaller|under"
_FROM = re.compile(
    rf"\bat least\b|\bor (?:{_MORE})\b(?! than)|\band (?:above|over|up)\b|\b(?:no|not) (?:{_LESS})\b(?: than\b)?|>=|≥",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    rf"\bat most\b|\bor (?:{_LESS})\b(?! than)|\band (?:below|under)\b|\b(?:no|not) (?:{_MORE})\b(?: than\b)?|<=|≤",
    re.IGNORECASE,
)
_FIRST = r"(?:\s+[\w-]+){0,4}\s+first\b"
_FALLING = re.compile(
    rf"\b(?:biggest|busiest|greatest|heaviest|highest|largest|longest|most|slowest){_FIRST}", re.IGNORECASE
)
_RISING = re.compile(rf"\b(?:fastest|fewest|least|lightest|lowest|rarest|shortest|smallest){_FIRST}", re.IGNORECASE)


def bounds_as_words(text: str) -> str:
    """Give a text in which every phrase for a bound that belongs to what it limits is one word of its own."""
    return _UP_TO.sub(f" {AT_MOST} ", _FROM.sub(f" {AT_LEAST} ", text))


def orders_as_words(text: str) -> str:
    """Give the text with a further word for what it says to come first: "largest first", "most common word first"."""
    found = [word for pattern, word in ((_FALLING, MOST_FIRST), (_RISING, LEAST_FIRST)) if pattern.search(text)]
    return " ".join([text, *found])
