import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry import trace

from tests.paid_provider import KEY
from toolbuilder.tracing import span

ROOT = Path(__file__).parents[1]
# A provider can be set once a process, so the tests with one have a process of their own.
RECORDING = """
from contextlib import contextmanager
from opentelemetry import trace
from toolbuilder.tracing import span

class Recorded(trace.NonRecordingSpan):
    def set_attribute(self, key, value):
        print(key, value)

    def set_status(self, status, description=None):
        print(status, description)

class Recorder(trace.Tracer):
    def start_span(self, name, *args, **options):
        print("start", name, options.get("attributes"), trace.get_current_span().get_span_context().span_id)
        return Recorded(trace.SpanContext(1, 7, False))

    @contextmanager
    def start_as_current_span(self, name, *args, record_exception=True, set_status_on_exception=True, **options):
        new = self.start_span(name, **options)
        with trace.use_span(new, record_exception=record_exception, set_status_on_exception=set_status_on_exception):
            yield new

class Provider(trace.TracerProvider):
    def get_tracer(self, name, *args, **options):
        print("tracer", name)
        return Recorder()

trace.set_tracer_provider(Provider())
try:
    with span("stage", stage="requirements"), span("microtask", microtask="name_it", attempt=1):
        raise ValueError("words of a model")
except ValueError:
    print("through")
"""


def test_without_an_sdk_a_span_is_nothing() -> None:
    with span("microtask", microtask="name_it", attempt=1):
        assert not trace.get_current_span().is_recording()


def test_a_span_lets_failures_through() -> None:
    with pytest.raises(KeyError, match="missing"), span("stage"):
        raise KeyError("missing")


def test_with_a_provider_spans_nest_and_tell_failures_by_class_alone() -> None:
    ran = subprocess.run([sys.executable, "-c", RECORDING], check=True, capture_output=True, text=True)
    assert ran.stdout.splitlines() == [
        "tracer toolbuilder",
        "start toolbuilder.stage {'toolbuilder.stage': 'requirements'} 0",
        "start toolbuilder.microtask {'toolbuilder.microtask': 'name_it', 'toolbuilder.attempt': 1} 7",
        *["error.type ValueError", "StatusCode.ERROR None"] * 2,
        "through",
    ]


def test_the_spans_of_a_build_stand_around_those_of_the_sdk_and_hold_neither_key_nor_words(git_repo: Path) -> None:
    command = [sys.executable, "-m", "tests.traced_build", str(git_repo)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert {line for line in ran.stdout.splitlines() if line.startswith("span")} == {
        "span nothing > toolbuilder.build",
        "span toolbuilder.build > toolbuilder.stage",
        "span toolbuilder.stage > toolbuilder.microtask",
        "span toolbuilder.microtask > anthropic.messages.create",
    }
    assert "told gen_ai.usage.input_tokens" in ran.stdout
    assert KEY not in ran.stdout + ran.stderr
    assert "duplicate" not in ran.stdout  # a word of the spec
