"""Seeded faults: each is a mistake that the product could have, or had; the histories have to find it.

To add one: a context manager that replaces a part of the product, in `FAULTS`, with the sentence of what is wrong.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from chassis.event_store import FileRepository, IdempotencyKey
from chassis.inbox import InboxConsumer
from chassis.outbox import publisher
from chassis.rpc.identity.caller import current_caller
from chassis.sweeps import sweeper
from law.not_allowed import NotAllowed
from protocol import requests
from services.approval.adapters.case import intake_subscription, leg_subscription
from services.approval.adapters.case import parts as case_parts
from services.approval.adapters.case import requests as case_requests
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import CardIssued
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.handoff import usecases as handoff_usecases
from services.approval.handoff.domain import district_decide
from services.intake.adapters import calls
from services.intake.adapters.application import inbox as intake_inbox
from services.intake.adapters.application.rows import ApplicationRows
from services.intake.domain.application import accepted_terms
from services.notify.domain.delivery.collect import NotTheApplicant, collect
from services.notify.domain.message import suppression
from services.notify.usecases import delivery as delivery_usecases
from services.notify.usecases import message as message_usecases
from services.notify.usecases.matter import MatterAccess
from tests.simulate.database import inbox as inbox_twins
from tests.simulate.history import history_of
from tests.simulate.play import begin_all
from tests.simulate.run import Outcome, run

Patch = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by name, the sentence of what is wrong, and how it gets into the product."""

    name: str
    wrong: str
    patch: Patch
    acts: frozenset[str] = frozenset()
    """Acts without one of which it cannot show: histories without them are not played."""


@contextmanager
def replaced(where: Any, name: str, by: Callable[..., Any]) -> Iterator[None]:
    """One part of the product is another until the block ends."""
    real = getattr(where, name)
    setattr(where, name, by)
    try:
        yield
    finally:
        setattr(where, name, real)


def find(fault: Fault, seeds: Sequence[int]) -> Outcome | None:
    """The first of these histories in which the fault shows; None where it stays hidden."""
    begin_all()
    with fault.patch():
        for seed in seeds:
            history = history_of(seed)
            if not fault.acts <= {step.act for step in history.steps}:
                continue
            outcome = run(history)
            if outcome.failed:
                return outcome
    return None


def find_all(most: int) -> int:
    """Look for every fault in so many histories, and print where it shows; the number of those that stay hidden."""
    hidden = 0
    for fault in FAULTS:
        outcome = find(fault, range(most))
        where = f"seed {outcome.history.seed}: {outcome.violations[0][:120]}" if outcome else "hidden"
        hidden += outcome is None
        sys.stdout.write(f"{fault.name:<22} {where}\n")
        sys.stdout.flush()
    return hidden


@contextmanager
def _two_truths() -> Iterator[None]:
    real = leg_subscription.LegEffects._matter_context

    async def without_withdrawals(self: Any, *arguments: Any) -> Any:
        return replace(await real(self, *arguments), withdrawn_on={})

    nothing_answered = replaced(case_parts, "unanswered_withdrawal", lambda *_, **__: [])  # the sweep would mend it
    with replaced(leg_subscription.LegEffects, "_matter_context", without_withdrawals), nothing_answered:
        yield


@contextmanager
def _closing_from_memory() -> Iterator[None]:
    real, memory = ApplicationRows.closing, dict[Any, Any]()

    async def remembered(self: ApplicationRows, key: Any) -> Any:
        name = (id(self.rpc), key)
        if name not in memory:
            memory[name] = await real(self, key)
        return memory[name]

    with replaced(ApplicationRows, "closing", remembered):
        yield


@contextmanager
def _not_the_applicant() -> Iterator[None]:
    real = MatterAccess.with_acceptance

    async def as_it_is(self: MatterAccess, scope: Any, application_id: Any, after: str) -> Any:
        try:
            matter = await self.find(scope, application_id, after)
        except Exception:
            matter = await real(self, scope, application_id, after)
        return replace(matter, accepted=True)

    def compared_first(delivery: Any, collection: Any, today: Any, calendar: Any) -> Any:
        if collection.in_person and collection.receiver_index != collection.applicant_index:
            raise NotTheApplicant
        return collect(delivery, collection, today, calendar)

    with replaced(MatterAccess, "with_acceptance", as_it_is), replaced(delivery_usecases, "collect", compared_first):
        yield


def _second_decision_dropped() -> AbstractContextManager[None]:
    return replaced(district_decide, "_check_repeat", lambda _on_file, _report: None)


@contextmanager
def _retry_is_another_request() -> Iterator[None]:
    real, seen = requests.idempotency_key, list[str]()

    def key(method: str, request: Any) -> IdempotencyKey:
        first = real(method, request)
        seen.append(first.request_id)
        count = seen.count(first.request_id)
        return first if count == 1 else replace(first, request_id=f"{first.request_id}/{count}")

    with replaced(calls, "idempotency_key", key), replaced(case_requests, "idempotency_key", key):
        yield


@contextmanager
def _acknowledged_before_commit() -> Iterator[None]:
    real = InboxConsumer.apply

    async def later(self: InboxConsumer, events: Any) -> None:
        task = asyncio.get_running_loop().create_task(real(self, events))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    with replaced(InboxConsumer, "apply", later):
        yield


def _parked_event_lost() -> AbstractContextManager[None]:
    return replaced(inbox_twins, "_park", lambda _tx, _source, _event, _reason: None)


@contextmanager
def _pause_not_counted() -> Iterator[None]:
    real = due_dates.recomputed_term

    def without_last_pause(case: Case, calendar: Any, ledger: Any) -> Any:
        return real(case, calendar, replace(ledger, standstills=ledger.standstills[:-1]))

    with replaced(due_dates, "recomputed_term", without_last_pause):
        yield


def _card_again() -> AbstractContextManager[None]:
    def every_card(case: Case, today: Any, _calendar: Any = None) -> list[CardIssued]:
        due = [(level, on) for level, on in case.card_dates() if on <= today]
        return [] if case.closed else [CardIssued(today, case.application_id, level, on) for level, on in due]

    return replaced(case_parts, "issue_cards", every_card)


@contextmanager
def _refused_from_cache() -> Iterator[None]:
    real = FileRepository._change_from_cache

    async def refusing(self: Any, key: Any, cause: Any, decide_at: Any, *others: Any) -> Any:
        loaded = self.unit_of_work.cache.file(key)
        if loaded is not None:
            try:
                decide_at(self.unit_of_work.state(loaded), {}, loaded.revision)
            except NotAllowed:
                raise
            except Exception:
                return None
        return await real(self, key, cause, decide_at, *others)

    with replaced(FileRepository, "_change_from_cache", refusing):
        yield


def _superseded_message() -> AbstractContextManager[None]:
    return replaced(suppression, "suppressed_by_later_stage", lambda _message, _messages: False)


def _sweep_day_skipped() -> AbstractContextManager[None]:
    return replaced(sweeper, "_days", lambda finished, today: [today] if finished < today else [])


@contextmanager
def _request_id_of_anybody() -> Iterator[None]:
    real = requests.idempotency_key

    def key(method: str, request: Any) -> IdempotencyKey:
        current_caller()
        return replace(real(method, request), caller="somebody")

    with replaced(calls, "idempotency_key", key), replaced(case_requests, "idempotency_key", key):
        yield


@contextmanager
def _district_not_told() -> Iterator[None]:
    async def nothing(_tx: Any, _owed: Any) -> None:
        return None

    with (
        replaced(leg_subscription, "owe_withdrawals", nothing),
        replaced(intake_subscription, "owe_withdrawals", nothing),
    ):
        yield


@contextmanager
def _decided_after_return() -> Iterator[None]:
    real = district_decide.district_decide

    def decided(case: Case, *others: Any) -> Any:
        if case.closing is CaseClosing.RETURNED:
            case = replace(case, closing=None, closed_on=None, running_stage=CaseStage.REFERRED, answer=None)
        return real(case, *others)

    with replaced(handoff_usecases, "district_decide", decided):
        yield


def _refused_row_removed() -> AbstractContextManager[None]:
    return replaced(publisher, "removable_rows", lambda waiting, _stored: [one.seq for one in waiting])


@contextmanager
def _return_not_shown() -> Iterator[None]:
    real = intake_inbox._is_end

    def is_end(fact: Any) -> bool:
        return fact.WhichOneof("fact") != "case_returned" and real(fact)

    with replaced(intake_inbox, "_is_end", is_end):
        yield


@contextmanager
def _promise_that_has_passed() -> Iterator[None]:
    with replaced(message_usecases, "wording_on", lambda template, *_: template):
        yield


@contextmanager
def _received_when_whole() -> Iterator[None]:
    real = accepted_terms.accepted

    def of_the_last_paper(application: Any, item: Any, acceptance: Any, day: Any) -> Any:
        fact = real(application, item, acceptance, day)
        return replace(fact, received_on=min(application.whole_since, acceptance.accepted_on))

    with replaced(accepted_terms, "accepted", of_the_last_paper):
        yield


FAULTS: Sequence[Fault] = (
    Fault(
        "two-truths",
        "a referral does not see the withdrawal that came at the same instant",
        _two_truths,
        frozenset({"withdraw"}),
    ),
    Fault(
        "closing-from-memory",
        "a rating is answered by what the process remembers",
        _closing_from_memory,
        frozenset({"rate"}),
    ),
    Fault(
        "not-the-applicant",
        "the applicant is refused while notify catches up",
        _not_the_applicant,
        frozenset({"collect"}),
    ),
    Fault(
        "second-decision",
        "another decision of the district is dropped",
        _second_decision_dropped,
        frozenset({"report decision"}),
    ),
    Fault("retry", "a retry counts as another request", _retry_is_another_request),
    Fault("early-ack", "events are acknowledged before they are committed", _acknowledged_before_commit),
    Fault("parked-lost", "an event that came early is lost", _parked_event_lost),
    Fault("pause", "the days of a pause count", _pause_not_counted, frozenset({"resume"})),
    Fault("card-again", "a case gets a card that it has", _card_again, frozenset({"forward"})),
    Fault("refused-from-cache", "an act is refused on a file as the process saw it last", _refused_from_cache),
    Fault("superseded", "the message of an earlier stage is sent after that of a later one", _superseded_message),
    Fault("passed-promise", "a message promises a day that has passed", _promise_that_has_passed),
    Fault(
        "received-when-whole",
        "a correction moves the day of receipt",
        _received_when_whole,
        frozenset({"supply correction"}),
    ),
    Fault("skipped-day", "a sweep leaves out the days before today", _sweep_day_skipped, frozenset({"forward"})),
    Fault("anybodys-id", "request ids are scoped without their caller", _request_id_of_anybody),
    Fault("district-not-told", "the district is not told of a withdrawal", _district_not_told, frozenset({"withdraw"})),
    Fault(
        "decided-after-return",
        "a decision counts on a leg that was sent back",
        _decided_after_return,
        frozenset({"return case"}),
    ),
    Fault("row-removed", "a fact that the stream refused leaves the outbox", _refused_row_removed),
    Fault(
        "return-not-shown",
        "intake shows a matter as closed after its return",
        _return_not_shown,
        frozenset({"return case"}),
    ),
)
"""Every fault."""
BY_NAME: Mapping[str, Fault] = {fault.name: fault for fault in FAULTS}
