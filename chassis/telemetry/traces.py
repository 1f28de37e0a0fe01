"""Traces by OpenTelemetry: made only where an OTLP endpoint is set, passed on in W3C form by gRPC and NATS headers."""

from collections.abc import Iterator, Mapping
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
_OFF: AbstractContextManager[None] = nullcontext()
_passing: ContextVar[str] = ContextVar("passing_traceparent", default="")


class _Traces:
    """What this process traces with; nothing until `start`."""

    provider: TracerProvider | None = None
    tracer: trace.Tracer | None = None


def start(service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> None:
    """Make traces from now on and send them to `endpoint`; without one nothing is made and nothing is paid."""
    if endpoint:
        exporter = OTLPSpanExporter(endpoint=endpoint, insecure=endpoint.startswith("http://"))
    if exporter is None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": f"onewindow-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _Traces.provider, _Traces.tracer = provider, provider.get_tracer("onewindow")


def stop() -> None:
    """Send what is still held and make no more traces."""
    if _Traces.provider is not None:
        _Traces.provider.shutdown()
    _Traces.provider = _Traces.tracer = None


def traced(name: str, attributes: Mapping[str, str] | None = None) -> AbstractContextManager[None]:
    """A span around a piece of work (a statement, a batch); free when traces are off. Never put values in `name`."""
    return _span(name, attributes, None) if _Traces.tracer else _OFF


def continued(name: str, headers: Mapping[str, str]) -> AbstractContextManager[None]:
    """A span around an answer to what came with `headers` (gRPC metadata, NATS headers), under the sender's trace."""
    sent = headers.get(TRACEPARENT, "")
    if _Traces.tracer:
        return _span(name, None, headers)
    return _passed_on(sent) if sent else _OFF


def headers() -> dict[str, str]:
    """The headers by which what is sent now stays in the trace; empty when there is none."""
    carried: dict[str, str] = {}
    if _Traces.tracer:
        _FORMAT.inject(carried)
    elif sent := _passing.get():
        carried[TRACEPARENT] = sent
    return carried


def here() -> tuple[str, str]:
    """The trace id and span id of the work under way, in hex; empty where there is none."""
    if _Traces.tracer:
        span = trace.get_current_span().get_span_context()
        return (f"{span.trace_id:032x}", f"{span.span_id:016x}") if span.is_valid else ("", "")
    parts = _passing.get().split("-")
    return (parts[1], parts[2]) if len(parts) == 4 else ("", "")


@contextmanager
def _span(name: str, attributes: Mapping[str, str] | None, sent: Mapping[str, str] | None) -> Iterator[None]:
    assert _Traces.tracer is not None
    context = _FORMAT.extract(dict(sent)) if sent is not None else None
    with _Traces.tracer.start_as_current_span(
        name, context=context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except BaseException:  # an exception's text may quote values, so only that there was one is told
            span.set_status(trace.StatusCode.ERROR)
            raise


@contextmanager
def _passed_on(sent: str) -> Iterator[None]:
    token = _passing.set(sent)
    try:
        yield
    finally:
        _passing.reset(token)
