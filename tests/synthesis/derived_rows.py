"""Rows of operations on keys: parts of names, tables in plain text, one number for each key, lists by a key."""

from decimal import Decimal

from toolbuilder.synthesis.library.tables import Table

PAIRS = [("b", Decimal(1)), ("a", Decimal("2.5")), ("b", Decimal(2))]
TOTALS = {"b": Decimal(1), "c": Decimal(3), "a": Decimal(1)}
WORDS = ["b 1", "a 2", "B 3"]


def first_letter(text: str) -> str:
    return text[:1].lower()


DERIVED_ROWS: dict[str, tuple[tuple[object, ...], object]] = {
    "hour_in": (("[10/Oct/2000:13:55:36] GET /12:99",), "13"),
    "time_in": (("2024-05-01T10:15:59Z x",), "10:15"),
    "day_in": (("at 2024-02-29 10:00",), "2024-02-29"),
    "month_in": (("2024-05-01T10:15:59Z",), "2024-05"),
    "year_in": (("x 2024-05-01",), "2024"),
    "weekday_in": (("2024-05-01",), "Wednesday"),
    "file_extension": (("a.d/b.tar.gz",), "gz"),
    "file_name": (("/a/b.c",), "b.c"),
    "folder": (("a/b/c.d",), "a/b"),
    "first_segment": (("/a/b",), "a"),
    "host_of": (("https://user@Example.org:80/x",), "example.org"),
    "path_of": (("http://x.org/a/b?c=d#e",), "/a/b"),
    "mail_domain": (("a@b@c.org",), "c.org"),
    "status_class": (("404",), "4xx"),
    "without_quotes": (('"a" b"',), 'a" b'),
    "version_numbers": (("v1.10.2",), [1, 10, 2]),
    "after_words": (("10  a b.txt", 1), "a b.txt"),
    "json_amount": ((2.5,), Decimal("2.5")),
    "read_spaced_table": (("NAME   AGE\n\nx y\n",), Table(["NAME", "AGE"], [["x", "y"]])),
    "read_wide_table": (("FULL NAME   AGE\nx y  3\n",), Table(["FULL NAME", "AGE"], [["x y", "3"]])),
    "read_markdown_table": (
        ("# A\n\n| a | b |\n|:--|--:|\n| 1 \\| 2 |  |\n\n| c |\n|---|\n",),
        Table(["a", "b"], [["1 | 2", ""]]),
    ),
    "lower_header": ((Table(["A b"], [["C"]]),), Table(["a b"], [["C"]])),
    "pair": (("a", Decimal(1)), ("a", Decimal(1))),
    "totals_by_key": ((PAIRS,), {"b": Decimal(3), "a": Decimal("2.5")}),
    "largest_by_key": ((PAIRS,), {"b": Decimal(2), "a": Decimal("2.5")}),
    "smallest_by_key": ((PAIRS,), {"b": Decimal(1), "a": Decimal("2.5")}),
    "means_by_key": ((PAIRS,), {"b": Decimal("1.5"), "a": Decimal("2.5")}),
    "totals_sorted": ((TOTALS,), {"a": Decimal(1), "b": Decimal(1), "c": Decimal(3)}),
    "totals_ranked": ((TOTALS,), {"c": Decimal(3), "b": Decimal(1), "a": Decimal(1)}),
    "totals_ranked_sorted": ((TOTALS,), {"c": Decimal(3), "a": Decimal(1), "b": Decimal(1)}),
    "totals_rising": ((TOTALS,), {"b": Decimal(1), "a": Decimal(1), "c": Decimal(3)}),
    "first_totals": ((TOTALS, 2), {"b": Decimal(1), "c": Decimal(3)}),
    "shares_of_counts": (({"a": 1, "b": 3},), {"a": Decimal(25), "b": Decimal(75)}),
    "shares_of_totals": (({"a": Decimal("0.5"), "b": Decimal("1.5")},), {"a": Decimal(25), "b": Decimal(75)}),
    "rounded_totals": (({"a": Decimal("33.33"), "b": Decimal(1)}, 1), {"a": Decimal("33.3"), "b": Decimal("1.0")}),
    "json_totals": (({"a": Decimal("1.5"), "b": Decimal(2)},), {"a": 1.5, "b": 2}),
    "table_of_totals": (({"a": Decimal("1.50")}, ["k", "n"]), Table(["k", "n"], [["a", "1.50"]])),
    "table_of_counts": (({"a": 1}, ["k", "n"]), Table(["k", "n"], [["a", "1"]])),
    "amounts": ((TOTALS,), [("b", Decimal(1)), ("c", Decimal(3)), ("a", Decimal(1))]),
    "settings": (({"a": "1"},), [("a", "1")]),
    "sorted_by": ((WORDS, first_letter), ["a 2", "b 1", "B 3"]),
    "sorted_down_by": ((WORDS, first_letter), ["b 1", "B 3", "a 2"]),
    "first_by_key": ((WORDS, first_letter), ["b 1", "a 2"]),
    "last_by_key": ((WORDS, first_letter), ["B 3", "a 2"]),
    "latest_by_key": ((WORDS, first_letter), ["a 2", "B 3"]),
}
