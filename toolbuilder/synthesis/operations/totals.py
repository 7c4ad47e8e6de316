"""One number for each key: how the numbers of a group become one, and the order of the groups."""

from toolbuilder.synthesis.operations.operation import Operation

GROUPS = "per by each group for every"
RANKING = "most first order sort rank heavy busy top"


def _summary(name: str, says: str, hints: str) -> Operation:
    """Make the operation that gives one number for the numbers of each key."""
    words = f"{hints} {GROUPS}"
    return Operation(
        name, ("Pairs",), "Totals", f"{name}({{0}})", says, hints=words, cost=2, result="totals", asked=True
    )


TOTALS = (
    Operation(
        "pair", ("Any", "Number"), "Pair", "({0}, {1})", "Take the two together.", hints="pair", cost=1, result="pair"
    ),
    _summary("totals_by_key", "Add up the numbers for each.", "total sum summed add up summarise summarize"),
    _summary("largest_by_key", "Take the largest number for each.", "highest largest maximum max greatest biggest"),
    _summary("smallest_by_key", "Take the smallest number for each.", "lowest smallest minimum min least"),
    _summary("means_by_key", "Take the mean of the numbers for each.", "average mean"),
    Operation(
        "totals_sorted",
        ("Totals",),
        "Totals",
        "dict(sorted({0}.items()))",
        "Put them in the order of their names.",
        hints="sort alphabetical order name by ascending",
        result="ordered",
    ),
    Operation(
        "totals_ranked",
        ("Totals",),
        "Totals",
        "largest_first({0})",
        "Put the largest number first, ties in order of occurrence.",
        words="mostfirst",
        hints=f"largest highest biggest descending greatest {RANKING}",
        result="ranked",
    ),
    Operation(
        "totals_ranked_sorted",
        ("Totals",),
        "Totals",
        "largest_first_sorted({0})",
        "Put the largest number first, ties in the order of their names.",
        words="mostfirst alphabetical tie equal",
        hints=f"largest highest biggest descending greatest same {RANKING}",
        cost=4,
        result="ranked",
        asked=True,
        confused_with=("totals_ranked",),
    ),
    Operation(
        "totals_rising",
        ("Totals",),
        "Totals",
        "smallest_first({0})",
        "Put the smallest number first, ties in order of occurrence.",
        words="leastfirst",
        hints="smallest lowest least ascending first order sort",
        cost=4,
        result="ranked",
    ),
    Operation(
        "first_totals",
        ("Totals", "Size"),
        "Totals",
        "first_totals({0}, {1})",
        "Keep the first {1}.",
        hints="top first limit most head",
        cost=2,
    ),
    Operation(
        "shares_of_counts",
        ("Counts",),
        "Totals",
        "shares_of({0})",
        "Take the percentage that each is of all.",
        hints="share percent percentage proportion",
        result="shares",
        asked=True,
    ),
    Operation(
        "shares_of_totals",
        ("Totals",),
        "Totals",
        "shares_of({0})",
        "Take the percentage that each is of the total.",
        hints="share percent percentage proportion",
        result="shares",
        asked=True,
    ),
    Operation(
        "rounded_totals",
        ("Totals", "Places"),
        "Totals",
        "rounded_totals({0}, {1})",
        "Round each to {1} decimals.",
        hints="round rounded decimal place digit",
        cost=2,
        limit=100,
        result="rounded",
        asked=True,
    ),
    Operation(
        "json_totals",
        ("Totals",),
        "Figures",
        "json_numbers({0})",
        "Write the numbers as JSON does.",
        cost=1,
        result="numbers",
    ),
    Operation(
        "table_of_totals",
        ("Totals", "Titles"),
        "Table",
        "table_of({0}, {1})",
        "Make a table of them with the columns {1}.",
        hints="csv tsv table column",
        cost=2,
        result="table",
    ),
    Operation(
        "table_of_counts",
        ("Counts", "Titles"),
        "Table",
        "table_of({0}, {1})",
        "Make a table of them with the columns {1}.",
        hints="csv tsv table column",
        cost=2,
        result="table",
    ),
    Operation("amounts", ("Totals",), "Amounts", "list({0}.items())", "List them.", cost=1, result="amounts"),
    Operation(
        "settings", ("Fields",), "Settings", "list({0}.items())", "Take each key and value.", cost=1, result="settings"
    ),
)
