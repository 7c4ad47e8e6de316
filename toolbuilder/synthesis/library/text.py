"""Reading and shaping plain text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

from toolbuilder.synthesis.library.arithmetic import parse_number
from toolbuilder.synthesis.library.errors import InputError

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HASHTAG = re.compile(r"(?<!\w)#\w+")
IP_ADDRESS = re.compile(r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b")
LOG_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b")
Result = TypeVar("Result")
URL = re.compile(r"https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]")
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def read_lines(text: str) -> list[str]:
    """Split the text into lines; a newline at the very end starts no further line."""
    return text.removesuffix("\n").split("\n") if text else []


def read_text(text: str) -> str:
    """Give the text without the newline at its end."""
    return text.removesuffix("\n")


def split_words(text: str) -> list[str]:
    """Split the text into words at white space."""
    return text.split()


def find_words(text: str) -> list[str]:
    """Find the words in the text: letters and digits, with apostrophes between them."""
    return WORD.findall(text)


def split_at_spaces(text: str) -> list[str]:
    """Split the text into words at spaces and newlines only."""
    return [word for word in re.split(r"[ \n]+", text) if word]


def lower_ascii(text: str) -> str:
    """Write the letters from A to Z in lower case, and leave all others."""
    return re.sub(r"[A-Z]", lambda match: match[0].lower(), text)


def upper_ascii(text: str) -> str:
    """Write the letters from a to z in upper case, and leave all others."""
    return re.sub(r"[a-z]", lambda match: match[0].upper(), text)


def read_paragraphs(text: str) -> list[str]:
    """Split the text into paragraphs, which blank lines separate."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text) if part.strip()]


def read_characters(text: str) -> list[str]:
    """Give the characters of the text, but for the newlines."""
    return [character for character in text if character != "\n"]


def read_properties(text: str, delimiter: str) -> dict[str, str]:
    """Read `key delimiter value` from each line; blank lines and # comments are skipped."""
    properties: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, mark, value = line.partition(delimiter)
        if not mark:
            raise InputError(f"line {number}: there is no {delimiter!r} in {line!r}")
        properties[key.strip()] = value.strip()
    return properties


def render_lines(lines: Iterable[object]) -> str:
    """Join the lines, each ended by a newline."""
    return "".join(f"{line}\n" for line in lines)


def render_text(value: object) -> str:
    """Print the value, ended by a newline unless there is nothing to print."""
    text = str(value)
    return f"{text}\n" if text else ""


def each_line(
    lines: Iterable[str], convert: Callable[[str], Result], complaint: str = ""
) -> list[Result]:
    """Convert every line; an error names the line that cannot be converted."""
    results: list[Result] = []
    for number, line in enumerate(lines, start=1):
        try:
            results.append(convert(line))
        except InputError as error:
            raise InputError(f"line {number}: {complaint or error}") from error
    return results


def drop_repeats(lines: Iterable[str]) -> list[str]:
    """Drop repeated lines, keeping the first occurrence of each and the order."""
    return list(dict.fromkeys(lines))


def drop_repeats_folded(lines: Iterable[str]) -> list[str]:
    """Drop lines that repeat an earlier one without regard to case, and keep the order."""
    first: dict[str, str] = {}
    for line in lines:
        first.setdefault(line.casefold(), line)
    return list(first.values())


def drop_adjacent_repeats(lines: Iterable[str]) -> list[str]:
    """Keep one line of each run of equal neighbours."""
    return [line for line, _ in groupby(lines)]


def repeated_runs(lines: Iterable[str]) -> list[str]:
    """Give one line of each run of at least two equal neighbours."""
    return [line for line, run in groupby(lines) if len(list(run)) > 1]


def single_runs(lines: Iterable[str]) -> list[str]:
    """Give the lines that differ from both neighbours."""
    return [line for line, run in groupby(lines) if len(list(run)) == 1]


def find_emails(text: str) -> list[str]:
    """Find the e-mail addresses in the text, in order."""
    return EMAIL.findall(text)


def find_urls(text: str) -> list[str]:
    """Find the web addresses in the text, in order."""
    return URL.findall(text)


def find_hashtags(text: str) -> list[str]:
    """Find the hashtags in the text, in order."""
    return HASHTAG.findall(text)


def find_ip_addresses(text: str) -> list[str]:
    """Find the IPv4 addresses in the text, in order."""
    return IP_ADDRESS.findall(text)


def log_level(line: str) -> str:
    """Find the name of the log level in the line."""
    match = LOG_LEVEL.search(line)
    if match is None:
        raise InputError(f"there is no log level in {line!r}")
    return match[0]


def squeeze_spaces(text: str) -> str:
    """Make each run of spaces one space."""
    return re.sub(r" +", " ", text)


def slugify(title: str) -> str:
    """Lower the case and join the words by hyphens, dropping punctuation."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def mask_digits(text: str, mark: str) -> str:
    """Replace each digit by the mark."""
    return "".join(mark if character.isdigit() else character for character in text)


def wrap_lines(lines: Iterable[str], width: int) -> list[str]:
    """Cut each line into pieces of the given width; an empty line stays one empty piece."""
    pieces: list[str] = []
    for line in lines:
        pieces += [line[start : start + width] for start in range(0, len(line), width)] or [""]
    return pieces


def squeeze_blank(lines: Iterable[str]) -> list[str]:
    """Keep one of each run of empty lines."""
    return [line for text, run in groupby(lines) for line in ([text] if not text else run)]


def repeated_lines(lines: list[str]) -> list[str]:
    """Give each line that occurs more than once, in order of first occurrence."""
    return [line for line, count in Counter(lines).items() if count > 1]


def occurring_once(lines: list[str]) -> list[str]:
    """Give the lines that occur exactly once."""
    return [line for line, count in Counter(lines).items() if count == 1]


def count_values(values: Iterable[str]) -> dict[str, int]:
    """Count how often each value occurs, in order of first occurrence."""
    return dict(Counter(values))


def most_common(values: Iterable[str]) -> list[tuple[str, int]]:
    """Count how often each value occurs, most frequent first, ties in order of occurrence."""
    return Counter(values).most_common()


def rank_counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    """List the counts, highest first, ties in their given order."""
    return sorted(counts.items(), key=lambda item: -item[1])


def rank_sorted(counts: dict[str, int]) -> list[tuple[str, int]]:
    """List the counts, highest first, ties in the order of what is counted."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def rank_numbers(counts: dict[str, int]) -> list[tuple[str, int]]:
    """List the counts, highest first, ties in the order of the numbers that are counted."""
    return sorted(counts.items(), key=lambda item: (-item[1], parse_number(item[0])))


def nth_field(line: str, delimiter: str, index: int) -> str:
    """Give the field at the index, counted from 0 (or from -1 at the end)."""
    try:
        return line.split(delimiter)[index]
    except IndexError:
        raise InputError(f"too few fields between {delimiter!r} in {line!r}") from None


def nth_word(line: str, index: int) -> str:
    """Give the word at the index, counted from 0 (or from -1 at the end)."""
    try:
        return line.split()[index]
    except IndexError:
        raise InputError(f"too few words in {line!r}") from None


def text_after(line: str, mark: str) -> str:
    """Give what stands after the first occurrence of the mark."""
    if mark not in line:
        raise InputError(f"there is no {mark!r} in {line!r}")
    return line.partition(mark)[2]


def count_runs(lines: Iterable[str]) -> list[tuple[str, int]]:
    """Count the lines of each run of equal neighbours."""
    return [(line, len(list(run))) for line, run in groupby(lines)]
