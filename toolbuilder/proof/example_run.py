"""How an example becomes a run of the finished tool: its arguments, and the files that lie beside it."""

import json
from collections.abc import Mapping

from toolbuilder.spec import Example, Spec

ANSWERS = "answers.json"  # scripted answers of the model, for tools that think
OUT = "out"  # the folder that a tool writes to whose output is files


def arguments(spec: Spec, example: Example) -> tuple[str, ...]:
    """Give the arguments of a run: where answers come from, where files go, what the example says, what is read."""
    answers = ("--answers", ANSWERS) if spec.intelligence == "runtime" else ()
    return *answers, *usual_arguments(spec, example)


def usual_arguments(spec: Spec, example: Example) -> tuple[str, ...]:
    """Give the arguments as a user would write them, with a real model behind a tool that thinks."""
    folder = ("--output", OUT) if spec.output_type == "files" else ()
    return *folder, *example.args, *example.files


def files(spec: Spec, example: Example) -> Mapping[str, str]:
    """Give the files that a run finds in its folder."""
    answers = json.dumps(example.answers, ensure_ascii=False, indent=2) + "\n"
    return {**example.files, **({ANSWERS: answers} if spec.intelligence == "runtime" else {})}
