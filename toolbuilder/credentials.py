"""What looks like a credential: it is named by its line and its kind, and never shown."""

import re

# Where a credential may begin: where a word does, or right after an escape, as source text and JSON hold them.
START = r"(?:\b|(?<=\\[abfnrtv0])|(?<=\\x[0-9a-fA-F]{2})|(?<=\\u[0-9a-fA-F]{4}))"

# Each kind: pieces of text of which every such credential holds one, found far faster than the pattern; the pattern.
KINDS = {
    "an API key": (("sk-",), re.compile(START + r"sk-(?:ant-)?[A-Za-z0-9_-]{20,}")),
    "a GitHub token": (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(START + r"(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{50,})"),
    ),
    "an AWS key id": (("AKIA", "ASIA"), re.compile(START + r"(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    "a private key": (("PRIVATE KEY-----",), re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
    "a Slack token": (("xox",), re.compile(START + r"xox[abprs]-[A-Za-z0-9-]{20,}")),
}


def credentials_in(content: bytes) -> list[tuple[int, str]]:
    """Give the line, counted from 1, and the kind of whatever looks like a credential."""
    text = content.decode(errors="replace")
    found = {
        kind: pattern
        for kind, (pieces, pattern) in KINDS.items()
        if any(piece in text for piece in pieces) and pattern.search(text)
    }
    lines = enumerate(text.splitlines(), 1) if found else ()
    return [(number, kind) for number, line in lines for kind, pattern in found.items() if pattern.search(line)]
