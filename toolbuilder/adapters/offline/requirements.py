"""What the embedded engine answers about requirements: nothing that the spec does not say."""

from toolbuilder.artifacts import Agent, CriticalPath, Flow
from toolbuilder.brief import Brief
from toolbuilder.stages.requirements import (
    Agents,
    Assignment,
    Flows,
    Problem,
    Split,
    SplitAndFlows,
    StatedProblem,
    Wanted,
)

RECORDS = {"csv": "rows", "tsv": "rows", "json": "value", "jsonl": "records", "lines": "lines", "files": "files"}


def identify_problem(brief: Brief, wanted: Wanted) -> Problem:
    """Take the first sentence for the problem; tell examples that end well from those that must be refused."""
    refused = {shown.id for shown in brief.examples if shown.example.exit_code}
    ids = [one.id for one in wanted.obligations if not one.id.startswith("C")]
    ordinary = tuple(i for i in ids if i not in refused)
    paths = [CriticalPath(name="the ordinary way", shown_by=ordinary)]
    if refused:
        paths.append(CriticalPath(name="input that is refused", shown_by=tuple(i for i in ids if i in refused)))
    return Problem(problem=wanted.obligations[0].text, critical_paths=tuple(paths))


def split_code_and_ai(brief: Brief, stated: StatedProblem) -> Split:
    """Leave everything to code, but for the sentences of a tool that thinks."""
    thinks = brief.intelligence == "runtime"
    return Split(
        assignments=tuple(
            Assignment(id=one.id, by_model=thinks and one.id.startswith("R")) for one in stated.obligations
        )
    )


def map_data_flows(brief: Brief, _stated: StatedProblem) -> Flows:
    """Lead the input through the recipe's steps, or through one transformation, to the output."""
    return Flows(flows=_recipe_flows(brief) if brief.recipe else _plain_flows(brief))


def choose_agents(brief: Brief, _known: SplitAndFlows) -> Agents:
    """Take the recipe's steps, word for word."""
    return Agents(agents=tuple(Agent(id=s.id, task=s.think, sees=s.uses, gives=tuple(s.gives)) for s in brief.recipe))


def _plain_flows(brief: Brief) -> tuple[Flow, ...]:
    records = RECORDS.get(brief.input_type, "text")
    return (
        Flow(source="input", target=records, carries=f"{brief.input_type} as it is read"),
        Flow(source=records, target="result", carries=records),
        Flow(source="result", target="output", carries=f"{brief.output_type} as it is written"),
    )


def _recipe_flows(brief: Brief) -> tuple[Flow, ...]:
    inputs = [one.name for one in brief.inputs] or ["input"]
    flows = [Flow(source="input", target=name, carries="text") for name in inputs if name != "input"]
    flows += [
        Flow(source=use, target=step.id, carries="text" if use in inputs else "answer")
        for step in brief.recipe
        for use in step.uses or inputs[:1]
    ]
    used = {use for step in brief.recipe for use in step.uses}
    ends = [step.id for step in brief.recipe if step.id not in used] or [brief.recipe[-1].id]
    result = (brief.result or "").partition(".")[0]
    flows += [Flow(source=end, target="output", carries="answer") for end in dict.fromkeys([*ends, result])]
    kept = [name for name in inputs if name not in used and name != "input"]
    return (*flows, *(Flow(source=name, target=brief.recipe[0].id, carries="text") for name in kept))
