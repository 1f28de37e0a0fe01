"""Proofs of stored last days, as intake and notify give them: by the calendar of the file, and in messages."""

from collections.abc import Sequence
from typing import TypeVar

from onewindow.approval.v1 import case_pb2
from onewindow.proof.v1 import proof_pb2
from onewindow.recount.v1 import recount_pb2

from law.term_proof import ProvenDay, StoredDay, StoredDayProof, proof_sum, prove_stored
from law.workdays import state_council
from protocol.recount import Calendars

Day = TypeVar("Day", proof_pb2.ProofDay, case_pb2.ProofDay)


async def prove_days(stored: Sequence[StoredDay], calendars: Calendars) -> list[StoredDayProof]:
    """Each day by the calendar by which it was computed. Raises Away.

    Facts of releases up to 0.2 may name none: of those that are known, the one that gives the stored day is taken.
    """
    proofs = []
    for each in stored:
        if each.calendar_version:
            known = [await calendars.at_version(each.calendar_version)]
        else:
            known = [await calendars.current(), state_council()]
        proofs.append(prove_stored(each, [calendar for calendar in known if calendar is not None]))
    return proofs


def proof_messages(proofs: Sequence[StoredDayProof]) -> list[proof_pb2.TermProof]:
    """The proofs as calls answer them."""
    return [_message(proof) for proof in proofs]


def day_messages(made: type[Day], days: Sequence[ProvenDay]) -> list[Day]:
    """Proven days as the calls of a contract answer them."""
    return [
        made(
            on=each.day.on.isoformat(),
            counts=each.counts,
            number=each.number if each.counts else 0,
            reason=each.reason,
        )
        for each in days
    ]


def _message(proof: StoredDayProof) -> proof_pb2.TermProof:
    stored = proof.stored
    return proof_pb2.TermProof(
        kind=recount_pb2.DateKind.ValueType(stored.kind),
        from_on=stored.term.from_on.isoformat(),
        due_on=stored.due_on.isoformat(),
        provisional=stored.provisional,
        calendar_version=stored.calendar_version,
        days=day_messages(proof_pb2.ProofDay, proof.days),
        sum=proof_sum(proof.days).sentence if proof.days else "",
        notices=proof.notices,
        unproven=proof.unproven,
    )
