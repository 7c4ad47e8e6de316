import pytest

from toolbuilder.adapters.anthropic.waiting import retry_after

NOW = 1_784_109_600.0  # Wed, 15 Jul 2026 10:00:00 GMT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "30"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "30"}, 30.0),
        ({"retry-after": "Wed, 15 Jul 2026 10:00:20 GMT"}, 20.0),
        ({"retry-after": "Wed, 15 Jul 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_every_form_of_the_header_is_read_and_nonsense_left_aside(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers, lambda: NOW) == seconds
