"""Logs, metrics and traces hold no identity numbers and no texts of persons."""

import io
import json
import logging
from collections.abc import Iterator

import asyncpg
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from chassis.process import serve  # noqa: F401 # registers the metrics of a whole process
from chassis.telemetry import logs, traces
from chassis.telemetry.logs import masked

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER = "00-11111111111111111111111111111111-2222222222222222-01"


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A place where log lines go; the root logger is as before afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_has_the_same_keys_from_every_library(stream: io.StringIO) -> None:
    listener = logs.start("intake", stream=stream)
    structlog.get_logger("here").info("serving", rpc=50051)
    logging.getLogger("elsewhere").warning("slow %s", "network")
    logging.getLogger("elsewhere").debug("not told")
    listener.stop()
    ours, theirs = lines_of(stream)
    for line in (ours, theirs):
        assert list(line)[:6] == ["ts", "level", "service", "msg", "trace_id", "span_id"]
    assert (ours["service"], ours["level"], ours["msg"], ours["rpc"]) == ("intake", "info", "serving", 50051)
    assert (theirs["level"], theirs["msg"]) == ("warning", "slow network")


def test_a_failure_is_logged_with_its_lines_and_without_its_text(stream: io.StringIO) -> None:
    listener = logs.start("intake", stream=stream)
    try:
        int("张三")
    except ValueError as error:
        structlog.get_logger("here").error("unexpected", **logs.failure(error))
        logging.getLogger("elsewhere").exception("broke")
    listener.stop()
    assert "张三" not in stream.getvalue()
    for line in lines_of(stream):
        assert line["error"] == "ValueError"
        assert "test_a_failure_is_logged" in str(line["at"])


def test_a_failure_of_postgresql_names_its_state_and_its_cause(stream: io.StringIO) -> None:
    error = asyncpg.UniqueViolationError("Key (name)=(张三) already exists.")
    error.__cause__ = LookupError("张三")
    keys = logs.failure(error)
    assert (keys["sqlstate"], keys["because"]) == ("23505", "LookupError")
    assert "said" not in keys
    listener = logs.start("intake", level="debug", stream=stream)
    assert "already exists" in str(logs.failure(error)["said"]), "at level debug its text is logged too"
    listener.stop()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("身份证440105194910011234号", "身份证[identity]号"),
        ("44010519491001123X", "[identity]"),
        ("440105491001123", "[identity]"),
        ("电话13800138000。", "电话[telephone]。"),
        ("+86 138-0013-8000", "[telephone]"),
        ("8613800138000", "[telephone]"),
        ("0af7651916cd43dd8448eb211c80319c", "0af7651916cd43dd8448eb211c80319c"),
        ("1732345678901234567", "1732345678901234567"),
        ("2026-03-02T09:00:00", "2026-03-02T09:00:00"),
    ],
)
def test_numbers_of_persons_are_blotted_out(said: str, shown: str) -> None:
    assert masked(said) == shown


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), st.sampled_from(["", " ", "，", '"', ":"]))
def test_no_identity_number_survives(number: str, extra: str) -> None:
    assert number not in masked(f"{extra}{number}{extra}")


def test_without_an_endpoint_a_trace_is_passed_on_and_none_is_made() -> None:
    assert traces.parent() is None
    assert traces.here() == ("", "")
    with traces.continued("call", {"traceparent": PARENT}), traces.statement("select 1"):
        assert traces.here() == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        assert traces.parent() == PARENT
    assert traces.parent() is None


@pytest.mark.parametrize("sent", ["", "anything", PARENT + " " * 4096, PARENT.upper()])
def test_what_is_no_trace_is_not_passed_on(sent: str) -> None:
    with traces.continued("call", {"traceparent": sent}):
        assert traces.parent() is None


def test_spans_stand_under_the_senders_trace_and_quote_nothing() -> None:
    stored = InMemorySpanExporter()
    traces.start("intake", None, exporter=stored)
    try:
        with pytest.raises(ValueError, match="secret"), traces.continued("call", {"traceparent": PARENT}):
            assert traces.here()[0] == "0af7651916cd43dd8448eb211c80319c"
            assert (traces.parent() or "").split("-")[1] == traces.here()[0]
            with traces.statement("select $1"):
                raise ValueError("secret")
    finally:
        traces.stop()
    statement, call = stored.get_finished_spans()
    assert statement.parent is not None and call.context is not None
    assert statement.parent.span_id == call.context.span_id
    assert all("secret" not in _lines(span) for span in (statement, call))


def test_a_batch_is_linked_to_the_trace_of_each_message_and_what_it_writes_goes_on_under_the_batch() -> None:
    stored = InMemorySpanExporter()
    traces.start("approval", None, exporter=stored)
    try:
        with traces.gathered("hear OW_INTAKE", [{"traceparent": PARENT}, None, {}, {"traceparent": OTHER}]):
            inside = traces.parent()
    finally:
        traces.stop()
    (batch,) = stored.get_finished_spans()
    assert batch.context is not None
    assert {f"{link.context.trace_id:032x}" for link in batch.links} == {PARENT.split("-")[1], OTHER.split("-")[1]}
    assert inside is not None
    assert inside.split("-")[1] == f"{batch.context.trace_id:032x}"


def test_without_an_endpoint_a_trace_that_a_whole_batch_shares_is_passed_on() -> None:
    with traces.gathered("hear OW_INTAKE", [{"traceparent": PARENT}, {"traceparent": PARENT}]):
        assert traces.parent() == PARENT
    with traces.gathered("hear OW_INTAKE", [{"traceparent": PARENT}, {"traceparent": OTHER}]):
        assert traces.parent() is None


def test_metrics_are_named_after_the_product_with_their_units() -> None:
    ours = [family for family in REGISTRY.collect() if family.name.startswith("onewindow_")]
    assert {"onewindow_rpc_duration_seconds", "onewindow_loop_restarts"} <= {family.name for family in ours}
    assert all(family.documentation.endswith(".") for family in ours)


def _lines(span: ReadableSpan) -> str:
    return str(span.to_json())


def test_a_replica_tells_when_it_began() -> None:
    """Alerts about counters that began above 0 ask for it: such a loss is young only in a young process."""
    assert (REGISTRY.get_sample_value("process_start_time_seconds") or 0) > 0
