"""More than two hundred wrong specs, made of real ones: each refused in its place, and no other error ever."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.yaml_files.text import LARGEST_FILE

FOLDER = Path(__file__).parents[2] / "specs"
NAMES = ("csv-totals", "extract-emails", "find-duplicates", "log-levels")
SPECS = {name: (FOLDER / f"{name}.yaml").read_text("utf-8") for name in NAMES}
Read = Callable[[bytes, str], Spec]
Place = tuple[int, int]
MARK = "¶"  # where the problem is


@dataclass(frozen=True)
class Wrong:
    """A malformed spec; `place` is where one of its problems has to be told."""

    content: bytes
    place: Place | None
    file_name: str = ""


def marked(text: str) -> Wrong:
    """Take out the mark that shows where the problem is."""
    before, _, after = text.partition(MARK)
    return Wrong((before + after).encode(), place_after(before))


def place_after(text: str) -> Place:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def appended(lines: str) -> Callable[[str], Wrong]:
    return lambda text: marked(f"{text}{lines}\n")


def replaced(pattern: str, new: str) -> Callable[[str], Wrong]:
    return lambda text: marked(re.sub(pattern, lambda _: new, text, count=1, flags=re.MULTILINE))


def named(name: str) -> Callable[[str], Wrong]:
    return replaced(r"^name: .*$", f"name: {MARK}{name}")


def first_example(lines: str) -> Callable[[str], Wrong]:
    return replaced(r"^examples:$", f"examples:\n{lines}")


def byte_put_in(byte: bytes) -> Callable[[str], Wrong]:
    def change(text: str) -> Wrong:
        offset = text.index("output_type: ") + 15
        return Wrong(text[:offset].encode() + byte + text[offset:].encode(), place_after(text[:offset]))

    return change


BOMB = "bomb:\n  - &a0 [x]\n" + "".join(f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
MUTATIONS: dict[str, Callable[[str], Wrong]] = {
    "empty": lambda _: Wrong(b"", (1, 1)),
    "only a comment": lambda _: Wrong(b"# later\n", (1, 1)),
    "only a list": lambda _: Wrong(b"- name\n", (1, 1)),
    "only a word": lambda _: Wrong(b"name\n", (1, 1)),
    "huge": lambda text: Wrong(text.encode() + b"#" * LARGEST_FILE, (0, 0)),
    "utf-16": lambda text: Wrong(text.encode("utf-16"), (1, 1)),
    "utf-16 without mark": lambda text: Wrong(text.encode("utf-16-le"), (1, 2)),
    "latin-1": byte_put_in(b"\xe9"),
    "cut character": byte_put_in(b"\xf0\x9f"),
    "nul": byte_put_in(b"\x00"),
    "escape character": byte_put_in(b"\x1b"),
    "tab for spaces": replaced(r"^  - name", "¶\t- name"),
    "second document": appended("¶---\nname: x"),
    "repeated key": appended("¶input_type: text"),
    "alias bomb": lambda text: Wrong((text + BOMB).encode(), None),
    "recursion": appended("loop: &a [¶*a]"),
    "unknown alias": appended("patterns: ¶*nothing"),
    "tag": appended("budget: ¶!!python/object/apply:os.system [ls]"),
    "deep nesting": appended(f"patterns: {'[' * 100}{MARK}{'[' * 4900}"),
    "open quote": appended('result: ¶"x'),
    "open bracket": appended("patterns: ¶[a, b"),
    "no colon": appended("¶patterns"),
    "infinity": appended("budget: {usd: ¶.inf}"),
    "misspelt key": replaced("^input_type", "¶input_tpye"),
    "unknown key": appended("¶colour: red"),
    "name missing": replaced(r"^name: .*\n", "¶"),
    "examples missing": lambda text: Wrong(text[: text.index("examples:")].encode(), (1, 1)),
    "name is a number": named("5"),
    "name is a list": named("[a]"),
    "name is empty": named("''"),
    "name with capitals": named("Log-Levels"),
    "name of a keyword": named("class"),
    "name of the library": named("json"),
    "name of a device": named("con"),
    "name leads up": named("../../etc/cron"),
    "name is absolute": named("/etc/cron"),
    "name is hidden": named(".git"),
    "name is an option": named("-rf"),
    "name of two lines": named('"a\\nb"'),
    "name with a null": named('"a\\0b"'),
    "name of a ref": named("a..b"),
    "name unlike the file": lambda text: Wrong(text.encode(), (1, 7), "specs/other.yaml"),
    "type unknown": replaced(r"^input_type: .*$", "input_type: ¶jsn"),
    "type empty": replaced(r"^output_type: .*$", "output_type:¶"),
    "type is true": replaced(r"^output_type: .*$", "output_type: ¶true"),
    "no examples": replaced(r"^examples:\n(.*\n)*", "examples: ¶[]\n"),
    "examples are keys": replaced(r"^examples:\n(.*\n)*", "examples: ¶{a: 1}\n"),
    "example is a word": first_example("  - ¶word"),
    "example without output": first_example("  - ¶name: nothing comes out"),
    "example with unknown key": first_example("  - {¶ouput: '', input: ''}"),
    "exit code unknown": first_example("  - {output: '', exit_code: ¶3}"),
    "exit code is true": first_example("  - {output: '', exit_code: ¶true}"),
    "argument is a number": first_example("  - {output: '', args: [--top, ¶2]}"),
    "argument unknown": first_example("  - {args: [¶--no-such], input: x, output: ''}"),
    "path leads up": first_example("  - {files: {¶../x: ''}, output: ''}"),
    "path is absolute": first_example("  - {files: {¶/etc/passwd: ''}, output: ''}"),
    "budget is text": appended('budget: {usd: ¶"2"}'),
    "budget below zero": appended("budget: {usd: ¶-1}"),
    "no recipe": appended("intelligence: ¶runtime"),
    "stray result": appended("¶result: step.field"),
    "pattern stands twice": appended("patterns: [a, ¶a]"),
    "pattern name": appended("patterns: [¶../a]"),
    "template leads up": appended("template: ¶../../x"),
}
CASES = [(spec, mutation) for spec in SPECS for mutation in MUTATIONS]


def flaw(read: Read, wrong: Wrong, file_name: str) -> str:
    """Say what is wrong with how a reader refuses a malformed spec; nothing, if it does it well."""
    try:
        read(wrong.content, wrong.file_name or file_name)
    except FileIsWrong as error:
        places = [(problem.line, problem.column) for problem in error.problems]
        if wrong.place and wrong.place not in places:
            return f"told at {places}, not at {wrong.place}: {error}"
        if not all(str(problem).isprintable() and "pydantic" not in problem.message for problem in error.problems):
            return f"a message for nobody: {error}"
        return "" if wrong.place or all(line for line, _ in places) else "told nowhere"
    except Exception as error:  # noqa: BLE001  # whatever comes out is the finding
        return f"{type(error).__name__}: {error}"
    return "accepted"


@pytest.mark.parametrize(("spec", "mutation"), CASES)
def test_a_malformed_spec_is_refused_in_its_place(spec: str, mutation: str) -> None:
    assert flaw(parse_spec, MUTATIONS[mutation](SPECS[spec]), f"specs/{spec}.yaml") == ""


def test_there_are_more_than_two_hundred_of_them() -> None:
    wrongs = {
        (mutation(text).content, mutation(text).file_name) for text in SPECS.values() for mutation in MUTATIONS.values()
    }

    assert len(wrongs) > 200


def without_rules(content: bytes, _file_name: str) -> Spec:
    return Spec.model_construct(**yaml.load(content, yaml.CSafeLoader))


def with_tracebacks(content: bytes, _file_name: str) -> Spec:
    return Spec.model_validate(yaml.load(content, yaml.CSafeLoader))


def with_places_lost(content: bytes, file_name: str) -> Spec:
    try:
        return with_tracebacks(content, file_name)
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise FileIsWrong([Problem(file_name, 1, 1, str(error))]) from error


def one_column_off(content: bytes, file_name: str) -> Spec:
    try:
        return parse_spec(content, file_name)
    except FileIsWrong as error:
        raise FileIsWrong([Problem(p.file, p.line, p.column + 1, p.message) for p in error.problems]) from error


@pytest.mark.parametrize("sabotaged", [without_rules, with_tracebacks, with_places_lost, one_column_off])
def test_a_careless_reader_would_be_noticed(sabotaged: Read) -> None:
    text = SPECS["log-levels"]
    harmless = MUTATIONS.keys() - {"alias bomb", "deep nesting", "huge"}  # these would go off
    wrongs = [MUTATIONS[name](text) for name in sorted(harmless)]
    flaws = [flaw(sabotaged, wrong, "specs/log-levels.yaml") for wrong in wrongs]

    assert sum(map(bool, flaws)) > len(flaws) / 2


def test_random_damage_is_refused_or_harmless() -> None:
    chance = random.Random(20261122)  # noqa: S311  # a fixed sequence is wanted
    for _ in range(300):
        name, text = chance.choice([*SPECS.items()])
        content = bytearray(text.encode())
        start = chance.randrange(len(content))
        content[start : start + chance.choice([0, 1, 1, 5, 500])] = bytes(
            chance.choices(b"-:[]{}\"'&*!|>\t\n #\xff\x00a1", k=3)
        )

        assert flaw(parse_spec, Wrong(bytes(content), None), f"specs/{name}.yaml") in {"", "accepted"}
