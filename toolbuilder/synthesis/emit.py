"""Programs as Python modules that a person would be glad to maintain."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator

from toolbuilder.synthesis.expressions import Scribe
from toolbuilder.synthesis.layout import Layout, Role
from toolbuilder.synthesis.layouting import WIDTH, laid_out, quoted
from toolbuilder.synthesis.modules import Part, assemble
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.source import definitions, imports, names_in
from toolbuilder.synthesis.streaming import spine, streamed
from toolbuilder.synthesis.task import Option
from toolbuilder.synthesis.terms import Call, Function, Term, Variable, children, operations_of, walk

IMPERATIVES = frozenset(
    [
        "Add",
        "Calculate",
        "Check",
        "Collect",
        "Combine",
        "Compute",
        "Convert",
        "Count",
        "Decode",
        "Delete",
        "Drop",
        "Encode",
        "Extract",
        "Filter",
        "Find",
        "Flatten",
        "Format",
        "Give",
        "Group",
        "Join",
        "Keep",
        "List",
        "Make",
        "Merge",
        "Parse",
        "Pick",
        "Print",
        "Read",
        "Remove",
        "Rename",
        "Replace",
        "Report",
        "Reverse",
        "Round",
        "Select",
        "Show",
        "Skip",
        "Slugify",
        "Sort",
        "Split",
        "Strip",
        "Sum",
        "Swap",
        "Take",
        "Total",
        "Transform",
        "Translate",
        "Turn",
        "Wrap",
        "Write",
    ]
)
ANNOTATIONS = {"str": "str", "int": "int", "float": "float", "flag": "bool", "choice": "str"}


def emit(program: Program, layout: Layout) -> dict[str, str]:
    """Write the program's modules: module name -> source text."""
    functions = _functions(program, layout)
    used = {name for text in functions for name in names_in(text)} & definitions().keys()
    term = (layout.streams and streamed(program.term)) or program.term
    roles = {name: CATALOGUE[operation].role for operation in operations_of(term) for name in _names(operation)}
    parts: dict[Role, Part] = {"read": Part(), "write": Part(), "transform": Part(tuple(functions))}
    for name in sorted(used, key=lambda name: definitions()[name].place):
        role = roles.get(name, "transform")
        parts[role] = Part(parts[role].functions, (*parts[role].roots, name))
    return assemble(parts, layout)


def _names(operation: str) -> frozenset[str]:
    known = definitions().keys()
    return frozenset(name for name in known if f"{name}(" in CATALOGUE[operation].code)


def _functions(program: Program, layout: Layout) -> list[str]:
    given = {"text", "files", layout.function, *(option.variable for option in program.options)}
    taken = frozenset(given | definitions().keys() | imports().keys())
    functions: list[str] = []
    term = (layout.streams and streamed(program.term)) or program.term
    lazy = spine(term) if layout.streams else frozenset()
    start = Scribe(taken, Counter(walk(term)), functions, lazy=lazy)
    body = [*_demands(program), *_bounds(program), *_body(term, start)]
    lines = [*_signature(program, layout), *_docstring(program.description), *body]
    return ["\n".join(lines), *functions]


def _body(term: Term, scribe: Scribe) -> list[str]:
    """Write the statements that return the term's value; a condition at the very top becomes an `if`."""
    match term:
        case Call("when", (condition, then, otherwise)):
            for shared in _shared(then, otherwise):
                scribe.assign(shared)
            test = f"{' ' * scribe.indent}if {scribe.expression(condition)}:"
            inner = _body(then, scribe.branch(then, 4))
            return [*scribe.statements, test, *inner, *_body(otherwise, scribe.branch(otherwise, 0))]
        case _:
            result = scribe.expression(term)
            return [*scribe.statements, laid_out("return ", result, scribe.indent)]


def _shared(one: Term, other: Term) -> list[Call]:
    """Give the largest steps that occur in both terms, and not for each element of a list."""
    both = set(_steps(one)) & set(_steps(other))
    inside = {inner for outer in both for child in children(outer) for inner in walk(child)}
    return [step for step in dict.fromkeys(_steps(one)) if isinstance(step, Call) and step in both - inside]


def _steps(term: Term) -> Iterator[Term]:
    """Give the term and the terms inside it, but for those inside a function of an element."""
    if not isinstance(term, Function):
        for child in children(term):
            yield from _steps(child)
        yield term


def _demands(program: Program) -> list[str]:
    """Refuse to run without an option that has no default, unless the program asks whether it is given."""
    terms = list(walk(program.term))
    asked = {
        inner for term in terms if isinstance(term, Call) and term.operation == "given" for inner in term.arguments
    }
    optional = {inner.name for inner in asked if isinstance(inner, Variable)} | _sliced(terms)
    missing = [option for option in program.options if option.type != "flag" and option.default is None]
    return [
        line
        for option in missing
        if option.variable not in optional
        for line in (
            f"    if {option.variable} is None:",
            f'        raise InputError("the option --{option.name} is missing")',
        )
    ]


def _bounds(program: Program) -> list[str]:
    """Refuse a negative number where the program says with it how much there will be of something."""
    sizes = {inner.name for inner in walk(program.term) if isinstance(inner, Variable) and inner.kind == "Size"}
    return [
        line
        for option in program.options
        if option.variable in sizes and option.type == "int"
        for line in (
            f"    if {_given(option)}{option.variable} < 0:",
            f'        raise InputError(f"--{option.name} must be 0 or more, not {{{option.variable}}}")',
        )
    ]


def _given(option: Option) -> str:
    return f"{option.variable} is not None and " if option.default is None else ""


def _sliced(terms: list[Term]) -> set[str]:
    """Name the variables that only bound a slice, where None means no bound."""
    sizes = [inner for inner in terms if isinstance(inner, Variable) and inner.kind == "Size"]
    calls = [
        inner for inner in terms if isinstance(inner, Call) and inner.operation in {"first_lines", "most_common_first"}
    ]
    bounds = [inner for call in calls for inner in call.arguments[1:] if isinstance(inner, Variable)]
    return {variable.name for variable in sizes if sizes.count(variable) == bounds.count(variable)}


def _signature(program: Program, layout: Layout) -> list[str]:
    text = "lines: Iterable[str]" if layout.streams else "text: str"
    given = {"none": [], "files": ["files: Mapping[str, str]"]}.get(program.input_type, [text])
    result = "Iterator[str]" if layout.streams else "str"
    options = [_parameter(option) for option in program.options]
    parameters = [*given, *(["*", *options] if options else [])]
    line = f"def {layout.function}({', '.join(parameters)}) -> {result}:"
    if len(line) <= WIDTH:
        return [line]
    return [f"def {layout.function}(", *(f"    {parameter}," for parameter in parameters), f") -> {result}:"]


def _parameter(option: Option) -> str:
    annotation = ANNOTATIONS[option.type]
    if option.type == "flag":
        return f"{option.variable}: bool = {bool(option.default)}"
    if option.default is None:
        return f"{option.variable}: {annotation} | None = None"
    return f"{option.variable}: {annotation} = {quoted(option.default)}"


def _docstring(description: str) -> list[str]:
    """Give the first sentence a line of its own where it is a command and fits, and the rest a paragraph."""
    text = " ".join(description.split()).replace("\\", "/").replace('"""', "'''")
    text = text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
    first, _, rest = re.sub(r"(?<=[.!?]) ", "\n", text, count=1).partition("\n")
    if len(first) > WIDTH - 10 or first.split()[0] not in IMPERATIVES:
        first, rest = "Give the tool's output for its input.", text
    if not rest:
        return [f'    """{first}"""']
    wrapped = textwrap.wrap(rest, WIDTH - 4, initial_indent="    ", subsequent_indent="    ")
    return [f'    """{first}', "", *wrapped, '    """']
