"""What the catalogue knows about an operation."""

from dataclasses import dataclass

from toolbuilder.synthesis.layout import Role

PLAIN = ("text", "lines", "markdown", "files")
JSON = ("json", "jsonl")
TABULAR = ("csv", "tsv")


@dataclass(frozen=True)
class Operation:
    """One typed step of a program.

    `code` is its Python source, with {0}, {1} … where the arguments go; the names in it are
    Python's or those of `library`. `takes` and `gives` are kinds. `says` is an English sentence,
    with {1} … for the literal arguments.

    A description that uses one of the `words` asks for the operation; `hints` are words that the
    operation explains without being asked for by them. `cost` is what the operation costs where
    nothing names it.

    `result` names the variable that holds the value ("" keeps the argument's name, {1} takes it
    from a literal), `inside` is the code as a field of an f-string, where that is shorter.
    `confused_with` are operations that are easily taken for this one, and `formats` limits it to
    some types of input. `limit` is the largest number that the search applies it to (0: any), where
    a number says how much there will be of something. One that is `asked` is tried only when the
    description has a word of it. `finer` are operations that differ from this one in a detail, which
    matters where the operation is all that the tool does; `stricter` are those that refuse more inputs. One that is
    `bare` takes a name, such as a path: it is not tried on texts all of which have white space in them.
    """

    name: str
    takes: tuple[str, ...]
    gives: str
    code: str
    says: str
    words: str = ""
    hints: str = ""
    cost: int = 3
    result: str = ""
    inside: str = ""
    confused_with: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    limit: int = 0
    asked: bool = False
    finer: tuple[str, ...] = ()
    stricter: tuple[str, ...] = ()
    bare: bool = False
    role: Role = "transform"
