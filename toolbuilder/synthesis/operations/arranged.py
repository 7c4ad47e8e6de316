"""Ordering and deduplicating by a key of each element; `arranging` finds the key."""

from toolbuilder.synthesis.operations.operation import Operation

ORDER = "sort order ascending by first"
REPEATS = "duplicate repeat repeated dedupe deduplicate deduplicated unique distinct same remove drop keep only once"

ARRANGED = (
    Operation(
        "sorted_by",
        ("List", "Function"),
        "List",
        "sorted({0}, key={1})",
        "Sort them by it.",
        hints=f"leastfirst {ORDER} oldest lowest smallest earliest",
        result="ordered",
    ),
    Operation(
        "sorted_down_by",
        ("List", "Function"),
        "List",
        "sorted({0}, key={1}, reverse=True)",
        "Sort them by it, in descending order.",
        hints=f"mostfirst {ORDER} descending newest latest highest largest biggest reverse",
        result="ordered",
    ),
    Operation(
        "first_by_key",
        ("List", "Function"),
        "List",
        "first_by_key({0}, {1})",
        "Keep the first of those that share it.",
        hints=f"{REPEATS} first earliest",
        result="kept",
    ),
    Operation(
        "last_by_key",
        ("List", "Function"),
        "List",
        "last_by_key({0}, {1})",
        "Keep the last of those that share it, at the place of the first.",
        hints=f"{REPEATS} last latest newest place",
        result="kept",
    ),
    Operation(
        "latest_by_key",
        ("List", "Function"),
        "List",
        "latest_by_key({0}, {1})",
        "Keep the last of those that share it, at its own place.",
        hints=f"{REPEATS} last latest newest",
        result="kept",
    ),
)
