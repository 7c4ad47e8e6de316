"""Invisible characters that change how text reads: what a person reviews is not what a machine reads.

These are the bidirectional controls of CVE-2021-42574 (all of Unicode's property `Bidi_Control`), the separators of
lines and of paragraphs, and the other characters that Unicode calls default ignorable. Left out is what ordinary
writing and emoji are made of (the joiners U+200C, U+200D and U+034F, and variation selectors), and the notation of
music and shorthand.
"""

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)


ORDINARY = "\n\t\u200c\u200d\u3000"  # of lines, of ordinary writing and of emoji, though not printable to Python


def code_point(character: str) -> str:
    """Give a character as Unicode writes it: `U+202E`."""
    return f"U+{ord(character):04X}"


def escaped(text: str) -> str:
    """Write each of them as JSON does, in ASCII: for text in which they stand only between double quotes."""
    return INVISIBLE.sub(lambda found: _in_json(found[0]), text)


def visible(text: str) -> str:
    """Show whatever is not seen, or turns the direction of the text around it, by its code point: `⟨U+202E⟩`."""
    return "".join(char if char in ORDINARY or is_seen(char) else f"⟨{code_point(char)}⟩" for char in text)


def is_seen(character: str) -> bool:
    """Say whether a character prints, as far as Python knows, and changes nothing of how text reads."""
    return character.isprintable() and not INVISIBLE.match(character)


def invisible_in(content: bytes) -> list[tuple[int, str]]:
    """Give the line, counted from 1, and the code point and name of each of them; never the character itself."""
    return [
        (number, f"{code_point(found[0])} {unicodedata.name(found[0], '')}".rstrip())
        for number, line in enumerate(content.decode(errors="replace").split("\n"), 1)
        for found in INVISIBLE.finditer(line)
    ]


def _in_json(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
