"""Log lines: one JSON object a line with ts, level, service, msg, trace_id, span_id and the caller's own keys.

Lines are written by a thread of their own; what a call pays is one entry in a queue.
"""

import json
import logging
import queue
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from types import TracebackType
from typing import Any, TextIO

import structlog

from chassis.telemetry import traces
from chassis.telemetry.masking import masked

Entry = MutableMapping[str, Any]


def start(service: str, level: str = "info", stream: TextIO = sys.stdout) -> QueueListener:
    """Send every log line of the process to `stream` from weight `level` on; stop the listener to flush."""
    writer = logging.StreamHandler(stream)
    writer.setFormatter(_JsonLine(service))
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    listener = QueueListener(lines, writer)
    root = logging.getLogger()
    root.handlers = [_Unprepared(lines)]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _where, _into_record],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    listener.start()
    return listener


def failure(error: BaseException) -> dict[str, object]:
    """The keys under which an unexpected `error` is logged: its type and the lines it passed.

    Its text stays out, because drivers quote values in it; at level debug it is told, masked like all else.
    """
    keys: dict[str, object] = {"error": type(error).__qualname__, "at": _lines_passed(error.__traceback__)}
    state = getattr(error, "sqlstate", None)
    if state:
        keys["sqlstate"] = state
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        keys["said"] = str(error)
    if error.__cause__ is not None:
        keys["because"] = type(error.__cause__).__qualname__
    return keys


class _Unprepared(QueueHandler):
    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # formatting belongs to the writing thread


class _JsonLine(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        keys: Mapping[str, Any] = getattr(record, "keys", {})
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "msg": record.getMessage(),
            "trace_id": "",
            "span_id": "",
        }
        if record.exc_info and record.exc_info[1]:
            line |= failure(record.exc_info[1])
        return masked(json.dumps(line | dict(keys), ensure_ascii=False, default=str))


def _where(_logger: object, _method: str, entry: Entry) -> Entry:
    trace_id, span_id = traces.here()
    entry["trace_id"], entry["span_id"] = trace_id, span_id
    return entry


def _into_record(_logger: object, _method: str, entry: Entry) -> tuple[tuple[str], dict[str, Any]]:
    exc_info = entry.pop("exc_info", None)
    return (str(entry.pop("event")),), {"extra": {"keys": dict(entry)}, "exc_info": exc_info}


def _lines_passed(traceback: TracebackType | None) -> list[str]:
    passed = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        passed.append(f"{traceback.tb_frame.f_globals.get('__name__', '?')}.{code.co_name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return passed[-12:]
