import pytest
from pydantic import JsonValue

from toolbuilder.spec import Spec, bind_options

OPTIONS: list[JsonValue] = [
    {"name": "top", "type": "int", "default": 10, "help": "How many."},
    {"name": "ratio", "type": "float", "help": "How much."},
    {"name": "sep", "help": "Between."},
    {"name": "mode", "type": "choice", "choices": ["fast", "slow"], "default": "slow", "help": "How."},
    {"name": "dry-run", "type": "flag", "help": "Only say."},
]


def spec(input_type: str = "lines") -> Spec:
    run: dict[str, JsonValue] = {"input": "a\n"} if input_type == "lines" else {"args": ["word", "--", "--top"]}
    words = {"name": "tool", "description": "Does something.", "input_type": input_type, "output_type": "json"}
    return Spec.model_validate({**words, "options": OPTIONS, "examples": [{**run, "output": 1}]})


@pytest.mark.parametrize(
    ("args", "values"),
    [
        ([], {}),
        (["--top", "2"], {"top": 2}),
        (["--top=2"], {"top": 2}),
        (["--top", "-2"], {"top": -2}),
        (["--top", "1", "--top", "3"], {"top": 3}),
        (["--ratio", ".5"], {"ratio": 0.5}),
        (["--ratio", "2"], {"ratio": 2.0}),
        (["--sep", ""], {"sep": ""}),
        (["--sep=--x"], {"sep": "--x"}),
        (["--sep=a=b"], {"sep": "a=b"}),
        (["--mode", "fast", "--dry-run"], {"mode": "fast", "dry-run": True}),
        (["--dry-run", "--"], {"dry-run": True}),
    ],
)
def test_arguments_are_bound_to_options(args: list[str], values: dict[str, JsonValue]) -> None:
    unset = {"top": 10, "ratio": None, "sep": None, "mode": "slow", "dry-run": False}

    assert bind_options(spec(), args) == {**unset, **values}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--top"], "`--top` needs a value"),
        (["--sep", "--dry-run"], "one that begins with a dash is written --sep=…"),
        (["--top", "x"], "`--top` takes a whole number, not `x`"),
        (["--top", "1_0"], "takes a whole number"),
        (["--ratio", "nan"], "`--ratio` takes a number"),
        (["--ratio", "1e999"], "`--ratio` takes a number"),
        (["--mode", "fats"], "`fats` is not a choice of `--mode`: fast, slow; did you mean `fast`?"),
        (["--dry-run=yes"], "`--dry-run` is a flag and takes no value"),
        (["--dry-rnu"], "no option `--dry-rnu`; did you mean `--dry-run`?"),
        (["-t", "2"], "no option `-t`"),
        (["--help"], "`--help` is an option that every tool has"),
        (["--", "--top"], "`--top` is not an option"),
        (["-"], "`-` is not an option"),
    ],
)
def test_arguments_that_the_tool_would_refuse_are_not_bound(args: list[str], words: str) -> None:
    with pytest.raises(ValueError, match="`") as caught:
        bind_options(spec(), args)

    assert words in str(caught.value)


def test_a_tool_without_input_may_be_given_operands() -> None:
    made = spec(input_type="none")

    assert bind_options(made, made.examples[0].args)["top"] == 10
