"""A ladder of backends: each question names its rung."""

from collections.abc import Mapping
from dataclasses import dataclass

from toolbuilder.errors import AnswerRejected
from toolbuilder.ports import Answer, ModelBackend, Question


@dataclass(frozen=True)
class LadderBackend:
    """Passes a question to the backend of its rung."""

    rungs: Mapping[str, ModelBackend]

    async def ask(self, question: Question) -> Answer:
        """Answer as the rung does. Raises AnswerRejected for a rung that is not there."""
        if question.rung not in self.rungs:
            raise AnswerRejected(f"{question.microtask}: the ladder has no rung {question.rung}")
        return await self.rungs[question.rung].ask(question)
