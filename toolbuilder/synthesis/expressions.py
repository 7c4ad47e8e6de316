"""Terms as Python: one statement a step, and a named function where an expression grows too long."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toolbuilder.synthesis.evaluate import NAMED_KINDS
from toolbuilder.synthesis.kinds import KINDS
from toolbuilder.synthesis.layouting import filled, laid_out, quoted
from toolbuilder.synthesis.naming import annotation, function_name, noun
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.operations.streams import ENDING
from toolbuilder.synthesis.program import sentence
from toolbuilder.synthesis.source import definitions, needed
from toolbuilder.synthesis.terms import Call, Display, Function, Literal, Template, Term, Variable, walk

INLINE = 56  # a longer body of a comprehension becomes a function
NESTED = 40  # a longer argument becomes a statement


@dataclass
class Scribe:
    """Writes the statements of one function, and the functions that it calls."""

    taken: frozenset[str]
    uses: Counter[Term]
    functions: list[str] = field(default_factory=list)
    nested: int = NESTED
    indent: int = 4
    statements: list[str] = field(default_factory=list)
    named: dict[Term, str] = field(default_factory=dict)
    lazy: frozenset[Term] = frozenset()  # the steps that pass a stream on, and keep nothing

    def expression(self, term: Term) -> str:
        """Write the term as an expression, its steps as statements before it."""
        match term:
            case Variable(name, _):
                code = name
            case Literal(tuple() as entries, "Meanings"):
                code = displayed(tuple(map(str, entries[::2])), [quoted(text) for text in entries[1::2]])
            case Literal(value, kind):
                code = str(value) if kind in NAMED_KINDS else quoted(value)
            case Call():
                code = self._call(term)
            case Template(parts):
                code = f'f"{"".join(map(self._part, parts))}"'
            case Display(keys, values):
                code = displayed(keys, [self.argument(value) for value in values])
            case Function():
                raise TypeError("a function is written where it is applied")
        return code

    def argument(self, term: Term) -> str:
        """Write the term so that it may stand inside another: a long step gets a statement and a name."""
        if term in self.named:
            return self.named[term]
        code = self.expression(term)
        if isinstance(term, Variable | Literal) or (self.uses[term] < 2 and self._short(code)):
            return code
        return self._assign(term, code)

    def assign(self, step: Call) -> None:
        """Write a statement that names the value of a step, unless it has a name."""
        if step not in self.named:
            self.uses = Counter(walk(step))
            self._assign(step, self.expression(step))

    def branch(self, term: Term, deeper: int) -> "Scribe":
        """Start the statements of a branch, which sees what is named so far."""
        inner = Scribe(self.taken, Counter(walk(term)), self.functions, self.nested, self.indent + deeper)
        inner.named |= self.named
        return replace(inner, lazy=self.lazy)

    def _short(self, code: str) -> bool:
        return len(code) <= self.nested and " for " not in code and "{" not in code and code.count("(") < 3

    def _call(self, call: Call) -> str:
        match call:
            case Call("explained", (value, Function() as step, message)):
                return f"explain_errors({self._reference(step)}, {self.argument(value)}, {self.expression(message)})"
            case Call(operation, (value, Function() as key)) if CATALOGUE[operation].code:
                return filled(CATALOGUE[operation].code, [self.argument(value), self._reference(key)])
            case Call(operation, (source, Function() as function, *others)):
                return self._loop(operation, source, function, others, "()" if call in self.lazy else "[]")
            case Call(operation, arguments):
                return filled(CATALOGUE[operation].code, [self.argument(argument) for argument in arguments])

    def _loop(self, operation: str, source: Term, function: Function, others: Sequence[Term], brackets: str) -> str:
        """Write a comprehension, with the filter of its source; where a line may be wrong, a call that says which."""
        test = ""
        match source:
            case Call("keep", (inner, Function() as predicate)) if operation == "each" and self.uses[source] < 2:
                source, test = inner, f" if {self._body(predicate)}"
        lines = self.argument(source)
        if operation == "each_line" or (operation == "each" and not test and _located(source, function)):
            complaint = "".join(f", {self.expression(message)}" for message in others)
            convert = "each_line" if brackets == "[]" else "convert_lines"
            return f"{convert}({lines}, {self._reference(function)}{complaint})"
        names = [parameter.name for parameter in function.parameters]
        items = lines[5:-1] if lines.startswith("list(") and lines.count("(") == lines.count(")") else lines
        loop = f"for {', '.join(names)} in {items}{test}"
        if operation == "keep":
            element = names[0] if len(names) == 1 else f"({', '.join(names)})"
            return f"{brackets[0]}{element} {loop} if {self._body(function)}{brackets[1]}"
        if operation == "collect":
            bodies = [self._body(argument) for argument in (function, *others) if isinstance(argument, Function)]
            if _distinct(function):
                return f"{{{': '.join(bodies)} {loop}}}"
            return f"object_of([({', '.join(bodies)}) {loop}])"
        return f"{brackets[0]}{self._body(function)} {loop}{brackets[1]}"

    def _body(self, function: Function) -> str:
        """Write what the function gives for an element: in place when it is short, else as a call."""
        inner = Scribe(self.taken, Counter(walk(function.body)), list(self.functions), nested=INLINE)
        body = inner.expression(function.body)
        if len(body) <= INLINE and not inner.statements:
            self.functions[:] = inner.functions
            return body
        return f"{self._define(function)}({', '.join(variable.name for variable in bound(function))})"

    def _reference(self, function: Function) -> str:
        """Name the function of one element, which may use options beside it."""
        body, own = self._body(function), function.parameters[0].name
        name, _, rest = body.partition("(")
        if rest == f"{own})" and name.isidentifier():
            return name
        if len(bound(function)) > 1 or self._short(body):
            return f"lambda {own}: {body}"
        return self._define(function)

    def _define(self, function: Function) -> str:
        name = _free(function_name(function), self.taken | {text.partition("(")[0][4:] for text in self.functions})
        place = len(self.functions)
        self.functions.insert(place, definition(name, function, self.taken | {name}, self.functions))
        return name

    def _assign(self, term: Term, code: str) -> str:
        name = _free(noun(term), self.taken | set(self.named.values()))
        self.named[term] = name
        self.statements.append(laid_out(f"{name} = ", code, self.indent))
        return name

    def _part(self, part: Term) -> str:
        if isinstance(part, Literal):
            return quoted(str(part.value), always_double=True)[1:-1].replace("{", "{{").replace("}", "}}")
        if isinstance(part, Call) and CATALOGUE[part.operation].inside:
            return "{" + CATALOGUE[part.operation].inside.format(*map(self._field, part.arguments)) + "}"
        return "{" + self._field(part) + "}"

    def _field(self, term: Term) -> str:
        code = self.argument(term)
        return self._assign(term, code) if set(code) & set("\"'\\{") else code


def displayed(keys: tuple[str, ...], values: list[str]) -> str:
    """Write an object with fixed keys, or without keys a list."""
    if not keys:
        return f"[{', '.join(values)}]"
    return "{" + ", ".join(f"{quoted(key)}: {value}" for key, value in zip(keys, values, strict=True)) + "}"


def bound(function: Function) -> tuple[Variable, ...]:
    """Give the variables that the function needs: the parts of its element, and the options that it uses."""
    used = [inner for inner in walk(function.body) if isinstance(inner, Variable)]
    inside = {name for inner in walk(function.body) if isinstance(inner, Function) for name in inner.parameters}
    own = [part for part in function.parameters if part in used or len(function.parameters) == 1]
    return tuple(dict.fromkeys((*own, *(variable for variable in used if variable not in inside))))


def fallible(function: Function) -> bool:
    """Tell whether the function may find its element wrong."""
    codes = [CATALOGUE[inner.operation].code for inner in walk(function.body) if isinstance(inner, Call)]
    called = [name for name in definitions() for code in codes if f"{name}(" in code]
    return any("InputError" in definitions()[name].uses for name in needed(called))


def _located(source: Term, function: Function) -> bool:
    return isinstance(source, Call) and source.operation in {"read_lines", f"read_lines{ENDING}"} and fallible(function)


def definition(name: str, function: Function, taken: frozenset[str], functions: list[str]) -> str:
    """Write a function of one element, with its docstring; those that it calls are put among the functions."""
    parameters = bound(function)
    names = {parameter.name for parameter in parameters}
    scribe = Scribe(taken | names, Counter(walk(function.body)), functions, nested=INLINE)
    code = scribe.expression(function.body)
    signature = ", ".join(f"{parameter.name}: {KINDS[parameter.kind].annotation}" for parameter in parameters)
    head = f'def {name}({signature}) -> {annotation(function.body)}:\n    """{_docstring(function)}"""'
    return "\n".join([head, *scribe.statements, laid_out("return ", code)])


def _docstring(function: Function) -> str:
    element = function.parameters[-1].name
    if isinstance(function.body, Template):
        return f"Write the output for one {element}."
    if isinstance(function.body, Call) and function.body.operation == "pair":
        return f"Give the {' and the '.join(map(noun, function.body.arguments))} of one {element}."
    calls = [inner for inner in walk(function.body) if isinstance(inner, Call)]
    said = [sentence(call).rstrip(".") for call in calls]
    whole = ", then ".join([*said[:1], *(text[:1].lower() + text[1:] for text in said[1:])]) + "."
    return whole if calls and len(whole) < 80 else f"Make the {noun(function.body)} of one {element}."


def _distinct(key: Function) -> bool:
    """Tell whether no two elements have the same key: it is what was counted, or a key of an object."""
    return key.element in {"Tally", "Member", "Amount", "Setting"} and key.body == key.parameters[0]


def _free(name: str, taken: set[str] | frozenset[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
