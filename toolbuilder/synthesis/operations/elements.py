"""Applying functions to elements, and conditions; `expressions` knows how these are written."""

from toolbuilder.synthesis.operations.operation import Operation

ELEMENTS = (
    Operation(
        "each",
        ("List", "Function"),
        "List",
        "",
        "Do so for each.",
        hints="each every",
        cost=1,
    ),
    Operation(
        "each_line",
        ("Lines", "Function", "Message"),
        "List",
        "",
        "Do so for each line; where that fails, complain: {2}.",
        cost=1,
    ),
    Operation(
        "keep",
        ("List", "Function"),
        "List",
        "",
        "Keep those for which this holds.",
        hints="keep only filter select",
        cost=3,
    ),
    Operation(
        "collect",
        ("List", "Function", "Function"),
        "Mapping",
        "",
        "Collect an object, with a key and a value from each.",
        hints="object map mapping dictionary key value",
        cost=2,
    ),
    Operation(
        "when",
        ("Flag", "Any", "Any"),
        "Any",
        "{1} if {0} else {2}",
        "If {0}, do the former, else the latter.",
        cost=1,
    ),
    Operation(
        "chosen",
        ("Choice", "Choice"),
        "Flag",
        "{0} == {1}",
        "Test whether {0} is {1}.",
        cost=1,
    ),
    Operation(
        "given",
        ("Any",),
        "Flag",
        "{0} is not None",
        "Test whether {0} is given.",
        cost=1,
    ),
)
