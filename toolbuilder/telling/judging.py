"""What is left for the reviewer to judge, and what the engine says about the program that it found."""

from toolbuilder.artifacts import Generation, Wish
from toolbuilder.stages import STAGES
from toolbuilder.telling.edited import AS_GENERATED
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import prose
from toolbuilder.telling.requirement_table import tests_of
from toolbuilder.telling.view import ToolView

LONGEST_DOUBT = 700
STEP = "Step: "
UNREAD = " *Nobody has read this: it is kept, not heeded, for the embedded engine reads no words.*"


def judging_parts(view: ToolView) -> tuple[Part, ...]:
    """Give what no test shows, what people have changed or asked for, and what the examples leave open."""
    generation = view.of(Generation)
    texts = {one.id: one.text for one in view.obligations}
    judged = generation.for_reviewer if generation else ()
    constraints = tuple(f"- {i}: {prose(texts.get(i, ''))} *No test shows this.*" for i in judged)
    asked = tuple(
        f"- A person asked of {prose(wish.stage)}: {prose(wish.text)}{_heed(view, wish)}" for wish in view.wishes
    )
    edited = tuple(f"- {note[0].upper()}{note[1:]}." for note in view.notes)
    notes = generation.notes if generation else ()
    doubts = tuple(f"- {prose(note, LONGEST_DOUBT)}" for note in notes if not note.startswith(STEP))
    mine = (*constraints, *edited, *asked, *_alike(view))
    if view.edits.of_program:
        return (Part("For you to judge", "", mine), Part("", "", (*doubts, *_steps(generation)), fold=AS_GENERATED))
    steps = _steps(generation)
    return (
        Part("For you to judge", "", (*mine, *doubts)),
        Part("", "What the program does, step by step:" if steps else "", steps),
    )


def _heed(view: ToolView, wish: Wish) -> str:
    """Say where nobody can have read what a person asked: a stage that is done was answered by rule alone."""
    entry = view.commits.get(wish.stage)
    names = [one.name for one in STAGES]
    done = wish.stage in names and not (view.due and names.index(wish.stage) >= names.index(view.due))
    by_rule = entry is not None and set(entry.trailers.get("Toolbuilder-Engine", "").split()) <= {"offline", "none"}
    return UNREAD if done and by_rule else ""


def _alike(view: ToolView) -> tuple[str, ...]:
    """Tell where tests say nothing about one sentence rather than another."""
    sentences = [tests_of(view, one.id) for one in view.obligations if one.id.startswith("R")]
    if len(sentences) < 2 or not sentences[0] or len({*sentences}) > 1:
        return ()
    return ("- The same tests stand for every sentence of the description: whether each is shown, only you can tell.",)


def _steps(generation: Generation | None) -> tuple[str, ...]:
    steps = [note.removeprefix(STEP) for note in (generation.notes if generation else ()) if note.startswith(STEP)]
    return tuple(f"{number}. {prose(step)}" for number, step in enumerate(steps, 1))
