"""An example as a command line that one can copy into a shell, byte for byte what the example says."""

import shlex
from pathlib import PurePosixPath

from toolbuilder.invisible import is_seen
from toolbuilder.proof.example_run import usual_arguments
from toolbuilder.spec import Example, Spec

COLUMNS = 88
ESCAPES = {"\\": r"\\", "\t": r"\t", "\r": r"\r"}


def session(spec: Spec, example: Example) -> str:
    """Give the shell lines that run an example in an empty folder."""
    command = shlex.join([spec.name, *usual_arguments(spec, example)])
    if example.files:
        return "\n".join([*map(_writes, example.files, example.files.values()), command])
    return command if spec.input_type == "none" else printed(example.input or "", f" | {command}")


def printed(text: str, after: str = "") -> str:
    """Give a `printf` command that prints a text exactly, one argument a line, and what comes `after` it."""
    if not text:
        return f"printf ''{after}"
    lines = text.removesuffix("\n").split("\n")
    plain = "\\" not in text and all(map(is_seen, "".join(lines)))
    directive = "%s" if plain else "%b"
    form = rf"{directive}\n" if text.endswith("\n") else r"\n".join([directive] * len(lines))
    words = [f"printf '{form}'", *(shlex.quote(line if plain else _escaped(line)) for line in lines)]
    whole = " ".join(words) + after
    return whole if len(whole) <= COLUMNS or len(lines) == 1 else " \\\n    ".join(words) + after


def _writes(path: str, text: str) -> str:
    parent = PurePosixPath(path).parent
    folder = "" if parent == PurePosixPath() else f"mkdir -p {shlex.quote(str(parent))} && "
    return f"{folder}{printed(text, f' > {shlex.quote(path)}')}"


def _escaped(line: str) -> str:
    return "".join(ESCAPES.get(char) or (char if is_seen(char) else _octal(char)) for char in line)


def _octal(char: str) -> str:
    return "".join(f"\\0{byte:03o}" for byte in char.encode())
