"""Build a tool with a tracer that prints: `python -m tests.traced_build REPOSITORY`.

A process of its own, since a tracer provider can be set once a process. Prints a line a span, its parent first, and a
line an attribute.
"""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace

from tests.known_model import KnownProvider
from tests.paid_shop import Shop, order
from toolbuilder.pipeline import build
from toolbuilder.stages import STAGES

NAMES = {0: "nothing"}
NEXT = count(1)


class Recorded(trace.NonRecordingSpan):
    """A span that prints what it is told."""

    def is_recording(self) -> bool:
        return True

    def set_attribute(self, key: str, value: Any) -> None:
        print("told", key, value)  # noqa: T201

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        for key, value in attributes.items():
            self.set_attribute(key, value)


class Printing(trace.Tracer):
    """A tracer whose spans are known by name."""

    def start_span(self, name: str, context: contexts.Context | None = None, *_: Any, **options: Any) -> trace.Span:
        number = next(NEXT)
        NAMES[number] = name
        parent = trace.get_current_span(context).get_span_context().span_id
        print(f"span {NAMES[parent]} > {name}")  # noqa: T201
        made = Recorded(trace.SpanContext(1, number, is_remote=False))
        made.set_attributes(options.get("attributes") or {})
        return made

    @contextmanager
    def start_as_current_span(self, name: str, *args: Any, **options: Any) -> Iterator[trace.Span]:  # type: ignore[override]
        made = self.start_span(name, *args, **options)
        with trace.use_span(made, record_exception=False, set_status_on_exception=False):
            yield made


class Provider(trace.TracerProvider):
    """Gives everybody a printing tracer."""

    def get_tracer(self, *_: Any, **__: Any) -> trace.Tracer:
        return Printing()


def main(folder: str) -> None:
    """Build the tool; a part of the calls fails."""
    trace.set_tracer_provider(Provider())
    provider = KnownProvider(failing=0.3, seed=20261122)
    asyncio.run(build(order(), Shop(Path(folder), provider).whole_workshop(STAGES)))


if __name__ == "__main__":
    main(*sys.argv[1:])
