"""How words of a server are repeated in a message: on one line, cut, and without credentials."""

import re
from collections.abc import Iterable

LONGEST = 300  # characters
CREDENTIAL = re.compile(r"(?i)\b(?:sk-ant-[\w-]+|bearer\s+[^\s'\",;]+|AKIA[0-9A-Z]{12,}|ya29\.[\w.-]+)")
HIDDEN = "[hidden]"


def quoted(text: str, secrets: Iterable[str] = ()) -> str:
    """Give a text on one line of at most 300 characters, credentials and the given secrets hidden."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    line = " ".join(CREDENTIAL.sub(HIDDEN, text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
