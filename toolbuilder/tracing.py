"""Spans around a build, its stages and its microtasks; they go nowhere unless an OpenTelemetry SDK is configured."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace

TRACER = trace.get_tracer("toolbuilder")


@contextmanager
def span(kind: str, **facts: str | float) -> Iterator[None]:
    """Give a span named `toolbuilder.<kind>`; a failure is told by its class, never by its words."""
    attributes = {f"toolbuilder.{name}": fact for name, fact in facts.items()}
    with TRACER.start_as_current_span(
        f"toolbuilder.{kind}", attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except Exception as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(trace.StatusCode.ERROR)
            raise
