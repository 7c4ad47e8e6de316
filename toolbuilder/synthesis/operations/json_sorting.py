"""Objects in the order of what they have under a key."""

from toolbuilder.synthesis.operations.operation import JSON, Operation

JSON_SORTING = (
    Operation(
        "sort_objects",
        ("Objects", "Key"),
        "Objects",
        "sort_objects({0}, {1})",
        "Sort them by {1}; one without it comes first.",
        words="sort",
        hints="order by",
        formats=JSON,
        stricter=("sort_all_objects",),
    ),
    Operation(
        "sort_all_objects",
        ("Objects", "Key"),
        "Objects",
        "sort_all_objects({0}, {1})",
        "Sort them by {1}, which all must have.",
        words="sort",
        hints="order by must refuse error required",
        cost=4,
        formats=JSON,
    ),
    Operation(
        "sort_objects_last",
        ("Objects", "Key"),
        "Objects",
        "sort_objects_last({0}, {1})",
        "Sort them by {1}; one without it comes last.",
        words="missing without lacking",
        hints="sort order by last end",
        cost=4,
        formats=JSON,
        asked=True,
    ),
)
