"""Constants that a program may contain: named in the description, or found in several examples."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from toolbuilder.synthesis.dialects import READ, header_of
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.formats import parse_date
from toolbuilder.synthesis.shown import Mined, documents, shapes, sought
from toolbuilder.synthesis.task import Example, Json, Task
from toolbuilder.synthesis.terms import Literal
from toolbuilder.synthesis.words import NUMBERS, ORDINALS, stem, tokens

DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    ":": "colon",
    "|": "pipe bar",
    "\t": "tab",
    "=": "equal",
    "/": "slash",
    "-": "hyphen dash",
    "_": "underscore",
    ".": "dot period",
    "@": "at",
    " ": "space",
    "(": "parenthesis parentheses bracket",
    ")": "parenthesis parentheses bracket",
    "[": "bracket",
    "]": "bracket",
    ", ": "comma",
    ": ": "colon",
}
JOINING = "=:|;@"  # between two words of a description, as in NAME=value, such a mark is shown to be a delimiter
SEPARATORS = {".": "dot dotted", "_": "underscore", "/": "slash", "-": "hyphen dash"}
DATE_FORMATS = {
    "%Y-%m-%d": "iso yyyy-mm-dd",
    "%m/%d/%Y": "mm/dd/yyyy american us",
    "%d/%m/%Y": "dd/mm/yyyy european",
    "%d.%m.%Y": "dd.mm.yyyy german",
    "%Y/%m/%d": "yyyy/mm/dd",
    "%Y%m%d": "yyyymmdd",
    "%d %B %Y": "",
    "%B %d, %Y": "",
    "%d %b %Y": "",
}
UNITS = {
    "MILLIMETRE": ("Length", "mm millimetre millimeter"),
    "CENTIMETRE": ("Length", "cm centimetre centimeter"),
    "METRE": ("Length", "metre meter"),
    "KILOMETRE": ("Length", "km kilometre kilometer"),
    "INCH": ("Length", "inch"),
    "FOOT": ("Length", "ft foot feet"),
    "YARD": ("Length", "yard"),
    "MILE": ("Length", "mi mile"),
    "MILLIGRAM": ("Mass", "mg milligram"),
    "GRAM": ("Mass", "gram"),
    "KILOGRAM": ("Mass", "kg kilogram kilo"),
    "OUNCE": ("Mass", "ounce oz"),
    "POUND": ("Mass", "pound lb"),
    "SECOND": ("Duration", "second"),
    "MINUTE": ("Duration", "minute"),
    "HOUR": ("Duration", "hour"),
    "DAY": ("Duration", "day"),
}
COMPOUND = re.compile(r"\d+(?:[.:/-]\d+)+")  # a version, a date or a time: its numbers count nothing
COMMENT_MARKS = ("#", "//", ";", "--", "%")
QUOTED = re.compile("[\"'`\u201c\u2018]([^\"'`\u201d\u2019]+)[\"'`\u201d\u2019]")


def mine(task: Task) -> tuple[Mined, ...]:
    """Give the constants worth trying, each with its cost, in a fixed order."""
    good = [example for example in task.examples if not example.exit_code]
    found = [
        *_delimiters(task, good),
        *_counts(task),
        *_keys(task, good),
        *_selections(task, good),
        *_words(task, good),
        *sought(task, good),
        *shapes(task, good),
        *_dates_and_units(task),
    ]
    return tuple(dict(found).items())


def _spoken(task: Task, names: str) -> bool:
    return bool(tokens(names) & tokens(task.description))


def _delimiters(task: Task, good: list[Example]) -> Iterator[Mined]:
    needed = min(2, len(good))
    for mark, names in DELIMITERS.items():
        seen = sum(mark in example.input or mark in (example.expected or "") for example in good)
        joined = mark in JOINING and bool(re.search(rf"\w{re.escape(mark)}\w", task.description))
        if seen >= (1 if joined else needed):
            yield Literal(mark, "Delimiter"), 0 if joined or _spoken(task, names) else 1
    for mark in COMMENT_MARKS:
        if sum(mark in example.input for example in good) >= needed:
            yield Literal(mark, "Mark"), 1
    for mark, names in SEPARATORS.items():
        yield Literal(mark, "Separator"), 0 if _spoken(task, names) else 2


def _counts(task: Task) -> Iterator[Mined]:
    spoken = {word.lower() for word in re.findall(r"[A-Za-z]+|\d+", COMPOUND.sub(" ", task.description))}
    named = {int(word) for word in spoken if word.isdecimal() and len(word) < 5}
    named |= {NUMBERS[word] for word in spoken & NUMBERS.keys()}
    places = {ORDINALS[word] - 1 for word in spoken & ORDINALS.keys()} | {number - 1 for number in named if number}
    places |= {-1} if "last" in spoken else set()
    for number in sorted(named - {0}):
        yield Literal(number, "Size"), 0
        yield Literal(number, "Places"), 0
    for number in sorted({1, *(number - 1 for number in named if number > 1)} - named):
        yield Literal(number, "Size"), 1
    listed = tuple(number - 1 for number in _listed(task) if number)
    if len(listed) > 1:
        yield Literal(listed, "Positions"), 0
    for place in (0, 1, 2, 3, 4, -1, -2):
        yield Literal(place, "Position"), 0 if place in places else 1


def _listed(task: Task) -> list[int]:
    """Give the numbers of the description, in figures or as ordinals, in the order in which they stand there."""
    words = re.findall(r"[a-z]+|\d+", task.description.lower())
    return [int(word) if word.isdecimal() else ORDINALS[word] for word in words if word.isdecimal() or word in ORDINALS]


def _keys(task: Task, good: list[Example]) -> Iterator[Mined]:
    spoken = tokens(task.description)
    written = [replace(example, input=example.expected or "") for example in good]
    made = [key for key in _json_keys(written) if tokens(key) and tokens(key) <= spoken]
    for kind, names in (("Column", _headers(task, good)), ("Key", dict.fromkeys((*_json_keys(good), *made)))):
        for name in names:
            yield Literal(name, kind), 0 if tokens(name) and tokens(name) <= spoken else 1


def _selections(task: Task, good: list[Example]) -> Iterator[Mined]:
    """Give the columns of the output, where they are columns of the input in every example."""
    names = _headers(task, good)
    dialect = task.output_type if task.output_type in READ else "csv"
    shown = {tuple(header_of(dialect, example.expected or "")) for example in good}
    for columns in sorted(shown):
        if len(shown) == 1 and columns and set(columns) <= set(names):
            yield Literal(columns, "Columns"), 1
        if len(shown) == 1 and len(columns) == 2 and task.output_type in READ:
            yield Literal(columns, "Titles"), 0


def _headers(task: Task, good: list[Example]) -> list[str]:
    if task.input_type in READ:
        headers = [header_of(task.input_type, example.input) for example in good if example.input]
    elif _spoken(task, "column table heading header"):
        headers = [example.input.split("\n")[0].split() for example in good if example.input]
    else:
        return []
    return [name for name in (headers[0] if headers else []) if all(name in header for header in headers)]


def _inside(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from value.items()
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _inside(inner)


def _json_keys(good: list[Example]) -> list[str]:
    seen = Counter(
        key
        for example in good
        for key in {key: None for document in documents(example) for key, _ in _inside(document)}
    )
    return [key for key, count in seen.items() if count >= min(2, len(good))]


def _words(task: Task, good: list[Example]) -> Iterator[Mined]:
    quoted = QUOTED.findall(task.description)
    plain = re.findall(r"<\w+>|[\w+#*-]+", task.description)
    for word in dict.fromkeys((*quoted, *plain)):
        if any(word in example.input for example in good) and (word in quoted or len(word) > 1):
            yield Literal(word, "Word"), 0
            if word + ":" in "".join(example.input for example in good):
                yield Literal(word + ":", "Word"), 0
    values = {
        value
        for example in good
        for document in documents(example)
        for _, value in _inside(document)
        if isinstance(value, str)
    }
    for value in sorted(values):
        if stem(value) in tokens(task.description):
            yield Literal(value, "JsonWord"), 0


def _dates_and_units(task: Task) -> Iterator[Mined]:
    said = task.description.lower()
    for pattern, names in DATE_FORMATS.items():
        if any(name in re.split(r"[^\w/.-]+", said) for name in names.split()):
            yield Literal(pattern, "DateFormat"), 0
    for sample in COMPOUND.findall(task.description):
        fitting = [pattern for pattern in DATE_FORMATS if _reads(sample, pattern)]
        if len(fitting) == 1:
            yield Literal(fitting[0], "DateFormat"), 0
    for unit, (kind, names) in UNITS.items():
        if _spoken(task, names):
            yield Literal(unit, kind), 0


def _reads(sample: str, pattern: str) -> bool:
    """Tell whether the sample is a date of the pattern."""
    try:
        parse_date(sample, pattern)
    except InputError:
        return False
    return True
