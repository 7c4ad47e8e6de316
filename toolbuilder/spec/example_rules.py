"""Rules for the examples of a spec; each gives what breaks it, with the path from the spec to the place."""

from collections.abc import Iterator, Sequence

from toolbuilder.invisible import is_seen
from toolbuilder.spec.options import read_arguments
from toolbuilder.spec.parts import Example, InputType, Option, OutputType
from toolbuilder.yaml_files.broken import Broken, under

_LONGEST_NAME, _LONGEST_PATH = 255, 1_000  # bytes, as file systems have it; characters
_SPECIAL = set('\\:*?"<>|')


def examples_fit(input_type: InputType, output_type: OutputType, examples: Sequence[Example]) -> Iterator[Broken]:
    """Demand runs with the kind of input that the tool reads, and the kind of output that it writes."""
    for index, example in enumerate(examples):
        found = [*_input(input_type, example), *_paths(example), *_output(output_type, example)]
        yield from under(("examples", index), found)


def examples_differ(examples: Sequence[Example]) -> Iterator[Broken]:
    """Demand different runs: one that stands twice shows nothing, or contradicts itself."""
    first: dict[str, int] = {}
    for index, example in enumerate(examples):
        run = example.model_dump_json(include={"args", "input", "files", "answers"})
        if run in first:
            yield Broken(("examples", index), f"the same arguments and input as in example {first[run] + 1}")
        first.setdefault(run, index)


def arguments_are_options(
    input_type: InputType, options: Sequence[Option], examples: Sequence[Example]
) -> Iterator[Broken]:
    """Demand arguments that the tool understands, unless an example shows their refusal."""
    for number, example in enumerate(examples):
        if example.exit_code == 2:
            continue
        arguments = read_arguments(options, example.args)
        operands = arguments.operands if input_type != "none" else ()
        wrong = [(i, f"`{text}` is not an option; input comes from `input` or `files`") for i, text in operands]
        yield from (Broken(("examples", number, "args", i), words) for i, words in [*arguments.problems, *wrong])


def _input(input_type: InputType, example: Example) -> Iterator[Broken]:
    wanted = {"files": "files", "none": ""}.get(input_type, "input")
    present = [key for key in ("input", "files") if getattr(example, key) not in (None, {})]
    for key in present:
        if key != wanted:
            instead = f"wants `{wanted}`" if wanted else "wants no input"
            yield Broken((key,), f"input_type {input_type} {instead}, not `{key}`", at_key=True)
    if wanted and not present and example.exit_code == 0:
        yield Broken((), f"`{wanted}` is missing: input_type is {input_type}")


def _paths(example: Example) -> Iterator[Broken]:
    for path in example.files:
        if not is_plain_path(path):
            yield Broken(("files", path), f"`{path}` is not a plain relative path", at_key=True)
        elif any(other.startswith(f"{path}/") for other in example.files):
            yield Broken(("files", path), f"`{path}` cannot be a file and a folder", at_key=True)


def _output(output_type: OutputType, example: Example) -> Iterator[Broken]:
    if example.exit_code:
        if example.output not in (None, ""):
            yield Broken(("output",), "an example that fails prints no `output`; its message is `stderr`")
    elif "output" not in example.model_fields_set:
        yield Broken((), "an example that ends well says its `output`")
    elif output_type not in {"json", "files"} and not isinstance(example.output, str):
        yield Broken(("output",), f"output_type {output_type} wants text: write it in quotes or below a `|`")


def is_plain_path(path: str) -> bool:
    """Tell whether a path stays below its folder on every system, and cannot be taken for an option."""
    return (
        all(map(is_seen, path))
        and len(path) <= _LONGEST_PATH
        and not path.startswith("-")
        and not set(path) & _SPECIAL
        and all(part.strip(". ") and len(part.encode()) <= _LONGEST_NAME for part in path.split("/"))
    )
