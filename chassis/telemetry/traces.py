"""OpenTelemetry traces: made only where an OTLP endpoint is set, passed on in W3C form by gRPC and NATS headers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"

_FORMAT = TraceContextTextMapPropagator()
_WELL_FORMED = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""Form of a traceparent: a client may send any text under this name, and only this form is passed on."""
_OFF: AbstractContextManager[None] = nullcontext()
_passing: ContextVar[str] = ContextVar("passing_traceparent", default="")


class _Traces:
    """Provider and tracer of this process; none until `start`."""

    provider: TracerProvider | None = None
    tracer: trace.Tracer | None = None


def start(service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> None:
    """Makes traces from now on and sends them to `endpoint`; without one traces cost nothing."""
    if endpoint:
        exporter = OTLPSpanExporter(endpoint=endpoint, insecure=endpoint.startswith("http://"))
    if exporter is None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": f"onewindow-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _Traces.provider, _Traces.tracer = provider, provider.get_tracer("onewindow")


def stop() -> None:
    """Sends the remaining spans and makes no more traces."""
    if _Traces.provider is not None:
        _Traces.provider.shutdown()
    _Traces.provider = _Traces.tracer = None


def statement(text: str) -> AbstractContextManager[None]:
    """Span of a PostgreSQL statement, free while traces are off; values are arguments, never part of `text`."""
    if _Traces.tracer is None:
        return _OFF
    return _span("postgresql", {"db.system.name": "postgresql", "db.query.text": text}, None)


def continued(name: str, headers: Mapping[str, str]) -> AbstractContextManager[None]:
    """Span of the work on a message with `headers` (gRPC metadata, NATS headers), within the sender's trace."""
    if _Traces.tracer:
        return _span(name, None, headers)
    sent = headers.get(TRACEPARENT, "")
    return _passed_on(sent) if _WELL_FORMED.fullmatch(sent) else _OFF


def gathered(name: str, headers: Iterable[Mapping[str, str] | None]) -> AbstractContextManager[None]:
    """Span of a batch of messages, linked to the trace of each; while traces are off, a trace common to all goes on."""
    parents = {(each or {}).get(TRACEPARENT, "") for each in headers}
    sent = {each for each in parents if _WELL_FORMED.fullmatch(each)}
    if _Traces.tracer:
        return _span(name, None, None, sent)
    return _passed_on(sent.pop()) if len(sent) == 1 else _OFF


def parent() -> str | None:
    """Traceparent of the work under way, to be stored or sent with it; None when there is none."""
    if _Traces.tracer is None:
        return _passing.get() or None
    carried: dict[str, str] = {}
    _FORMAT.inject(carried)
    return carried.get(TRACEPARENT)


def here() -> tuple[str, str]:
    """Trace id and span id of the work under way, in hex; empty where there is none."""
    if _Traces.tracer:
        span = trace.get_current_span().get_span_context()
        return (f"{span.trace_id:032x}", f"{span.span_id:016x}") if span.is_valid else ("", "")
    parts = _passing.get().split("-")
    return (parts[1], parts[2]) if len(parts) == 4 else ("", "")


@contextmanager
def _span(
    name: str, attributes: Mapping[str, str] | None, sent: Mapping[str, str] | None, linked: Iterable[str] = ()
) -> Iterator[None]:
    assert _Traces.tracer is not None
    context = _FORMAT.extract(dict(sent)) if sent is not None else None
    links = [
        trace.Link(trace.get_current_span(_FORMAT.extract({TRACEPARENT: each})).get_span_context()) for each in linked
    ]
    with _Traces.tracer.start_as_current_span(
        name, context=context, attributes=attributes, links=links, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except BaseException:  # the text of an exception may quote values, so only the status is recorded
            span.set_status(trace.StatusCode.ERROR)
            raise


@contextmanager
def _passed_on(sent: str) -> Iterator[None]:
    token = _passing.set(sent)
    try:
        yield
    finally:
        _passing.reset(token)
