"""Fakes for tests of patterns, templates and pipelines: only what costs money is faked, and nothing is guessed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from toolbuilder.errors import AnswerMissing
from toolbuilder.ports import Answer, Question

Script = Mapping[str, str | Callable[[Question], str]]


@dataclass
class ScriptedBackend:
    """Answers each microtask from a script: a JSON text, or a function of the question. Keeps what it was asked."""

    script: Script
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        """Answer from the script. Raises AnswerMissing for a microtask that the script does not know."""
        self.asked.append(question)
        if question.microtask not in self.script:
            raise AnswerMissing(f"the script has no answer for {question.microtask}")
        line = self.script[question.microtask]
        text = line if isinstance(line, str) else line(question)
        return Answer(text=text, engine="scripted", model="scripted-1", input_tokens=10, output_tokens=5, cost_usd=0.01)


@dataclass
class CountingBackend:
    """Passes every question on to another backend, and keeps it."""

    inner: ScriptedBackend
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        """Answer as the inner backend does."""
        self.asked.append(question)
        return await self.inner.ask(question)
