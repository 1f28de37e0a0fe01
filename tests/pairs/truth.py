"""One truth of a matter in four services: what each says after quiet, and in what they contradict one another."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from onewindow.notify.v1 import notify_service_pb2 as notify

from client.retries import answered
from tests.pairs.hall import Hall, Matter

_FIGURES = """
select application_id::text, number, item, received_on::text, accepted_on::text, due_on::text, closed_on::text,
       outcome, on_time, early
from figures where application_id = any($1::uuid[])
"""
_FACTS = "select file_id::text, kind, count(*) as many from fact where file_id = any($1::uuid[]) group by 1, 2"
_UNFINISHED = (notify.NOTICE_STATE_WAITING, notify.NOTICE_STATE_SENDING)
Figures = Mapping[str, Mapping[str, Any]]
Facts = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the databases hold of many matters: figures of both views, and facts by file and kind."""

    intake: Figures
    approval: Figures
    facts: Mapping[str, Facts]

    def count(self, service: str, file_id: str, kind: str) -> int:
        """Facts of a kind on a file."""
        return self.facts[service].get(file_id, Counter())[kind]


@dataclass(frozen=True, slots=True)
class Said:
    """What the calls of the four services say of a matter."""

    application: application_pb.Application
    street: Any
    district: Any
    notices: Sequence[Any]
    progress: Any


async def stored(hall: Hall, matters: Sequence[Matter]) -> Stored:
    """What is stored of the matters."""
    applications = [matter.application_id for matter in matters]
    files = [*applications, *(i for matter in matters for i in (matter.case_id, matter.leg_id) if i)]
    figures, facts = {}, {}
    for name in ("intake", "approval", "notify"):
        connection = await asyncpg.connect(hall.postgres_url, database=name)
        try:
            if name != "notify":
                rows = await connection.fetch(_FIGURES, applications)
                figures[name] = {row["application_id"]: dict(row) for row in rows}
            counted: dict[str, Counter[str]] = {}
            for row in await connection.fetch(_FACTS, files):
                counted.setdefault(row["file_id"], Counter())[row["kind"]] = row["many"]
            facts[name] = counted
        finally:
            await connection.close()
    return Stored(figures["intake"], figures["approval"], facts)


async def said(hall: Hall, matter: Matter) -> Said:
    """What the services say; learns the ids of the matter's cases on the way."""
    desks = hall.desks
    reading = application_pb.GetApplicationRequest(application_id=matter.application_id)
    application = (await hall.call("clerk", desks.intake.GetApplication, reading)).application
    matter.case_id = matter.case_id or application.case_id
    matter.number = application.number or matter.number
    street = district = None
    if application.case_id:
        street = (await hall.call("head", desks.approval.GetCase, _case(application.case_id))).case
        matter.leg_id = matter.leg_id or street.linked_case_id
    if matter.leg_id:
        district = (await hall.call("district-head", desks.approval.GetCase, _case(matter.leg_id))).case
    listing = notify.ListNoticesRequest(application_id=matter.application_id)
    notices = (await hall.call("clerk", desks.notify.ListNotices, listing)).notices
    progress = metrics.GetProgressRequest(number=matter.number, query_code=matter.query_code)
    known = await answered(lambda: desks.metrics.GetProgress(progress, metadata=hall.headers("clerk"), timeout=20.0))
    return Said(application, street, district, notices, known)


async def unproven(hall: Hall, matter: Matter) -> str:
    """The open days of a matter whose proof does not end on the day on file; empty when there is none."""
    desks, application_id = hall.desks, matter.application_id
    asked = application_pb.GetTermProofRequest(application_id=application_id)
    proofs = [*(await hall.call("clerk", desks.intake.GetTermProof, asked)).proofs]
    delivery = notify.GetTermProofRequest(application_id=application_id)
    proofs += (await hall.call("clerk", desks.notify.GetTermProof, delivery)).proofs
    wrong = [f"{proof}" for proof in proofs if not proof.days or proof.days[-1].on != proof.due_on]
    for case_id, head in ((matter.case_id, "head"), (matter.leg_id, "district-head")):
        if case_id:
            proof = await hall.call(head, desks.approval.GetTermProof, approval.GetTermProofRequest(case_id=case_id))
            wrong += [] if proof.as_stored else [f"{proof.term}"]
    return "; ".join(wrong)


async def behind(hall: Hall) -> dict[str, tuple[str, str]]:
    """Outcome and closing day of every matter of the day behind the indicator of timeliness, by its number."""
    found: dict[str, tuple[str, str]] = {}
    token = ""
    while True:
        request = metrics.ListCasesBehindRequest(
            kind=metrics.PERIOD_KIND_DAY,
            period=hall.today,
            indicator="on_time",
            side=metrics.SIDE_DENOMINATOR,
            page_size=200,
            page_token=token,
        )
        page = await hall.call("supervisor", hall.desks.metrics.ListCasesBehind, request)
        found |= {each.number: (each.outcome, each.closed_on) for each in page.matters}
        if not (token := page.next_page_token):
            break
    return found


async def closed(hall: Hall) -> dict[str, tuple[str, str]]:
    """The same by intake's figures."""
    query = "select number, outcome, closed_on from figures where on_time is not null and closed_on = $1"
    connection = await asyncpg.connect(hall.postgres_url, database="intake")
    try:
        rows = await connection.fetch(query, hall.clock.now().date())
    finally:
        await connection.close()
    return {row["number"]: (row["outcome"], f"{row['closed_on']}") for row in rows}


def contradictions(matter: Matter, seen: Said, found: Stored) -> Iterator[str]:
    """Each thing in which two services do not say the same of one matter."""
    yield from _ends(seen)
    yield from _withdrawal(seen)
    yield from _messages(seen)
    ours, theirs = found.intake.get(matter.application_id), found.approval.get(matter.application_id)
    if seen.application.accepted_on and seen.street is not None and ours != theirs:
        yield f"figures differ: intake {_differing(ours, theirs)}"
    if (ours or {}).get("outcome") != (seen.application.outcome or None):
        yield f"intake's figures say {(ours or {}).get('outcome')}, its call {seen.application.outcome!r}"


def _ends(seen: Said) -> Iterator[str]:
    application, street, district = seen.application, seen.street, seen.district
    end = application.outcome
    if street is not None:
        if (street.outcome, street.closed_on) != (end, application.closed_on):
            yield f"intake: {end!r} on {application.closed_on!r}, approval: {street.outcome!r} on {street.closed_on!r}"
        if (street.term.promised_due_on, street.term.legal_due_on) != (
            application.promised_due_on,
            application.legal_due_on,
        ):
            yield f"the last days differ: {application.promised_due_on}, {street.term.promised_due_on}"
    if district is not None and end == "withdrawn" and district.outcome not in ("withdrawn", "returned"):
        yield f"the street's leg is withdrawn, the district's {district.outcome!r}"
    if district is not None and end != "withdrawn" and district.outcome == "withdrawn":
        yield f"the district's leg is withdrawn, the street's {end!r}"
    decided = district.outcome if district is not None and district.outcome in ("granted", "refused") else ""
    if seen.progress.outcome != (decided or end):
        yield f"progress says {seen.progress.outcome!r}, the matter ended {decided or end!r}"


def _withdrawal(seen: Said) -> Iterator[str]:
    application = seen.application
    if not application.HasField("withdrawal"):
        if application.outcome == "withdrawn":
            yield "ended by a withdrawal that nobody made"
        return
    state = application.withdrawal.state
    if state == application_pb.WITHDRAWAL_STATE_EFFECTIVE and application.outcome != "withdrawn":
        yield f"the withdrawal is effective, the matter ended {application.outcome!r}"
    elif state == application_pb.WITHDRAWAL_STATE_TOO_LATE and application.outcome == "withdrawn":
        yield "the withdrawal came too late, and the matter is withdrawn"
    elif state not in (application_pb.WITHDRAWAL_STATE_EFFECTIVE, application_pb.WITHDRAWAL_STATE_TOO_LATE):
        yield f"the withdrawal has no end: {application_pb.WithdrawalState.Name(state)}"
    told = {notice.template for notice in seen.notices}
    answer = "N12" if state == application_pb.WITHDRAWAL_STATE_TOO_LATE else "N11"
    if application.accepted_on and seen.street is not None and answer not in told:
        yield f"the applicant is not told what became of the withdrawal: {sorted(told)}"


def _messages(seen: Said) -> Iterator[str]:
    names = Counter(notice.template for notice in seen.notices)
    yield from (f"{name} was written {many} times" for name, many in names.items() if many > 1 and name == "N01")
    if waiting := [notice.template for notice in seen.notices if notice.state in _UNFINISHED]:
        yield f"messages wait after quiet: {waiting}"
    sent = {notice.template for notice in seen.notices if notice.state == notify.NOTICE_STATE_SENT}
    if seen.application.outcome == "withdrawn" and "N07" in sent:
        yield "a withdrawn matter was announced as decided"


def _case(case_id: str) -> approval.GetCaseRequest:
    return approval.GetCaseRequest(case_id=case_id)


def _differing(ours: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None) -> str:
    names = [name for name in (ours or theirs or {}) if (ours or {}).get(name) != (theirs or {}).get(name)]
    return ", ".join(f"{name} {(ours or {}).get(name)!r}, approval {(theirs or {}).get(name)!r}" for name in names)
