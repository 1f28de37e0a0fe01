"""Parts of approval for cases: the desks' servicer, the sweeps of cards and of withdrawals, both subscriptions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1.approval_service_pb2_grpc import add_ApprovalServiceServicer_to_server
from onewindow.recount.v1.recount_service_pb2 import RecountedFile

from chassis.event_store import Drawn, FileKey
from chassis.postgres.database import Connection, queries_of
from chassis.process.parts import Endpoint, Parts, ServiceContext, joined
from chassis.sweeps.sweeper import Sweep
from law.workdays import state_council
from protocol.calendars import ReceivedCalendars
from protocol.recount import Recounter, RecountFirst, RecountPlan, after_recount, recounted_elsewhere
from protocol.recount_calls import RecountServicer, moved_messages, recount_parts, with_notice_of
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.intake_subscription import IntakeEffects
from services.approval.adapters.case.leg_subscription import LegEffects
from services.approval.adapters.case.lists import CaseRows
from services.approval.adapters.case.rpc import ApprovalServicer
from services.approval.domain.case.facts import Fact, TermRecounted
from services.approval.domain.case.pause import overdue_procedure
from services.approval.domain.case.recount import recount
from services.approval.domain.case.state import Case
from services.approval.domain.case.withdraw import unanswered_withdrawal
from services.approval.domain.supervision.cards import issue_cards
from services.approval.ports import ReadPasses, TextDigests
from services.approval.settings import ApprovalSettings
from services.approval.usecases.case import CaseFiles, CaseLookups, Cases

_query = queries_of("services.approval")


def case_parts(
    context: ServiceContext[ApprovalSettings],
    files: CaseFiles,
    calendars: ReceivedCalendars,
    digests: TextDigests,
    passes: ReadPasses,
    wake_sender: Callable[[], None],
) -> Parts:
    """The contribution of cases; `wake_sender` is called after a commit that owes the district something."""
    cases = Cases(files, calendars, digests, passes, context.waiter, context.catch_up)
    lookups = CaseLookups(files, CaseRows(context.rpc), calendars, context.waiter, context.catch_up)
    contract = pb.DESCRIPTOR.services_by_name["ApprovalService"]
    recounter = Recounter(context.worker, context.settings.district, term_recount(files, calendars))
    servicer = ApprovalServicer(cases, lookups, context.clock)
    own = Parts(
        servicers=[Endpoint(contract, add_ApprovalServiceServicer_to_server, servicer)],
        sweeps=[
            cards_sweep(files, calendars, recounter.catch_up),
            procedures_sweep(files),
            withdrawals_sweep(files),
        ],
        subscriptions=[
            IntakeEffects(files, calendars, wake_sender).subscription(),
            LegEffects(files, calendars, wake_sender).subscription(),
        ],
    )
    return joined([own, recount_parts(recounter, RecountServicer(recounter, with_notice_of(calendars)))])


def cards_sweep(
    files: CaseFiles, calendars: ReceivedCalendars, recount: RecountFirst = recounted_elsewhere
) -> Sweep[Case | None, Fact]:
    """The daily sweep of 预警, 黄牌 and 红牌, once per case and level, by the dates that stand on the case.

    A card by a provisional date waits until no coming notice can move it.
    """
    held = [state_council()]

    async def pick(connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
        held[0] = await calendars.current()
        return await _due_cases(connection, day, limit)

    def act(case: Case | None, day: date, _drawn: Drawn) -> Sequence[Fact]:
        return issue_cards(case, day, held[0]) if case is not None else []

    return Sweep("cards", after_recount(recount, pick), act, files)


def term_recount(files: CaseFiles, calendars: ReceivedCalendars) -> RecountPlan[Case | None, Fact]:
    """The recount of open legs after a publication of holidays."""
    return RecountPlan("term_recounted", files, calendars, recount, CaseCodec().decode, _recounted)


def _recounted(fact: Fact) -> RecountedFile:
    assert isinstance(fact, TermRecounted), "the plan names this kind"
    firm = fact.was_provisional and not fact.term.provisional
    return RecountedFile(
        number=fact.number,
        moved=moved_messages(fact.moved),
        firm=firm,
        provisional=fact.term.provisional,
        void_cards=[int(card) for card in fact.void_cards],
    )


async def _due_cases(connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
    rows = await connection.fetch(_query("cards_due"), day, limit)
    return [FileKey(row["district"], row["street"], row["case_id"]) for row in rows]


def procedures_sweep(files: CaseFiles) -> Sweep[Case | None, Fact]:
    """The daily sweep of special procedures that should have ended: one reminder for each, to its desk."""
    return Sweep("procedures", _overdue_cases, _reminder_of, files)


async def _overdue_cases(connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
    rows = await connection.fetch(_query("procedures_overdue"), day, limit)
    return [FileKey(row["district"], row["street"], row["case_id"]) for row in rows]


def _reminder_of(case: Case | None, day: date, _drawn: Drawn) -> Sequence[Fact]:
    return overdue_procedure(case, day) if case is not None else []


def withdrawals_sweep(files: CaseFiles) -> Sweep[Case | None, Fact]:
    """The daily sweep of withdrawals that the street's leg has not answered.

    This release answers a withdrawal in the transaction that receives it or the district's answer. Releases up to 0.2.0
    do not, and one of them may receive while the two run together: this gives such a matter its end.
    """
    unanswered = _UnansweredWithdrawals()
    return Sweep("withdrawals", unanswered.pick, unanswered.answer, files)


@dataclass(frozen=True, slots=True)
class _UnansweredWithdrawals:
    """Withdrawals as they were picked: the day, and whether the district's leg has ended by it."""

    _picked: dict[UUID, tuple[date, bool]] = field(default_factory=dict)

    async def pick(self, connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
        """The street's legs that may owe an answer."""
        rows = await connection.fetch(_query("withdrawals_unanswered"), day, limit)
        self._picked.clear()
        self._picked.update({row["application_id"]: (row["withdrawn_on"], row["ended"]) for row in rows})
        return [FileKey(row["district"], row["street"], row["case_id"]) for row in rows]

    def answer(self, case: Case | None, _day: date, _drawn: Drawn) -> Sequence[Fact]:
        """The answer of a leg that was picked."""
        if case is None:
            return []
        on, ended_at_district = self._picked[case.application_id]
        return unanswered_withdrawal(case, on, ended_at_district=ended_at_district)
