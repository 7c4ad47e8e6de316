"""Numbers: exact decimals, Roman numerals, units of measure."""

import math
import re
import statistics
from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from functools import reduce

from toolbuilder.synthesis.library.errors import InputError

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
MOST_ZEROS = 4000
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ROMAN_NUMERALS = {
    1000: "M",
    900: "CM",
    500: "D",
    400: "CD",
    100: "C",
    90: "XC",
    50: "L",
    40: "XL",
    10: "X",
    9: "IX",
    5: "V",
    4: "IV",
    1: "I",
}


def parse_number(text: str) -> Decimal:
    """Read a decimal number exactly; one that needs thousands of zeros is refused."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise InputError(f"not a number: {text!r}") from None
    if not number.is_finite():
        raise InputError(f"not a finite number: {text!r}")
    if abs(number.adjusted()) > MOST_ZEROS:
        raise InputError(f"too large or too small a number: {text!r}")
    return number


def parse_integer(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError:
        raise InputError(f"not a whole number: {text!r}") from None


def plain_number(number: Decimal) -> str:
    """Write the number without an exponent."""
    return f"{number:f}"


def grouped_number(text: str) -> str:
    """Write the number with a comma between groups of three digits."""
    return f"{parse_number(text):,f}"


def exact_number(value: float) -> Decimal:
    """Give the decimal number as which the value is written."""
    return Decimal(str(value))


def quotient_of(number: Decimal, divisor: float) -> Decimal:
    """Divide exactly."""
    if not divisor:
        raise InputError(f"cannot divide {number:f} by zero")
    return number / Decimal(str(divisor))


def add_up(numbers: Iterable[Decimal]) -> Decimal:
    """Add the numbers exactly."""
    return reduce(EXACT.add, numbers, Decimal(0))


def mean_of(numbers: list[Decimal]) -> Decimal:
    """Give the arithmetic mean of the numbers."""
    if not numbers:
        raise InputError("there is no mean of no numbers")
    return add_up(numbers) / len(numbers)


def smallest_of(numbers: list[Decimal]) -> Decimal:
    """Give the smallest number."""
    if not numbers:
        raise InputError("there is no smallest of no numbers")
    return min(numbers)


def largest_of(numbers: list[Decimal]) -> Decimal:
    """Give the largest number."""
    if not numbers:
        raise InputError("there is no largest of no numbers")
    return max(numbers)


def json_number(number: Decimal) -> int | float:
    """Give the number as JSON writes it: whole numbers without a decimal point."""
    if number == number.to_integral_value():
        return int(number)
    written = float(number)
    if math.isinf(written):
        raise InputError("a number is too large to be written in JSON")
    return written


def to_roman(number: int) -> str:
    """Write a whole number from 1 to 3999 in Roman numerals."""
    if not 1 <= number <= 3999:
        raise InputError(f"no Roman numeral for {number}")
    numeral = ""
    for value, letters in ROMAN_NUMERALS.items():
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


def from_roman(numeral: str) -> int:
    """Read a Roman numeral."""
    rest, number = numeral.strip().upper(), 0
    for value, letters in ROMAN_NUMERALS.items():
        while rest.startswith(letters):
            number, rest = number + value, rest[len(letters) :]
    if rest or not numeral.strip():
        raise InputError(f"not a Roman numeral: {numeral!r}")
    return number


def first_number(text: str) -> Decimal:
    """Read the first number in the text."""
    match = NUMBER.search(text)
    if match is None:
        raise InputError(f"there is no number in {text!r}")
    return Decimal(match[0])


def find_numbers(text: str) -> list[str]:
    """Find the decimal numbers in the text, in order."""
    return NUMBER.findall(text)


def fixed_number(number: Decimal, places: int) -> str:
    """Write the number with a fixed number of decimals."""
    return f"{number:.{places}f}"


def median_of(numbers: list[Decimal]) -> Decimal:
    """Give the median of the numbers."""
    if not numbers:
        raise InputError("there is no median of no numbers")
    return statistics.median(numbers)


def numbers_of(values: Iterable[str]) -> list[Decimal]:
    """Read every value as a number."""
    return [parse_number(value) for value in values]
