"""Phrases that mean something else than their words: "at least" and "or more" ask neither for the least nor more."""

import re

AT_LEAST, AT_MOST = "atleast", "atmost"

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


def bounds_as_words(text: str) -> str:
    """Give a text in which every phrase for a bound that belongs to what it limits is one word of its own."""
    return _UP_TO.sub(f" {AT_MOST} ", _FROM.sub(f" {AT_LEAST} ", text))
