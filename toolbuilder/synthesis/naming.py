"""Names for the values of a program, taken from what they are."""

import keyword
import re

from toolbuilder.synthesis.kinds import KINDS, LISTS
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.terms import Call, Display, Function, Literal, Template, Term, Variable

IRREGULAR = {
    "tallies": "tally",
    "entries": "entry",
    "properties": "property",
    "matches": "match",
    "addresses": "address",
    "status_classes": "status_class",
}


def noun(term: Term) -> str:
    """Name the value of a term."""
    match term:
        case Variable(name, _):
            return name
        case Call(operation, arguments):
            return _noun_of_call(operation, arguments)
        case Template():
            return "line"
        case Display():
            return "summary"
        case _:
            return "value"


def _noun_of_call(operation: str, arguments: tuple[Term, ...]) -> str:
    match operation, arguments:
        case "each" | "each_line", (_, Function(body=body), *_):
            return plural(noun(body))
        case "explained", (_, Function(body=body), *_):
            return noun(body)
        case "keep", (source, _):
            return noun(source)
        case "when", (_, chosen, _):
            return noun(chosen)
        case "collect", _:
            return "entries"
        case _:
            return _result(CATALOGUE[operation].result, arguments)


def _result(result: str, arguments: tuple[Term, ...]) -> str:
    if not result:
        return noun(arguments[0])
    literals = [str(argument.value) if isinstance(argument, Literal) else "value" for argument in arguments]
    return identifier(result.format(*literals))


def identifier(text: str) -> str:
    """Make a variable's name of a text."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return name if name.isidentifier() and name.isascii() and not keyword.iskeyword(name) else "value"


def element_noun(term: Term, kind: str) -> str:
    """Name an element of a list, of the given kind (of counts: what is counted), so that it is told from the list."""
    while kind == "Tally" and isinstance(term, Call) and kind_of(term) in {"Tallies", "Counts"}:
        term = term.arguments[0]
    name = singular(noun(term))
    return name if name != noun(term) else KINDS[kind].parts[0][0]


def plural(name: str) -> str:
    """Give the plural of a noun."""
    if name in IRREGULAR.values():
        return next(many for many, one in IRREGULAR.items() if one == name)
    if len(name) < 2:
        return "values"
    return name if name.endswith("s") else f"{name}s"


def singular(name: str) -> str:
    """Give the singular of a noun, or the word itself when it is no plural."""
    return IRREGULAR.get(name, name[:-1] if name.endswith("s") and not name.endswith("ss") else name)


def kind_of(term: Term) -> str:
    """Give the kind of the term's value."""
    match term:
        case Variable(_, kind) | Literal(_, kind):
            return kind
        case Call("each" | "each_line", (_, Function(body=body), *_)):
            return LISTS.get(kind_of(body), "Items")
        case Call("explained" | "when", (_, own, *_)):
            return kind_of(own.body if isinstance(own, Function) else own)
        case Call(operation, (source, *_)) if CATALOGUE[operation].gives == "List":
            return kind_of(source)
        case Call(operation, _):
            return CATALOGUE[operation].gives
        case _:
            return "Line"


def annotation(term: Term) -> str:
    """Give the Python type of the term's value."""
    match term:
        case Display(keys, values):
            types = list(dict.fromkeys(annotation(value) for value in values))
            element = types[0] if len(types) == 1 else "object"
            return f"dict[str, {element}]" if keys else f"list[{element}]"
        case Call("each" | "each_line", (_, Function(body=body), *_)):
            return f"list[{annotation(body)}]"
        case Call("collect", (_, Function(body=key), Function(body=value))):
            return f"dict[{annotation(key)}, {annotation(value)}]"
        case _:
            return KINDS[kind_of(term)].annotation if kind_of(term) in KINDS else "object"


def function_name(function: Function) -> str:
    """Name a function of one element after what it makes, or the element that it formats."""
    whole = len(function.parameters) > 1
    element = re.sub(r"(?<!^)(?=[A-Z])", "_", function.element).lower() if whole else function.parameters[0].name
    if isinstance(function.body, Call) and function.body.operation == "pair":
        return "_and_".join(map(noun, function.body.arguments))
    if isinstance(function.body, Template | Display):
        return f"format_{element}" if isinstance(function.body, Template) else f"describe_{element}"
    made = noun(function.body)
    return f"{made}_of" if made != element else f"convert_{element}"
