"""Reading tables out of plain text."""

from toolbuilder.synthesis.operations.operation import PLAIN, Operation

COLUMNS = (
    Operation(
        "read_spaced_table",
        ("Text",),
        "Table",
        "read_spaced_table({0})",
        "Read the table whose columns white space separates.",
        hints="column header heading row space output",
        cost=2,
        result="table",
        formats=PLAIN,
        role="read",
        asked=True,
    ),
    Operation(
        "read_wide_table",
        ("Text",),
        "Table",
        "read_wide_table({0})",
        "Read the table whose columns two or more spaces separate.",
        hints="column header heading row space output",
        cost=3,
        result="table",
        formats=PLAIN,
        role="read",
        asked=True,
    ),
    Operation(
        "read_markdown_table",
        ("Text",),
        "Table",
        "read_markdown_table({0})",
        "Read the first Markdown table.",
        hints="markdown table row column heading header",
        cost=2,
        result="table",
        formats=PLAIN,
        role="read",
        asked=True,
    ),
    Operation(
        "lower_header",
        ("Table",),
        "Table",
        "lower_header({0})",
        "Write the names of the columns in lower case.",
        hints="lower lowercase case key name header",
        asked=True,
    ),
)
