"""Breaks of a whole publication: one change each, by which it breaks one rule of the law."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

from tests.service.intake.whole_publications import BODY


@dataclass(frozen=True, slots=True)
class Law:
    """One rule: its source, a whole publication, the break of it alone, and the field and rule of the refusal."""

    source: str
    whole: Callable[[], Any]
    breaks: Callable[[Any], None]
    field: str
    rule: str

    def broken(self) -> Any:
        """The publication with the rule broken."""
        message = self.whole()
        self.breaks(message)
        return message


def put(path: str, value: object) -> Callable[[Any], None]:
    """A break that gives one field another value; `route.1.post` is the second step's post."""

    def change(message: Any) -> None:
        *way, last = path.split(".")
        for part in way:
            message = message[int(part)] if part.isdecimal() else getattr(message, part)
        if isinstance(value, list):
            del getattr(message, last)[:]
            getattr(message, last).extend(value)
        elif hasattr(value, "DESCRIPTOR"):
            getattr(message, last).CopyFrom(value)
        else:
            setattr(message, last, value)

    return change


def procedure(code: str, name: str, article: str = "行政许可法 45") -> catalogue.ProcedureKind:
    """A kind of special procedure."""
    return catalogue.ProcedureKind(code=code, name=name, article=article)


def limits(promise: catalogue.Limit, legal: catalogue.Limit, nature: str = "") -> Callable[[Any], None]:
    """A break by promise and legal limit together; a nature other than the licence takes the code with it."""

    def change(item: Any) -> None:
        item.promised_limit.CopyFrom(promise)
        item.legal_limit.CopyFrom(legal)
        if nature:
            item.nature, item.code = nature, BODY + "5442091001001"

    return change


def part(legal: catalogue.Limit, promise: catalogue.Limit | None = None) -> catalogue.PartLimits:
    """Limits of a part."""
    return catalogue.PartLimits(legal=legal, promised=promise)


def referred(change: Callable[[Any], None]) -> Callable[[Any], None]:
    """A break of an item whose matter closes on its referral."""

    def break_it(item: Any) -> None:
        item.closes_on = catalogue.CLOSES_ON_REFERRAL
        change(item)

    return break_it


def without(*days: str) -> Callable[[Any], None]:
    """A break that leaves days out of the days off."""

    def change(message: Any) -> None:
        kept = [day for day in message.days_off if day not in days]
        put("days_off", kept)(message)

    return change


def added(name: str, *days: str) -> Callable[[Any], None]:
    """A break that adds days to a list."""

    def change(message: Any) -> None:
        getattr(message, name).extend(days)

    return change


def number(text: str) -> Callable[[Any], None]:
    """A break by the number of the notice."""
    return put("number", text)


def seasons(*periods: tuple[str, str]) -> Callable[[Any], None]:
    """A break by opening periods."""
    return put("seasons", [catalogue.Season(open_from=first, open_to=last) for first, last in periods])
