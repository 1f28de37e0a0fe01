"""Subscription to our own facts: a fact of one leg changes the other leg of the matter.

The two legs live at two places, and no transaction changes files of two places; so the second leg follows by the
stream. A referral opens the district's leg; its decision, its return and its withdrawal come back to the street. A
withdrawal that intake reported meanwhile is stored, and is applied right behind the decision or the return: the street
says that it came too late, or ends by it. The lock on the matter makes the order of the two streams irrelevant.

Example: the district decides, the applicant withdraws, and the withdrawal is heard here before the decision. The
district's leg is closed, so that the withdrawal ends nothing; the street's leg, which waits, takes the decision and
says with it that the withdrawal came too late. Heard in the other order, the street says the same.

A batch takes as many statements as one event of each sort, however many events it holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey
from chassis.inbox import Effect, InboxEvent, InboxTransaction, Subscription, change_many
from chassis.nats.streams import Stream
from chassis.postgres.database import queries_of
from law.desk import Place
from law.workdays import Calendar
from protocol.calendars import ReceivedCalendars
from protocol.event_headers import check_headers, fact_kinds
from protocol.identifiers import is_street_leg
from protocol.streams import APPROVAL
from services.approval.adapters.case.codec import CaseCodec
from services.approval.domain.case.facts import (
    CaseDecided,
    CaseReferred,
    CaseReturned,
    CaseWithdrawn,
    DistrictDecided,
    Fact,
    Leg,
    TermExtended,
    TermPaused,
    TermResumed,
)
from services.approval.domain.case.open_case import open_district_leg
from services.approval.domain.case.state import Case, fold
from services.approval.domain.case.withdraw import withdraw, withdrawal_on_street_leg
from services.approval.handoff.adapters.obligations import (
    CaseEffect,
    Obligation,
    district_key,
    owe_packages,
    owe_withdrawals,
    withdrawal_effect,
)
from services.approval.handoff.domain.district_clock import ClockFact, clock_on_street_leg
from services.approval.handoff.domain.district_decide import decision_on_street_leg
from services.approval.handoff.domain.return_case import return_on_street_leg
from services.approval.usecases.case import OFFICE, CaseFiles

FromDistrict: TypeAlias = DistrictDecided | CaseDecided | CaseReturned | CaseWithdrawn | ClockFact
LegFacts: TypeAlias = Sequence[tuple[InboxEvent, Fact]]
"""Facts that concern the other leg, in the order in which they came."""

_CLOCK = (TermPaused, TermResumed, TermExtended)
_FROM_DISTRICT = (DistrictDecided, CaseDecided, CaseReturned, CaseWithdrawn, *_CLOCK)
_APPLIED = frozenset(
    {
        *("case_referred", "district_decided", "case_decided", "case_returned", "case_withdrawn"),
        *("term_paused", "term_resumed", "term_extended"),
    }
)
"""Kinds of fact from which something follows for the other leg."""
_query = queries_of("services.approval")


@dataclass(frozen=True, slots=True)
class _MatterContext:
    """Calendar and withdrawals with which the facts of a batch are applied."""

    calendar: Calendar
    withdrawn_on: Mapping[UUID, date]
    """The matters of the batch that the applicant has withdrawn meanwhile."""


class LegEffects:
    """Applies our own facts to the other leg."""

    def __init__(
        self, files: CaseFiles, calendars: ReceivedCalendars, wake_sender: Callable[[], None] = lambda: None
    ) -> None:
        """`wake_sender` is called after the commit of a batch that owes the district something."""
        self._files = files
        self._calendars = calendars
        self._wake_sender = wake_sender
        self._codec = CaseCodec()

    def subscription(self) -> Subscription:
        """The subscription with these effects."""
        return Subscription(
            consumer=APPROVAL,
            stream=Stream(APPROVAL).name,
            source=APPROVAL,
            apply=self.apply,
            known_kinds=fact_kinds(APPROVAL),
            verify=check_headers,
            applied_kinds=_APPLIED,
        )

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Apply a batch in one read and one write. Each event is decided in turn on the state the one before left."""
        decoded = [(event, self._codec.decode(event.body)) for event in events if event.kind in _APPLIED]
        received = [(event, fact) for event, fact in decoded if _concerns_other_leg(event, fact)]
        if not received:
            return
        legs = await self._senders(tx, received)
        context = await self._matter_context(tx, received, legs)
        packages: list[Obligation] = []
        withdrawals: list[Obligation] = []
        effects: list[CaseEffect] = []
        for event, fact in received:
            if isinstance(fact, CaseReferred):
                effects.append(_new_district_leg(event, _with_ledger(fact, legs.get(event.key)), context))
                packages.extend(_package_obligations(event, fact, context))
            elif isinstance(fact, CaseWithdrawn) and fact.leg is Leg.STREET:
                # Of release 0.2 and older, which ended the street's leg while the district had the matter.
                if case_id := _district_leg_of(legs.get(event.key)):
                    key = district_key(event.key.district, case_id)
                    effects.append(withdrawal_effect(event, key, fact.occurred_on, withdrawals))
            elif isinstance(fact, _FROM_DISTRICT) and (street := _street_key_of(legs.get(event.key))):
                effects.append(_effect_on_street(event, street, fact, context))
        await change_many(tx, self._files, effects, OFFICE)
        await owe_packages(tx, packages)
        await owe_withdrawals(tx, withdrawals)
        if packages or withdrawals:
            tx.after_commit(self._wake_sender)

    async def _matter_context(
        self, tx: InboxTransaction, received: LegFacts, legs: Mapping[FileKey, Case | None]
    ) -> _MatterContext:
        """Calendar and stored withdrawals of these matters, read under a lock on each of them.

        A withdrawal that comes by the other stream at the same time either waits for this transaction and finds the
        legs as it leaves them, or has been stored before and is seen here.
        """
        streets: dict[UUID, str] = {}
        for event, fact in received:
            leg = legs.get(event.key)
            street = _street_key_of(leg) if leg is not None and leg.leg is Leg.DISTRICT else event.key
            if street is not None:
                streets.setdefault(fact.application_id, street.street)
        await tx.execute(_query("lock_matters"), list(streets))
        withdrawn = await tx.fetch(_query("withdrawals_of"), list(streets.values()), list(streets))
        calendar = await self._calendars.seen_by(tx.connection)
        return _MatterContext(calendar, {row["application_id"]: row["withdrawn_on"] for row in withdrawn})

    async def _senders(self, tx: InboxTransaction, received: LegFacts) -> Mapping[FileKey, Case | None]:
        """The legs whose decision, return or withdrawal goes to the other leg; they name that leg.

        With them the street's legs of referrals of releases up to 0.2.0, whose facts do not say what moved their dates.
        """
        keys = list(dict.fromkeys(event.key for event, fact in received if _needs_its_leg(fact)))
        loaded = await tx.load_many(keys)
        return {key: self._files.unit_of_work.state(each) for key, each in zip(keys, loaded, strict=True)}


def _concerns_other_leg(event: InboxEvent, fact: Fact) -> bool:
    """True for a referral, a withdrawal, and what comes down to the street: other ends and the clock of its leg."""
    if isinstance(fact, CaseReferred | CaseWithdrawn):
        return True
    if isinstance(fact, _CLOCK):
        return not is_street_leg(event.key.file_id, fact.application_id)
    return isinstance(fact, DistrictDecided | CaseDecided | CaseReturned) and fact.leg is Leg.DISTRICT


def _needs_its_leg(fact: Fact) -> bool:
    return not isinstance(fact, CaseReferred) or fact.term.ledger is None


def _with_ledger(referred: CaseReferred, street: Case | None) -> CaseReferred:
    if referred.term.ledger is not None or street is None:
        return referred
    return replace(referred, term=replace(referred.term, ledger=street.ledger))


def _new_district_leg(event: InboxEvent, referred: CaseReferred, context: _MatterContext) -> CaseEffect:
    """The opening of the district's leg; the leg of a matter that was withdrawn meanwhile ends at once."""
    street, withdrawn_on = event.key, context.withdrawn_on.get(referred.application_id)

    def opened(case: Case | None) -> Sequence[Fact]:
        facts = open_district_leg(case, referred, Place(street.district, street.street), context.calendar)
        if not facts or withdrawn_on is None:
            return facts
        return [*facts, *withdraw(fold(None, facts[0]), withdrawn_on)]

    return Effect(event, district_key(street.district, referred.linked_case_id), opened)


def _package_obligations(event: InboxEvent, referred: CaseReferred, context: _MatterContext) -> list[Obligation]:
    """The package, where the district has a system of its own and the matter was not withdrawn."""
    if not referred.destination or referred.application_id in context.withdrawn_on:
        return []
    return [
        Obligation(
            referred.linked_case_id,
            event.key,
            referred.application_id,
            referred.destination,
            referred.term.promised_due_on,
            referred.occurred_on,
        )
    ]


def _effect_on_street(event: InboxEvent, street: FileKey, fact: FromDistrict, context: _MatterContext) -> CaseEffect:
    """The district's answer on the street's leg, and behind it the withdrawal that was stored meanwhile."""
    withdrawn_on = context.withdrawn_on.get(fact.application_id)

    def followed(case: Case | None) -> Sequence[Fact]:
        if case is None:
            return []
        facts = list(_answer_on_street(case, fact, context.calendar))
        if withdrawn_on is None:
            return facts
        return [*facts, *withdraw(reduce(fold, facts, case), withdrawn_on)]

    return Effect(event, street, followed)


def _answer_on_street(case: Case, fact: FromDistrict, calendar: Calendar) -> Sequence[Fact]:
    match fact:
        case CaseReturned():
            return return_on_street_leg(case, fact, calendar)
        case CaseWithdrawn():
            return withdrawal_on_street_leg(case, fact)
        case TermPaused() | TermResumed() | TermExtended():
            return clock_on_street_leg(case, fact)
    return decision_on_street_leg(case, fact)


def _district_leg_of(street: Case | None) -> UUID | None:
    return street.referral.case_id if street is not None else None


def _street_key_of(leg: Case | None) -> FileKey | None:
    if leg is None or leg.referral.place is None or leg.referral.case_id is None:
        return None
    return FileKey(leg.referral.place.district, leg.referral.place.street, leg.referral.case_id)
