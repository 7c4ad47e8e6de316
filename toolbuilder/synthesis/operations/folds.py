"""Numbering lines, wrapping them and joining them."""

from toolbuilder.synthesis.operations.operation import Operation

FOLDS = (
    Operation(
        "squeeze_blank",
        ("Lines",),
        "Lines",
        "squeeze_blank({0})",
        "Keep one of each run of empty lines.",
        words="squeeze",
        hints="blank empty collapse consecutive multiple run",
        cost=4,
    ),
    Operation(
        "number_lines",
        ("Lines",),
        "NumberedLines",
        "list(enumerate({0}, start=1))",
        "Number them from 1.",
        words="number numbered numbering",
        hints="line",
        cost=2,
        result="numbered",
    ),
    Operation(
        "wrap_lines",
        ("Lines", "Size"),
        "Lines",
        "wrap_lines({0}, {1})",
        "Cut each into pieces of {1} characters.",
        words="wrap fold width",
        hints="character",
        cost=4,
        confused_with=("fold_lines",),
        result="pieces",
    ),
    Operation(
        "join_lines",
        ("Lines", "Delimiter"),
        "Line",
        "{1}.join({0})",
        "Join them with {1} between.",
        words="join joined concatenate",
        hints="separated separate commaseparated combine merge single one by into",
        result="line",
    ),
)
