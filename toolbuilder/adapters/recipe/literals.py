"""Values as Python source: literals laid out as a formatter lays them out."""

from toolbuilder.scaffold.python_text import LINE_LENGTH, argument, quoted, width

INDENT = 4


def literal(value: object, before: int, indent: int = 0) -> str:
    """Give a JSON value, or a tuple of such, as an expression.

    `before` is how many columns stand before it on its line, `indent` how far that line is indented.
    """
    whole = _flat(value)
    if before + width(whole) + 1 <= LINE_LENGTH:
        return whole
    inner = " " * (indent + INDENT)
    match value:
        case str():
            return argument("", value, indent)[1:]
        case dict():
            items = [(f"{inner}{quoted(key)}: ", item) for key, item in value.items()]
        case list() | tuple():
            items = [(inner, item) for item in value]
        case _:
            return whole
    lines = [f"{start}{literal(item, len(start), indent + INDENT)},\n" for start, item in items]
    return f"{whole[0]}\n{''.join(lines)}{' ' * indent}{whole[-1]}"


def _flat(value: object) -> str:
    match value:
        case str():
            return quoted(value)
        case dict():
            return f"{{{', '.join(f'{quoted(key)}: {_flat(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(_flat, value))}]"
        case tuple():
            return f"({', '.join(map(_flat, value))}{',' if len(value) == 1 else ''})"
        case _:
            return repr(value)
