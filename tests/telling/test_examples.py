from dataclasses import replace

from tests.telling.views import view_of
from toolbuilder.spec import Example
from toolbuilder.telling.examples import named

EXAMPLE = Example(input="a", output="a")
REFUSED = Example(input="x", exit_code=2, stderr="no")


def test_an_example_without_a_name_is_told_in_words_all_the_same() -> None:
    view = view_of()
    few = replace(view, spec=view.spec.model_copy(update={"examples": (EXAMPLE, REFUSED)}))
    assert [named(few, i) for i in few.spec.example_ids] == ["an example", "input that is refused"]
    more = tuple(EXAMPLE.model_copy(update={"input": f"{n}", "output": f"{n}"}) for n in range(4))
    many = replace(view, spec=view.spec.model_copy(update={"examples": more}))
    assert sorted(named(many, i) for i in many.spec.example_ids) == ["an example"] * 3 + ["an example (held out)"]
