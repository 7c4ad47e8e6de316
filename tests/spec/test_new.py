from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder.errors import FileIsWrong
from toolbuilder.spec import new
from toolbuilder.spec.file import read_spec

FIELDS = {"description": "Print the text in upper case.", "input_type": "text", "output_type": "text"}


def pair(folder: Path, part: Any, example: str) -> tuple[object, object]:
    """Write a spec with one example, and give what the file says of it."""
    (folder / "shout.yaml").unlink(missing_ok=True)
    [one] = read_spec(part.write_spec(folder, "shout", FIELDS, [example])).examples
    return one.input, one.output


def an_example_is_split_at_its_first_plain_equals_sign(folder: Path, part: Any) -> None:
    assert pair(folder, part, "a=A") == ("a", "A")
    assert pair(folder, part, "=A=B") == ("", "A=B")
    assert pair(folder, part, r"x\=y=X\=Y") == ("x=y", "X=Y")
    assert pair(folder, part, "a\\\\=A") == ("a\\", "A")
    assert pair(folder, part, r"a\\\=b=c") == (r"a\=b", "c")


def escapes_are_understood_and_others_stay(folder: Path, part: Any) -> None:
    assert pair(folder, part, r"a\nb\t=\\n\x") == ("a\nb\t", r"\n\x")
    assert pair(folder, part, "- : #='\"") == ("- : #", "'\"")


def refused(part: Any, folder: Path, name: str, *examples: str, **fields: str) -> str:
    try:
        part.write_spec(folder, name, {**FIELDS, **fields}, examples)
    except FileIsWrong as error:
        return str(error)
    except OSError as error:
        pytest.fail(f"a traceback would be shown: {error}")
    return ""


def what_would_be_no_good_spec_is_not_written(folder: Path, part: Any) -> None:
    folder = folder / "new"
    assert refused(part, folder, "shout", "aA") == "--example: 'aA' has no `=` between input and output"
    assert "name" in refused(part, folder, "../shout", "a=A")
    assert "input_type" in refused(part, folder, "shout", "a=A", input_type="texts")
    assert refused(part, folder, "shout")
    assert not folder.exists()


def a_spec_that_exists_is_never_overwritten(folder: Path, part: Any) -> None:
    path = folder / "mine.yaml"
    path.write_text("mine\n")
    said = refused(part, folder, "mine", "a=A")
    assert said == f"{path}: exists already; edit it and type `toolbuilder run mine`"
    assert path.read_text() == "mine\n"


def a_folder_that_cannot_be_written_is_told(folder: Path, part: Any) -> None:
    (folder / "file").write_text("")
    assert refused(part, folder / "file", "shout", "a=A").startswith(f"{folder}/file/shout.yaml: cannot be written: ")
    assert "Not a directory" in refused(part, folder / "file/specs", "shout", "a=A")


GUARDED = [
    (an_example_is_split_at_its_first_plain_equals_sign, r'r"(?<!\\)(?:\\\\)*="', 'r"="'),
    (an_example_is_split_at_its_first_plain_equals_sign, r'r"(?<!\\)(?:\\\\)*="', r'r"(?<!\\)="'),
    (an_example_is_split_at_its_first_plain_equals_sign, '"=": "=", ', '"=": "", '),
    (escapes_are_understood_and_others_stay, r'r"\\([nt=\\])"', r'r"\\([nt=])"'),
    (what_would_be_no_good_spec_is_not_written, "    parse_spec(content, str(path))\n", ""),
    (a_spec_that_exists_is_never_overwritten, 'path.open("xb")', 'path.open("wb")'),
    (a_folder_that_cannot_be_written_is_told, "except OSError as error", "except EOFError as error"),
]


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_a_first_spec_is_good_or_not_written(
    tmp_path: Path, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(new, (partial(check, tmp_path), text, instead))
