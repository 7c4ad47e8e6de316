"""Units of measure: lengths in metres, masses in grams, durations in seconds."""

from decimal import Decimal

MILLIMETRE = Decimal("0.001")
CENTIMETRE = Decimal("0.01")
METRE = Decimal(1)
KILOMETRE = Decimal(1000)
INCH = Decimal("0.0254")
FOOT = Decimal("0.3048")
YARD = Decimal("0.9144")
MILE = Decimal("1609.344")

MILLIGRAM = Decimal("0.001")
GRAM = Decimal(1)
KILOGRAM = Decimal(1000)
OUNCE = Decimal("28.349523125")
POUND = Decimal("453.59237")

SECOND = Decimal(1)
MINUTE = Decimal(60)
HOUR = Decimal(3600)
DAY = Decimal(86400)


def celsius_to_fahrenheit(degrees: Decimal) -> Decimal:
    """Convert a temperature from degrees Celsius to Fahrenheit."""
    return degrees * 9 / 5 + 32


def fahrenheit_to_celsius(degrees: Decimal) -> Decimal:
    """Convert a temperature from degrees Fahrenheit to Celsius."""
    return (degrees - 32) * 5 / 9
