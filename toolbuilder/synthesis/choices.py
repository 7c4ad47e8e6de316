"""Few different words as an output: chosen by a test, or looked up."""

from collections import Counter
from collections.abc import Iterator, Sequence

from toolbuilder.synthesis.goals import Goal
from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.terms import Call, Literal, Template

OPPOSITES = {"true": "false", "yes": "no", "y": "n", "1": "0", "on": "off"}
SHOWN = 2  # as often must each word stand in the examples
TEST = 2
LOOK_UP = 3
MOST = 6


def verdicts(scope: Scope, goal: Goal) -> Iterator[Entry]:
    """Write one of two words, by whether a test holds."""
    words = Counter(map(str, goal.values))
    if goal.kind != "Line" or len(words) != 2:
        return
    for flag in scope.all("Flag"):
        pairs = set(zip(flag.values, map(str, goal.values), strict=True))
        chosen = {bool(holds): word for holds, word in pairs}
        if len(pairs) == len(chosen) == 2 and (_opposite(chosen) or min(words.values()) >= SHOWN):
            yes, no = Literal(chosen[True], "Constant"), Literal(chosen[False], "Constant")
            yield Entry(Call("when", (flag.term, yes, no)), "Line", flag.cost + TEST, goal.values)


def _opposite(chosen: dict[bool, str]) -> bool:
    return OPPOSITES.get(chosen[True].lower()) == chosen[False].lower()


def meanings(scope: Scope, goal: Goal) -> Iterator[Entry]:
    """Look the output up, by a text that decides it in examples enough."""
    words = Counter(map(str, goal.values))
    if goal.kind != "Line" or not 2 <= len(words) <= MOST or min(words.values()) < SHOWN:
        return
    for source in scope.all("Line"):
        table = _table(tuple(map(str, source.values)), tuple(map(str, goal.values)))
        if table is None:
            continue
        entries, other = table
        literal = Literal(tuple(text for pair in entries.items() for text in pair), "Meanings")
        cost = source.cost + LOOK_UP + 2 * len(entries)
        if other is None:
            yield Entry(Call("look_up", (literal, source.term)), "Line", cost, goal.values)
        else:
            term = Call("look_up_or", (literal, source.term, Literal(other, "Constant")))
            yield Entry(term, "Line", cost + 1, goal.values)


def _table(given: Sequence[str], wanted: Sequence[str]) -> tuple[dict[str, str], str | None] | None:
    """Find what each text stands for; texts seen once may only stand for what nothing else does."""
    pairs = dict.fromkeys(zip(given, wanted, strict=True))
    if len({text for text, _ in pairs}) < len(pairs) or len(pairs) == 1:
        return None
    times = Counter(given)
    rare = {word for text, word in pairs if times[text] < SHOWN}
    if len(rare) > 1 or (rare and sum(word in rare for _, word in pairs) < SHOWN):
        return None
    other = next(iter(rare), None)
    entries = {text: word for text, word in pairs if word != other}
    return (entries, other) if entries else None


def titled(scope: Scope, goal: Goal) -> Iterator[Entry]:
    """Write a word that is looked up before or after a known text."""
    if goal.kind != "Line":
        return
    wanted = [str(value) for value in goal.values]
    for part in scope.all("Line"):
        texts = [str(value) for value in part.values]
        pairs = list(zip(wanted, texts, strict=True))
        if not all(texts):
            continue
        if all(whole.endswith(text) for whole, text in pairs):
            for word in meanings(scope, Goal("Line", tuple(whole.removesuffix(text) for whole, text in pairs))):
                yield Entry(Template((word.term, part.term)), "Line", word.cost + part.cost + 1, goal.values)
        if all(whole.startswith(text) for whole, text in pairs):
            for word in meanings(scope, Goal("Line", tuple(whole.removeprefix(text) for whole, text in pairs))):
                yield Entry(Template((part.term, word.term)), "Line", word.cost + part.cost + 1, goal.values)
