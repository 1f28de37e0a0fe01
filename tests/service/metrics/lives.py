"""Matters as events of three services, in the order of their files, to be received in any order."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1.desk_pb2 import Actor, Place
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.notify.v1 import notify_event_pb2 as notify

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from chassis.vault import code_digest

DISTRICT, STREET, OTHER_STREET, SYNTHETIC = "440105", "440105008", "440105009", "440105999"
ITEM = "11440105007520010440105001000001"[:31]
PEPPER = b"pepper of the test"
CODE = "7KQ2M9PX"
DAY = date(2016, 3, 1)
INSTANT, PROMISED, FORWARDED = 1, 2, 3

_NAMES = UUID("6f1f9b6e-4c3b-4c5d-9d26-1d6f5f5b7c11")
_EVENTS: dict[str, tuple[type[Any], str]] = {
    "intake": (intake.IntakeEvent, "file_id"),
    "approval": (approval.ApprovalEvent, "case_id"),
    "notify": (notify.NotifyEvent, "application_id"),
}
_OUTCOMES = {"granted": approval.OUTCOME_GRANTED, "refused": approval.OUTCOME_REFUSED}


@dataclass
class Life:
    """One matter. Its methods are what happens to it; `events` is what was told of it."""

    name: str
    street: str = STREET
    kind: int = PROMISED
    item: str = ITEM
    window: str = "W1"
    events: list[InboxEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.application_id = uuid5(_NAMES, self.name)
        self.case_id = uuid5(self.application_id, "street")
        self.serial_number = f"SN{self.application_id.int % 10**16:016}"
        self.number = f"NO{self.application_id.int % 10**16:016}"
        self._revisions: Counter[tuple[str, UUID]] = Counter()

    def add(self, source: str, kind: str, fact: Any, on: date, *, file: UUID | None = None, street: str = "") -> None:
        """One more fact of one of the matter's files."""
        file_id = file or {"approval": self.case_id}.get(source, self.application_id)
        self._revisions[source, file_id] += 1
        key, revision = FileKey(DISTRICT, street or self.street, file_id), self._revisions[source, file_id]
        message, id_field = _EVENTS[source]
        event_id = uuid5(file_id, f"{source}/{revision}")
        told = message(event_id=str(event_id), revision=revision, occurred_on=on.isoformat())
        setattr(told, id_field, str(file_id))
        told.place.CopyFrom(Place(district=DISTRICT, street=key.street))
        told.actor.CopyFrom(Actor(staff_no="10001"))
        told.recorded_at.FromDatetime(datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI))
        if source == "approval":
            told.application_id = str(self.application_id)
        getattr(told, kind).CopyFrom(fact)
        self.events.append(InboxEvent(source, key, revision, event_id, kind, told.SerializeToString()))

    def submitted(self, on: date, submitted_on: date | None = None) -> "Life":
        """收件, received on a day, and submitted on it or in the evening before."""
        fact = intake.ApplicationSubmitted(
            serial_number=self.serial_number,
            item_code=self.item,
            item_name=f"事项{self.item[-1]}",
            item_kind=self.kind,  # type: ignore[arg-type] # the stubs want the enum's own class
            window=self.window,
            received_on=on.isoformat(),
            answer_due_on=(on + timedelta(days=7)).isoformat(),
            query_code_digest=code_digest(PEPPER, self.application_id, CODE).hex(),
        )
        self.add("intake", "application_submitted", fact, submitted_on or on)
        return self

    def accepted(self, on: date, ground: int = intake.ACCEPTANCE_GROUND_COMPLETE) -> "Life":
        """受理, with ten calendar days promised and thirty in law; promised and forwarded matters get a case."""
        fact = intake.ApplicationAccepted(
            number=self.number,
            serial_number=self.serial_number,
            ground=ground,  # type: ignore[arg-type] # the stubs want the enum's own class
            received_on=on.isoformat(),
            accepted_on=on.isoformat(),
            promised_due_on=(on + timedelta(days=10)).isoformat(),
            legal_due_on=(on + timedelta(days=30)).isoformat(),
            window=self.window,
        )
        self.add("intake", "application_accepted", fact, on)
        if self.kind != INSTANT:
            opened = approval.CaseOpened(leg=approval.LEG_STREET, number=self.number, term=term(on))
            self.add("approval", "case_opened", opened, on)
        return self

    def ended(self, kind: str, on: date) -> "Life":
        """不予受理, 补正不来, 即办 or 撤回, as intake publishes it."""
        self.add("intake", kind, getattr(intake.IntakeEvent(), kind), on)
        return self

    def decided(self, outcome: str, on: date, *, on_time: bool = True, early: bool = False) -> "Life":
        """准予 or 不予."""
        fact = approval.CaseDecided(
            outcome=_OUTCOMES[outcome],
            on_time=on_time,
            early=early,
            leg=approval.LEG_STREET,
        )
        self.add("approval", "case_decided", fact, on)
        return self

    def referred(self, on: date, *, closes: bool, attempt: int = 1) -> "Life":
        """转报, and the district's leg with all that happens on it."""
        fact = approval.CaseReferred(closes=closes, attempt=attempt, on_time=closes, early=closes)
        self.add("approval", "case_referred", fact, on)
        opened = approval.CaseOpened(leg=approval.LEG_DISTRICT, number=self.number, term=term(on), attempt=attempt)
        self.at_district("case_opened", opened, on, attempt)
        return self

    def at_district(self, kind: str, fact: Any, on: date, attempt: int = 1) -> "Life":
        """Something that happens on the district's leg alone."""
        leg = uuid5(self.application_id, f"district/{attempt}")
        self.add("approval", kind, fact, on, file=leg, street=f"{DISTRICT}000")
        return self

    def district_decided(self, outcome: str, on: date, *, closes: bool, reported_on: date | None = None) -> "Life":
        """区办理结果, on both legs."""
        recorded_on = reported_on or on
        fact = approval.DistrictDecided(outcome=_OUTCOMES[outcome], decided_on=on.isoformat())
        fact.closes, fact.leg, fact.on_time, fact.early = True, approval.LEG_DISTRICT, True, True
        fact.closed_on = on.isoformat()
        self.at_district("district_decided", fact, recorded_on)
        fact.closes, fact.leg, fact.on_time, fact.early = closes, approval.LEG_STREET, closes, False
        fact.closed_on = on.isoformat() if closes else ""
        self.add("approval", "district_decided", fact, recorded_on)
        return self

    def returned(self, on: date, *, attempt: int = 1) -> "Life":
        """退回, on both legs."""
        fact = approval.CaseReturned(leg=approval.LEG_DISTRICT, attempt=attempt)
        self.at_district("case_returned", fact, on, attempt)
        self.add("approval", "case_returned", approval.CaseReturned(leg=approval.LEG_STREET, attempt=attempt), on)
        return self

    def paused(self, on: date, kind: str = "", expected_on: date | None = None) -> "Life":
        """中止计时, as a release up to 0.2.0 told it, or with a kind and an expected end."""
        fact = approval.TermPaused(paused_on=on.isoformat())
        if expected_on is not None:
            fact.kind.code, fact.kind.name = kind, "听证"
            fact.expected.on = expected_on.isoformat()
            fact.expected.overdue_on = (expected_on + timedelta(days=1)).isoformat()
        self.add("approval", "term_paused", fact, on)
        return self

    def resumed(self, on: date, accepted_on: date) -> "Life":
        """恢复计时, the term as if accepted a day later."""
        fact = approval.TermResumed(resumed_on=on.isoformat(), term=term(accepted_on + timedelta(days=1)))
        self.add("approval", "term_resumed", fact, on)
        return self

    def card(self, level: int, on: date) -> "Life":
        """预警, 黄牌 or 红牌."""
        fact = approval.CardIssued(level=level, due_on=on.isoformat())  # type: ignore[arg-type] # as above
        self.add("approval", "card_issued", fact, on)
        return self

    def recounted(self, on: date, *void: int) -> "Life":
        """A calendar was corrected, and these cards are no longer so."""
        fact = approval.TermRecounted(term=term(on), void_cards=void)  # type: ignore[arg-type] # as above
        self.add("approval", "term_recounted", fact, on)
        return self

    def rated(self, grade: int, on: date) -> "Life":
        """好差评."""
        self.add("intake", "service_rated", intake.ServiceRated(grade=grade), on)
        return self

    def delivered(self, on: date, *, on_time: bool = True) -> "Life":
        """待领取, 已送达."""
        self.add("notify", "delivery_opened", notify.DeliveryOpened(deliver_by=on.isoformat()), on)
        self.add("notify", "result_delivered", notify.ResultDelivered(on_time=on_time), on)
        return self


def term(starts_on: date) -> approval.Term:
    """Ten calendar days promised, thirty in law, a warning two days before."""
    days = {"promised_due_on": 10, "legal_due_on": 30, "warn_on": 8, "yellow_on": 11, "red_on": 31}
    told: dict[str, Any] = {name: (starts_on + timedelta(days=count)).isoformat() for name, count in days.items()}
    return approval.Term(**told)


def ticket(name: str, on: date, window: str = "", street: str = STREET) -> list[InboxEvent]:
    """A number taken, and called when a window is given."""
    life = Life(f"ticket {name}", street)
    life.add("intake", "ticket_taken", intake.TicketTaken(number=name), on)
    if window:
        life.add("intake", "ticket_called", intake.TicketCalled(window=window), on)
    return life.events


def catalogue_events() -> list[InboxEvent]:
    """Two versions of the item and two windows, at the district's own place."""
    told = Life("catalogue", f"{DISTRICT}000")
    for version in (1, 2):
        item = catalogue.Item(code=ITEM, name=f"老年人优待证（第{version}版）", version=version)
        told.add("intake", "item_published", intake.ItemPublished(item=item), DAY)
    for code in ("W1", "W2"):
        window = catalogue.Window(code=code, name=f"综合{code[1]}号窗", street=STREET)
        fact = intake.WindowPublished(window=window)
        told.add("intake", "window_published", fact, DAY, file=uuid5(told.application_id, code))
    return told.events
