"""One number for each group of rows or objects; only a description that speaks of groups asks for it."""

from toolbuilder.synthesis.operations.operation import JSON, Operation

GROUPING = "per by each group for every of"
TABLE = ("Table", "Column", "Column")
OBJECTS = ("Objects", "Key", "Key")


def _of_rows(name: str, summary: str, says: str, words: str, hints: str) -> Operation:
    code = f"summed_up({{0}}, {{1}}, {{2}}, {summary}, {{2}})"
    return Operation(
        name, TABLE, "Table", code, says, words=words, hints=f"{hints} {GROUPING}", asked=True, cost=4, result="groups"
    )


def _of_objects(name: str, code: str, says: str, words: str, hints: str) -> Operation:
    return Operation(
        name,
        OBJECTS,
        "Object",
        code,
        says,
        words=words,
        hints=f"{hints} {GROUPING}",
        asked=True,
        cost=4,
        result="groups",
        formats=JSON,
    )


GROUPS = (
    _of_rows(
        "largest_by",
        "largest_value",
        "Take the largest {2} for each {1}.",
        "highest largest maximum max greatest",
        "most top",
    ),
    _of_rows(
        "smallest_by",
        "smallest_value",
        "Take the smallest {2} for each {1}.",
        "lowest smallest minimum min least",
        "fewest",
    ),
    _of_rows("mean_by", "mean_value", "Take the mean of {2} for each {1}.", "average mean", "arithmetic"),
    _of_rows(
        "distinct_rows_by",
        "distinct_values",
        "Count the different {2} for each {1}.",
        "unique distinct different",
        "count number many",
    ),
    Operation(
        "distinct_counts",
        TABLE,
        "Counts",
        "distinct_counts({0}, {1}, {2})",
        "Count the different {2} for each {1}.",
        words="unique distinct different",
        hints=f"count number many {GROUPING}",
        asked=True,
        result="counts",
    ),
    _of_objects(
        "total_members_by",
        "numbers_by({0}, {1}, {2}, add_up)",
        "Add up {2} for each {1}.",
        "total sum",
        "add up",
    ),
    _of_objects(
        "largest_members_by",
        "numbers_by({0}, {1}, {2}, largest_of)",
        "Take the largest {2} for each {1}.",
        "highest largest maximum max greatest",
        "most top",
    ),
    _of_objects(
        "smallest_members_by",
        "numbers_by({0}, {1}, {2}, smallest_of)",
        "Take the smallest {2} for each {1}.",
        "lowest smallest minimum min least",
        "fewest",
    ),
    _of_objects(
        "mean_members_by",
        "numbers_by({0}, {1}, {2}, mean_of)",
        "Take the mean of {2} for each {1}.",
        "average mean",
        "arithmetic",
    ),
    _of_objects(
        "distinct_members_by",
        "distinct_by({0}, {1}, {2})",
        "Count the different {2} for each {1}.",
        "unique distinct different",
        "count number many",
    ),
)
