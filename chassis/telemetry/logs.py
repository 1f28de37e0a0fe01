"""Log lines: one JSON object a line with ts, level, service, msg, trace_id, span_id and the caller's own keys.

A thread of its own writes the lines; a call pays for one entry in a queue.
"""

import json
import logging
import queue
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from types import TracebackType
from typing import Any, TextIO

import structlog

from chassis.telemetry import traces

Entry = MutableMapping[str, Any]

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_IDENTITY_BEFORE_1999 = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Za-z])"
)
_TELEPHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Za-z])")


def start(service: str, level: str = "info", stream: TextIO = sys.stdout) -> QueueListener:
    """Sends every log line of the process from `level` on to `stream`; stop the listener to flush."""
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
    """Keys of a log line about an unexpected `error`: its type and the lines of its traceback.

    Its text is left out, because drivers quote values in it; at level debug it is logged, masked like all else.
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


def masked(text: str) -> str:
    """Text with every identity number (15 or 18 characters) and mobile number replaced by a word for its kind.

    A second safety net only: identity numbers and telephone numbers are not logged in the first place.
    """
    text = _IDENTITY.sub("[identity]", text)
    text = _IDENTITY_BEFORE_1999.sub("[identity]", text)
    return _TELEPHONE.sub("[telephone]", text)


class _Unprepared(QueueHandler):
    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # the writing thread formats it


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
