"""The types of the search: finer than Python's, so that a line is not confused with a document."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A type of value.

    `annotation` is its Python type, `parts` names and types the variables that stand for one value
    (more than one when it is a tuple to be unpacked), `element` is the kind of a list's elements.
    """

    name: str
    annotation: str
    element: str = ""
    parts: tuple[tuple[str, str], ...] = ()


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Text", "str"),
        Kind("Line", "str", parts=(("line", "Line"),)),
        Kind("Integer", "int", parts=(("number", "Integer"),)),
        Kind("Number", "Decimal", parts=(("number", "Number"),)),
        Kind("Value", "int | float", parts=(("number", "Value"),)),
        Kind("Values", "list[int | float]", "Value"),
        Kind("Real", "float"),
        Kind("Flag", "bool"),
        Kind("Date", "date"),
        Kind("Lines", "list[str]", "Line"),
        Kind("Integers", "list[int]", "Integer"),
        Kind("Numbers", "list[Decimal]", "Number"),
        Kind("NumberedLine", "tuple[int, str]", parts=(("number", "Integer"), ("line", "Line"))),
        Kind("NumberedLines", "list[tuple[int, str]]", "NumberedLine"),
        Kind("Counts", "dict[str, int]"),
        Kind("Tally", "tuple[str, int]", parts=(("value", "Line"), ("count", "Integer"))),
        Kind("Tallies", "list[tuple[str, int]]", "Tally"),
        Kind("Pair", "tuple[str, Decimal]"),
        Kind("Pairs", "list[tuple[str, Decimal]]", "Pair"),
        Kind("Totals", "dict[str, Decimal]"),
        Kind("Figures", "dict[str, int | float]"),
        Kind("Amount", "tuple[str, Decimal]", parts=(("key", "Line"), ("number", "Number"))),
        Kind("Amounts", "list[tuple[str, Decimal]]", "Amount"),
        Kind("Setting", "tuple[str, str]", parts=(("key", "Line"), ("value", "Line"))),
        Kind("Settings", "list[tuple[str, str]]", "Setting"),
        Kind("Heading", "Heading", parts=(("level", "Integer"), ("title", "Line"))),
        Kind("Headings", "list[Heading]", "Heading"),
        Kind("Table", "Table"),
        Kind("Record", "dict[str, str]", parts=(("record", "Record"),)),
        Kind("Records", "list[dict[str, str]]", "Record"),
        Kind("Row", "list[str]", parts=(("row", "Row"),)),
        Kind("Rows", "list[list[str]]", "Row"),
        Kind("Fields", "dict[str, str]"),
        Kind("Sections", "dict[str, dict[str, str]]"),
        Kind("Json", "Json", parts=(("item", "Json"),)),
        Kind("Items", "list[Json]", "Json", parts=(("row", "Items"),)),
        Kind("Arrays", "list[list[Json]]", "Items"),
        Kind("Object", "dict[str, Json]", parts=(("entry", "Object"),)),
        Kind("Objects", "list[dict[str, Json]]", "Object", parts=(("group", "Objects"),)),
        Kind("Groups", "list[list[dict[str, Json]]]", "Objects"),
        Kind("Member", "tuple[str, Json]", parts=(("key", "Line"), ("value", "Json"))),
        Kind("Members", "list[tuple[str, Json]]", "Member"),
        Kind("Changed", "dict[str, object]"),
        Kind("Place", "int | None"),
        Kind("Positions", "list[int]"),
        Kind("Meanings", "dict[str, str]"),
        Kind("Written", "str"),
        Kind("Files", "Mapping[str, str]"),
        Kind("NamedText", "tuple[str, str]", parts=(("path", "Line"), ("text", "Text"))),
        Kind("FileList", "list[tuple[str, str]]", "NamedText"),
        Kind("Size", "int"),
        Kind("Places", "int"),
        *(
            Kind(name, "str")
            for name in (
                "Word",
                "Delimiter",
                "Separator",
                "Mark",
                "Column",
                "Key",
                "JsonWord",
                "DateFormat",
                "Choice",
                "Sought",
                "Glue",
                "Position",
            )
        ),
        Kind("Output", "str"),
    )
}

LISTS: dict[str, str] = {kind.element: kind.name for kind in KINDS.values() if kind.element}
"""The kind of a list whose elements are of the given kind."""
