"""Writing a document from a structure."""

from toolbuilder.synthesis.operations.operation import Operation

WRITERS = (
    Operation("render_text", ("Line",), "Output", "render_text({0})", "Print it.", cost=1, role="write"),
    Operation("render_lines", ("Lines",), "Output", "render_lines({0})", "Print one a line.", cost=1, role="write"),
    Operation(
        "render_json", ("Any",), "Output", "render_json({0})", "Print it as indented JSON.", cost=1, role="write"
    ),
    Operation(
        "render_json_line",
        ("Any",),
        "Output",
        "render_json_line({0})",
        "Print it as JSON on one line.",
        cost=1,
        role="write",
    ),
    Operation(
        "render_compact_json",
        ("Any",),
        "Output",
        "render_compact_json({0})",
        "Print it as JSON without white space.",
        cost=1,
        role="write",
    ),
    Operation(
        "render_json_lines",
        ("Items",),
        "Output",
        "render_json_lines({0})",
        "Print each as JSON on a line of its own.",
        cost=1,
        role="write",
    ),
    Operation(
        "render_compact_json_lines",
        ("Items",),
        "Output",
        "render_compact_json_lines({0})",
        "Print each as JSON without white space on a line of its own.",
        cost=1,
        role="write",
    ),
    Operation("render_csv", ("Table",), "Output", "render_table({0})", "Print it as CSV.", cost=1, role="write"),
    Operation(
        "render_tsv",
        ("Table",),
        "Output",
        "render_tab_table({0})",
        "Print it with tabs between the fields.",
        cost=1,
        role="write",
    ),
    Operation("render_rows", ("Rows",), "Output", "render_rows({0})", "Print the rows as CSV.", cost=1, role="write"),
    Operation(
        "render_tab_rows",
        ("Rows",),
        "Output",
        "render_tab_rows({0})",
        "Print the rows with tabs between the fields.",
        cost=1,
        role="write",
    ),
)
