"""A mark at the end of a pull request's text: which commit it shows, and whether that one was verified again.

It is a hint, never state: who takes it away has the tool verified once more.
"""

import re

_MARK = re.compile(r"\n*<!-- toolbuilder: shows ([0-9a-f]{40,64})(, verified)? -->\s*\Z")


def marked(body: str, tip: str, *, verified: bool) -> str:
    """Give a text with its mark."""
    return f"{_MARK.sub('', body).rstrip()}\n\n<!-- toolbuilder: shows {tip}{', verified' if verified else ''} -->"


def shown_tip(body: str) -> str:
    """Give the commit that a text shows; empty where it carries no mark."""
    found = _MARK.search(body)
    return found[1] if found else ""


def verified_tip(body: str) -> str:
    """Give the commit that a text shows as verified; empty where it shows none."""
    found = _MARK.search(body)
    return found[1] if found and found[2] else ""
