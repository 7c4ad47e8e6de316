"""Sabotaged templates: the checks of the other files have to notice each of them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scaffold import test_command_line, test_processes, test_written_files
from tests.scaffold.runs import Run, as_process
from tests.scaffold.samples import SAMPLES, TEMPLATES, build

pytestmark = pytest.mark.slow

Check = Callable[[Run, Path], object]
STREAMS = "tool/src/{{package}}/streams.py.jinja"
END = "_includes/cli_end.jinja"


def error(case: str) -> Check:
    return lambda run, _: test_command_line.test_an_error_is_one_line_and_an_exit_code(run, case)


def gone(args: list[str], buffered: str) -> Check:
    return lambda run, _: test_processes.test_a_reader_that_has_gone_away_needs_no_words(run, args, buffered)


MUTANTS: dict[str, tuple[str, str, str, str, Check]] = {
    "help in the locale's encoding": (
        "echo-plain", END, "    use_utf8()\n", "",
        lambda run, _: test_processes.test_help_is_utf8_in_any_locale(run),
    ),
    "input in the locale's encoding": (
        "echo-plain", STREAMS, "sys.stdin.buffer.read()", "sys.stdin.read().encode()",
        lambda run, _: test_processes.test_text_is_utf8_in_any_locale(run),
    ),
    "output tried again at the end": (
        "echo-plain", END, "        discard_output()\n", "        pass\n",
        lambda run, _: test_processes.test_a_full_device_is_an_error(run, []),
    ),
    "help whose failure is lost": ("echo-plain", "_includes/cli_parser.jinja", "_print_message", "_print", gone(["--help"], "1")),
    "words about a reader that has gone away": (
        "echo-typer", END, "isinstance(error, BrokenPipeError)", "isinstance(error, EOFError)", gone(["--version"], ""),
    ),
    "a message of two lines": ("echo-plain", END, "' '.join(message.splitlines())", "message", error("a crash")),
    "a crash as wrong input": ("echo-typer", END, '{error}", 1)', '{error}", 2)', error("a crash")),
    "bytes replaced": ("echo-plain", STREAMS, "data.decode()", "data.decode(errors='replace')", error("foreign bytes")),
    "a byte order mark kept": (
        "echo-plain", STREAMS, "data.removeprefix(codecs.BOM_UTF8)", "data",
        lambda run, folder: in_folder(folder, lambda: test_command_line.test_several_inputs_become_one_text(run)),
    ),
    "files glued together": (
        "echo-plain", STREAMS, 'text + "\\n" for', "text for",
        lambda run, folder: in_folder(folder, lambda: test_command_line.test_several_inputs_become_one_text(run)),
    ),
    "files anywhere": (
        "copies", STREAMS, "if root not in path.parents", "if root is path",
        lambda run, folder: in_folder(
            folder, lambda: test_written_files.test_nothing_is_written_when_a_file_would_lie_outside(run, folder, "link")
        ),
    ),
}  # fmt: skip


def in_folder(folder: Path, check: Callable[[], object]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        check()


def mutant(folder: Path, sample: str, file: str, old: str, new: str) -> Run:
    """Give a function that runs a sample made from a template in which something was replaced."""
    templates = shutil.copytree(TEMPLATES, folder / "templates")
    path = templates / "python-cli" / file
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new), encoding="utf-8")
    build(folder / SAMPLES[sample].folder, SAMPLES[sample], templates)
    (folder / "work").mkdir()
    return as_process(folder, SAMPLES[sample], folder / "work")


@pytest.mark.parametrize("name", MUTANTS)
def test_a_sabotaged_template_is_noticed(name: str, tmp_path: Path) -> None:
    sample, file, old, new, check = MUTANTS[name]
    run = mutant(tmp_path, sample, file, old, new)

    with pytest.raises((AssertionError, ValueError)):
        check(run, tmp_path / "work")


def test_the_template_as_it_is_passes_the_same_checks(tmp_path: Path) -> None:
    for sample, _file, _old, _new, check in MUTANTS.values():
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        (folder / "work").mkdir(parents=True)
        build(folder / SAMPLES[sample].folder, SAMPLES[sample])
        check(as_process(folder, SAMPLES[sample], folder / "work"), folder / "work")
