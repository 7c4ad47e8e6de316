"""How long a server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110, 10.2.3)."""

import math
import time
from collections.abc import Callable, Mapping
from email.utils import mktime_tz, parsedate_tz


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Give the seconds to wait, None where the headers do not say or say nonsense."""
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    if (seconds := _number(text)) is not None:
        return seconds
    date = parsedate_tz(text)
    return max(0.0, mktime_tz(date) - now()) if date else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
