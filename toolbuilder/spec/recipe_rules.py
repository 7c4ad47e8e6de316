"""Rules for the recipe of a tool that thinks; each gives what breaks it, with the path from the spec to the place."""

from collections.abc import Iterator, Mapping, Sequence

from toolbuilder.spec.parts import Example, RuntimeInput, Step, Until
from toolbuilder.yaml_files.broken import Broken, near_miss, under


def recipe_belongs(
    intelligence: str, inputs: Sequence[RuntimeInput], recipe: Sequence[Step], result: str | None
) -> Iterator[Broken]:
    """Demand a recipe from a tool that thinks, and from no other."""
    if intelligence == "none":
        for key, there in {"recipe": recipe, "inputs": inputs, "result": result}.items():
            if there:
                yield Broken((key,), f"`{key}` belongs to `intelligence: runtime`", at_key=True)
    elif not recipe or not result:
        yield Broken(("intelligence",), "`intelligence: runtime` needs a `recipe` and a `result`")


def steps_follow(inputs: Sequence[RuntimeInput], recipe: Sequence[Step]) -> Iterator[Broken]:
    """Demand steps that use what is there before them, and go back to no later step."""
    names = [i.name for i in inputs] or ["input"]
    for index, step in enumerate(recipe):
        steps = [earlier.id for earlier in recipe[:index]]
        found = [*_uses(step, [*names, *steps]), *_repetition(step, [*steps, step.id])]
        if step.id in names:
            found.append(Broken(("id",), f"the step `{step.id}` has the name of an input"))
        yield from under(("recipe", index), found)


def result_is_given(recipe: Sequence[Step], result: str | None) -> Iterator[Broken]:
    """Demand a result that a step gives."""
    step, _, field = (result or "").partition(".")
    given = {one.id: one.gives for one in recipe}
    if not result or not recipe:
        return
    if step not in given:
        yield Broken(("result",), f"the recipe has no step `{step}`{near_miss(step, given)}")
    elif field and field not in given[step]:
        yield Broken(("result",), f"the step `{step}` does not give `{field}`{near_miss(field, given[step])}")


def answers_are_of_steps(recipe: Sequence[Step], examples: Sequence[Example]) -> Iterator[Broken]:
    """Demand scripted answers of existing steps only."""
    steps = [step.id for step in recipe]
    for number, example in enumerate(examples):
        for name in example.answers:
            if name not in steps:
                words = f"there is no step `{name}` to answer for{near_miss(name, steps)}"
                yield Broken(("examples", number, "answers", name), words, at_key=True)


def _uses(step: Step, known: Sequence[str]) -> Iterator[Broken]:
    for number, use in enumerate(step.uses):
        if use not in known:
            words = f"`{use}` is neither an input nor an earlier step{near_miss(use, known)}"
            yield Broken(("uses", number), words)


def _repetition(step: Step, so_far: Sequence[str]) -> Iterator[Broken]:
    if step.until and step.otherwise is None:
        yield Broken(("until",), "`until` needs an `else`: the step to go back to")
    if step.otherwise is not None and not step.until:
        yield Broken(("else",), "`else` needs an `until`: when to go on")
    if step.otherwise is not None and step.otherwise not in so_far:
        yield Broken(("else",), f"`{step.otherwise}` is not an earlier step{near_miss(step.otherwise, so_far)}")
    if step.until:
        yield from under(("until",), _condition(step.until, step.gives))


def _condition(until: Until, gives: Mapping[str, object]) -> Iterator[Broken]:
    tested = {key: field for key, field in (("empty", until.empty), ("true", until.true)) if field is not None}
    if len(tested) != 1:
        yield Broken((), "`until` takes either `empty` or `true`")
    for condition, field in tested.items():
        if field not in gives:
            yield Broken((condition,), f"the step does not give `{field}`{near_miss(field, gives)}")
        elif (gives[field] == "boolean") != (condition == "true"):
            yield Broken((condition,), f"`{field}` does not fit: `true` is for a boolean, `empty` for text and lists")
