"""Comparing, padding and measuring short texts."""

import re
from collections.abc import Iterable, Mapping

from toolbuilder.synthesis.library.arithmetic import parse_number
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.text import nth_field, nth_word


def has_folded(text: str, part: str) -> bool:
    """Tell whether the text contains the part, without regard to case."""
    return part.casefold() in text.casefold()


def same_folded(text: str, other: str) -> bool:
    """Tell whether the two texts are equal, without regard to case."""
    return text.casefold() == other.casefold()


def is_lower(text: str) -> bool:
    """Tell whether the text has no upper-case letter."""
    return text == text.lower()


def is_upper(text: str) -> bool:
    """Tell whether the text has no lower-case letter."""
    return text == text.upper()


def is_digits(text: str) -> bool:
    """Tell whether the text is made of digits."""
    return re.fullmatch(r"\d+", text) is not None


def longer_of(text: str, other: str) -> str:
    """Give the longer of the two texts; of equals, the first."""
    return other if len(other) > len(text) else text


def shorter_of(text: str, other: str) -> str:
    """Give the shorter of the two texts; of equals, the first."""
    return other if len(other) < len(text) else text


def word_initials(text: str) -> str:
    """Give the first letters of the words."""
    return "".join(word[0] for word in text.split())


def with_decimal_point(number: str) -> str:
    """Give the number with a decimal point, `.0` where it has none."""
    return number if "." in number else f"{number}.0"


def bracket_negative(number: str) -> str:
    """Write a negative number in parentheses, as in accounts."""
    return f"({number[1:]})" if number.startswith("-") else number


def with_plus_sign(number: str) -> str:
    """Write a plus sign before a positive number."""
    positive = not number.startswith(("-", "+")) and number.strip("0.") != ""
    return f"+{number}" if positive else number


def shortened_text(text: str, length: int) -> str:
    """Cut a text that is longer, and end it with three dots."""
    return text if len(text) <= length else f"{text[:length]}..."


def text_between(text: str, opening: str, closing: str) -> str:
    """Give what stands between the two marks."""
    _, found, rest = text.partition(opening)
    inner, ended, _ = rest.partition(closing)
    if not found or not ended:
        raise InputError(f"there is no {opening!r} and {closing!r} in {text!r}")
    return inner


def letters_of(text: str) -> str:
    """Keep the letters."""
    return "".join(character for character in text if character.isalpha())


def digits_of(text: str) -> str:
    """Keep the digits."""
    return "".join(character for character in text if character.isdigit())


def without_digits(text: str) -> str:
    """Leave out the digits."""
    return "".join(character for character in text if not character.isdigit())


def without_punctuation(text: str) -> str:
    """Keep letters, digits, underscores and white space."""
    return re.sub(r"[^\w\s]", "", text)


def without_vowels(text: str) -> str:
    """Leave out the vowels a, e, i, o and u."""
    return re.sub(r"[aeiouAEIOU]", "", text)


def look_up(meanings: Mapping[str, str], word: str) -> str:
    """Give what the word stands for."""
    if word not in meanings:
        raise InputError(f"expected {' or '.join(meanings)}, found {word!r}")
    return meanings[word]


def cut_field(line: str, delimiter: str, place: int) -> str:
    """Give the field at the place, "" beyond the last; a line without the delimiter stays whole."""
    fields = line.split(delimiter)
    return line if len(fields) == 1 else "".join(fields[place : place + 1])


def cut_fields(line: str, delimiter: str, places: Iterable[int]) -> str:
    """Keep the fields at the places, if any; a line without the delimiter stays whole."""
    fields = line.split(delimiter)
    if len(fields) == 1:
        return line
    return delimiter.join(fields[place] for place in places if place < len(fields))


def all_fields(line: str, delimiter: str, places: Iterable[int]) -> str:
    """Keep the fields at the places."""
    fields = line.split(delimiter)
    try:
        return delimiter.join(fields[place] for place in places)
    except IndexError:
        raise InputError(f"too few fields between {delimiter!r} in {line!r}") from None


def fold_line(line: str, width: int) -> list[str]:
    """Cut the line as `fold` does: a byte is a column, a tab goes to the next multiple of 8."""
    pieces, columns = [""], 0
    for character in line:
        step = 8 - columns % 8 if character == "\t" else len(character.encode())
        if columns + step > width and pieces[-1]:
            pieces.append("")
            columns, step = 0, 8 if character == "\t" else step
        pieces[-1] += character
        columns += step
    return pieces


def fold_lines(lines: Iterable[str], width: int) -> list[str]:
    """Cut every line as `fold` does."""
    return [piece for line in lines for piece in fold_line(line, width)]


def sort_by_word(lines: Iterable[str], place: int) -> list[str]:
    """Sort the lines by the word at the place; lines without it come first."""
    return sorted(lines, key=lambda line: (line.split()[place:], line))


def sort_by_field(lines: Iterable[str], delimiter: str, place: int) -> list[str]:
    """Sort the lines by the field at the place; lines without it come first."""
    return sorted(lines, key=lambda line: (line.split(delimiter)[place:], line))


def sort_by_field_number(lines: Iterable[str], delimiter: str, place: int) -> list[str]:
    """Sort the lines by the number in the field at the place."""
    return sorted(lines, key=lambda line: parse_number(nth_field(line, delimiter, place)))


def sort_by_word_number(lines: Iterable[str], place: int) -> list[str]:
    """Sort the lines by the number that is the word at the place."""
    return sorted(lines, key=lambda line: parse_number(nth_word(line, place)))
