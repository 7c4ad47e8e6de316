"""What is found deep inside a JSON document."""

from toolbuilder.synthesis.operations.operation import JSON, Operation

JSON_DEPTHS = (
    Operation(
        "values_under",
        ("Json", "Key"),
        "Items",
        "values_under({0}, {1})",
        "Find every {1}, however deep inside.",
        words="descent",
        hints="recursive deep find all nested recurse",
        cost=4,
        result="values",
        formats=JSON,
    ),
    Operation(
        "every_value",
        ("Json",),
        "Items",
        "every_value({0})",
        "List the document and every value inside it.",
        hints="recursive all nested deep",
        cost=7,
        result="values",
        formats=JSON,
    ),
    Operation(
        "list_paths",
        ("Json",),
        "Arrays",
        "list_paths({0})",
        "List the path to every value inside.",
        hints="path paths all nested deep",
        cost=4,
        result="paths",
        formats=JSON,
    ),
)
