"""A withdrawal on the district's leg, whichever stream tells of it."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey
from chassis.inbox import Effect, InboxEvent
from law.desk import Place
from services.approval.adapters.obligations import Obligation, withdrawal_of
from services.approval.domain.case import Case
from services.approval.domain.facts import Fact
from services.approval.domain.withdraw import withdraw

CaseEffect: TypeAlias = Effect[Case | None, Fact]


def stopping(event: InboxEvent, key: FileKey, on: date, owed: list[Obligation]) -> CaseEffect:
    """The district's leg ends, if it is there and still open; what the district has to be told is added to `owed`."""

    def ended(case: Case | None) -> Sequence[Fact]:
        facts = withdraw(case, on) if case is not None else []
        obligation = withdrawal_of(key.file_id, case, on) if case is not None and facts else None
        if obligation is not None:
            owed.append(obligation)
        return facts

    return Effect(event, key, ended)


def district_key(district: str, case_id: UUID) -> FileKey:
    """The file of a district's leg."""
    return FileKey(district, Place.of_district(district).street, case_id)
