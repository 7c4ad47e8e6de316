"""What is left for the reviewer to judge, and what the engine says about the program that it found."""

from toolbuilder.artifacts import Generation
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import prose
from toolbuilder.telling.requirement_table import tests_of
from toolbuilder.telling.view import ToolView

LONGEST_DOUBT = 700
STEP = "Step: "


def judging_parts(view: ToolView) -> tuple[Part, ...]:
    """Give what no test shows, what people have changed or asked for, and what the examples leave open."""
    generation = view.of(Generation)
    texts = {one.id: one.text for one in view.obligations}
    judged = generation.for_reviewer if generation else ()
    constraints = tuple(f"- {i}: {prose(texts.get(i, ''))} *No test shows this.*" for i in judged)
    asked = tuple(f"- A person asked of {prose(wish.stage)}: {prose(wish.text)}" for wish in view.wishes)
    edited = tuple(f"- {note[0].upper()}{note[1:]}." for note in view.notes)
    notes = generation.notes if generation else ()
    doubts = tuple(f"- {prose(note, LONGEST_DOUBT)}" for note in notes if not note.startswith(STEP))
    return (
        Part("For you to judge", "", (*constraints, *edited, *asked, *_alike(view), *doubts)),
        *_steps(generation),
    )


def _alike(view: ToolView) -> tuple[str, ...]:
    """Tell where tests say nothing about one sentence rather than another."""
    sentences = [tests_of(view, one.id) for one in view.obligations if one.id.startswith("R")]
    if len(sentences) < 2 or not sentences[0] or len({*sentences}) > 1:
        return ()
    return ("- The same tests stand for every sentence of the description: whether each is shown, only you can tell.",)


def _steps(generation: Generation | None) -> tuple[Part, ...]:
    steps = [note.removeprefix(STEP) for note in (generation.notes if generation else ()) if note.startswith(STEP)]
    numbered = tuple(f"{number}. {prose(step)}" for number, step in enumerate(steps, 1))
    return (Part("", "What the program does, step by step:", numbered),) if numbered else ()
