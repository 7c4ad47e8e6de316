"""A finished program: a term from the input to the output, with what is needed to emit and explain it."""

from dataclasses import dataclass

from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.task import Json, Option
from toolbuilder.synthesis.terms import Call, Literal, Term, Variable, children, from_json, to_json


@dataclass(frozen=True)
class Program:
    """A term whose free variables are the input and the options."""

    description: str
    input_type: str
    output_type: str
    options: tuple[Option, ...]
    term: Term

    @property
    def steps(self) -> tuple[str, ...]:
        """Describe each step in one English sentence, in the order in which they are taken."""
        return tuple(_sentences(self.term))

    def to_json(self) -> Json:
        """Give a canonical JSON form, from which the program can be read back."""
        return {
            "description": self.description,
            "input_type": self.input_type,
            "output_type": self.output_type,
            "options": [
                {"name": o.name, "type": o.type, "default": o.default, "choices": list(o.choices), "help": o.help}
                for o in self.options
            ],
            "term": to_json(self.term),
        }

    @classmethod
    def from_json(cls, form: Json) -> "Program":
        """Read the form that `to_json` gives; raise ValueError when it is no program."""
        match form:
            case {
                "description": str(description),
                "input_type": str(input_type),
                "output_type": str(output_type),
                "options": list(options),
                "term": term,
            }:
                read = tuple(_option(option) for option in options)
                return cls(description, input_type, output_type, read, from_json(term))
            case _:
                raise ValueError("not a program")


def _sentences(term: Term) -> list[str]:
    """Describe the steps of a term, each once; a choice is one sentence after what both its ways share."""
    match term:
        case Call("when", (condition, one, other)):
            first, second = _sentences(one), _sentences(other)
            told = [*_sentences(condition), *(step for step in first if step in second)]
            test = _phrase(condition) if isinstance(condition, Variable) else "so"
            told.append(f"If {test}: {_way(one, first, second)} Otherwise: {_way(other, second, first)}")
        case _:
            told = [step for child in children(term) for step in _sentences(child)]
            told += [sentence(term)] if isinstance(term, Call) else []
    return list(dict.fromkeys(told))


def _way(term: Term, own: list[str], others: list[str]) -> str:
    if isinstance(term, Literal):
        return f"{_phrase(term)}."
    alone = [step for step in own if step not in others]
    return " ".join(f"({step})" if step.startswith("If ") else step for step in alone) or "nothing more."


def sentence(call: Call) -> str:
    """Describe the step in English."""
    named = [_phrase(argument) for argument in call.arguments]
    return CATALOGUE[call.operation].says.format(*named)


def _phrase(term: Term) -> str:
    match term:
        case Literal(tuple() as values, _):
            return ", ".join(map(str, values))
        case Literal(value, _):
            return repr(value)
        case Variable(name, _):
            return f"`{name}`"
        case _:
            return "it"


def _option(form: Json) -> Option:
    match form:
        case {
            "name": str(name),
            "type": ("str" | "int" | "float" | "flag" | "choice") as kind,
            "default": str() | int() | float() | None as default,
            "choices": list(choices),
            "help": str(text),
        }:
            return Option(name, kind, default, tuple(map(str, choices)), text)
        case _:
            raise ValueError("not an option of a program")
