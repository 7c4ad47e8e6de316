"""Stage 1: what is wanted. Ids and texts come from code; the questions only sort and connect them."""

from functools import partial

from toolbuilder.artifacts import Agent, CriticalPath, Flow, Obligation, Requirement, Requirements
from toolbuilder.brief import obligations
from toolbuilder.checks import acyclic, not_invented, word_for_word
from toolbuilder.microtask import Microtask
from toolbuilder.spec import Words
from toolbuilder.stage import Context, Files, Finding, Produced, Stage
from toolbuilder.together import both


class Wanted(Words):
    """The obligations of the spec."""

    obligations: tuple[Obligation, ...]


class Problem(Words):
    """The core problem in a sentence, and the ways through the tool that have to work."""

    problem: str
    critical_paths: tuple[CriticalPath, ...]


class StatedProblem(Wanted):
    """The obligations, and the problem they add up to."""

    problem: str


class Assignment(Words):
    """Who meets an obligation."""

    id: str
    by_model: bool


class Split(Words):
    """Who meets which obligation: code, or a model when the tool runs."""

    assignments: tuple[Assignment, ...]


class Flows(Words):
    """The ways of the data, from `input` to `output`."""

    flows: tuple[Flow, ...]


class SplitAndFlows(Words):
    """What the thinking steps are chosen from."""

    problem: str
    split: Split
    flows: Flows


class Agents(Words):
    """The thinking steps of the finished tool; none for a tool that does not think."""

    agents: tuple[Agent, ...]


IDENTIFY_PROBLEM = Microtask("identify_problem", Wanted, Problem)
SPLIT_CODE_AND_AI = Microtask("split_code_and_ai", StatedProblem, Split)
MAP_DATA_FLOWS = Microtask("map_data_flows", StatedProblem, Flows)
CHOOSE_AGENTS = Microtask("choose_agents", SplitAndFlows, Agents)


async def run(context: Context) -> Produced[Requirements]:
    """Ask the four questions, the middle two side by side, and put the answers to the spec's own words."""
    ask = partial(context.runner.ask, feedback=context.feedback())
    wanted = obligations(context.spec)
    problem = await ask(IDENTIFY_PROBLEM, Wanted(obligations=wanted))
    stated = StatedProblem(obligations=wanted, problem=problem.problem)
    split, flows = await both(ask(SPLIT_CODE_AND_AI, stated), ask(MAP_DATA_FLOWS, stated))
    agents = await ask(CHOOSE_AGENTS, SplitAndFlows(problem=problem.problem, split=split, flows=flows))
    by_model = {assignment.id for assignment in split.assignments if assignment.by_model}
    return Produced(
        Requirements(
            problem=problem.problem,
            requirements=tuple(
                Requirement(id=one.id, text=one.text, by="ai" if one.id in by_model else "code") for one in wanted
            ),
            flows=flows.flows,
            agents=agents.agents,
            critical_paths=problem.critical_paths,
        )
    )


def gate(context: Context, artifact: Requirements, _files: Files) -> list[Finding]:
    """Every obligation once and word for word, nothing invented; flows lead from input to output."""
    wanted = obligations(context.spec)
    shown_by = [i for path in artifact.critical_paths for i in path.shown_by]
    return [
        *word_for_word(wanted, artifact.requirements, "requirements"),
        *not_invented([one.id for one in wanted], shown_by, "critical paths"),
        *_flows_lead_through(artifact.flows),
        *_agents_are_the_recipe(context, artifact),
    ]


def _flows_lead_through(flows: tuple[Flow, ...]) -> list[Finding]:
    sources, targets = {flow.source for flow in flows}, {flow.target for flow in flows}
    return [
        *([] if "input" in sources - targets else [Finding("flows", "input", "no flow starts there")]),
        *([] if "output" in targets - sources else [Finding("flows", "output", "no flow ends there")]),
        *(Finding("flows", name, "receives nothing") for name in sorted(sources - targets - {"input"})),
        *(Finding("flows", name, "leads nowhere") for name in sorted(targets - sources - {"output"})),
        *acyclic({f.target: [g.source for g in flows if g.target == f.target] for f in flows}, "flows"),
    ]


def _agents_are_the_recipe(context: Context, artifact: Requirements) -> list[Finding]:
    steps = {step.id: step for step in context.spec.recipe}
    agents = {agent.id: agent for agent in artifact.agents}
    return [
        *(Finding("agents", i, "the recipe has this step, the artifact does not") for i in steps.keys() - agents),
        *(Finding("agents", i, "the recipe has no such step") for i in agents.keys() - steps),
        *(
            Finding("agents", i, f"says {agents[i].task!r}; the recipe says {step.think!r}")
            for i, step in steps.items()
            if i in agents and agents[i].task != step.think
        ),
    ]


REQUIREMENTS = Stage(
    name="requirements",
    title="What is wanted",
    produces=Requirements,
    reads=("spec",),
    run=run,
    gate=gate,
    microtasks=(IDENTIFY_PROBLEM, SPLIT_CODE_AND_AI, MAP_DATA_FLOWS, CHOOSE_AGENTS),
)
