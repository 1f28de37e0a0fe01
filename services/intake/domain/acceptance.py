"""What acceptance writes down, whoever brings it: a desk, a window that completes, or time. (行政许可法 32, 42)"""

from dataclasses import dataclass
from datetime import date

from law import terms
from services.intake.domain.application import Application
from services.intake.domain.facts import AcceptanceGround, ApplicationAccepted
from services.intake.domain.item import AcceptedItem, Item, Limit, LimitUnit, Step, StepKind, StepPost
from services.intake.domain.office_day import OfficeDay

_LEGAL = Limit(terms.DECISION.days, LimitUnit.WORKING_DAYS, terms.DECISION.article)
_NEXT_DAY = Limit(1, LimitUnit.WORKING_DAYS, assumed=True)
_HEAD_DECIDES = Step("S1", "负责人决定", StepKind.DECIDE, StepPost.HEAD)


@dataclass(frozen=True, slots=True)
class Taking:
    """An acceptance about to be written: its number, why, and the day on which it takes effect."""

    number: str
    ground: AcceptanceGround
    accepted_on: date


def accepted(application: Application, item: AcceptedItem, taking: Taking, day: OfficeDay) -> ApplicationAccepted:
    """The acceptance with the dates of both limits."""
    submission = application.submission
    assert submission is not None, "what is not on file is not accepted"
    assert application.whole_since is not None, "what is on file was received on a day"
    promised = day.limit_due(item.promised_limit, taking.accepted_on)
    legal = day.limit_due(item.legal_limit, taking.accepted_on)
    return ApplicationAccepted(
        occurred_on=day.on,
        number=taking.number,
        serial_number=submission.serial_number,
        ground=taking.ground,
        item=item,
        received_on=min(application.whole_since, taking.accepted_on),
        accepted_on=taking.accepted_on,
        promised_due_on=promised.due_on,
        legal_due_on=legal.due_on,
        provisional=promised.provisional or legal.provisional,
        calendar_version=day.calendar_version,
        window=submission.window,
        channel=submission.channel,
        materials=application.materials,
        query_code_digest=submission.query_code_digest,
        applicant_index=submission.applicant_index,
    )


def ground_of(application: Application) -> AcceptanceGround:
    """Why a complete application is accepted: as it came, or after its correction."""
    return AcceptanceGround.CORRECTED if application.correction else AcceptanceGround.COMPLETE


def for_window(item: Item) -> AcceptedItem:
    """The item of a matter that ends at the window: it goes to no desk."""
    return _remembered(item, item.route, item.legal_limit, item.promised_limit)


def for_desks(item: Item) -> AcceptedItem:
    """The item of a matter that goes to the desks.

    An instant one that nobody completed needs what it was published without: the head decides, by the next working
    day, at the latest within the law's own limit. (行政许可法 42)
    """
    return _remembered(
        item,
        item.route or (_HEAD_DECIDES,),
        item.legal_limit if item.legal_limit.days else _LEGAL,
        item.promised_limit if item.promised_limit.days else _NEXT_DAY,
    )


def _remembered(item: Item, route: tuple[Step, ...], legal_limit: Limit, promised_limit: Limit) -> AcceptedItem:
    return AcceptedItem(
        code=item.code,
        name=item.name,
        version=item.version,
        line=item.line,
        kind=item.kind,
        closes_on=item.closes_on,
        legal_limit=legal_limit,
        promised_limit=promised_limit,
        route=route,
        receipt=item.receipt,
        sms=item.sms,
        sensitive=item.sensitive,
        decided_by=item.decided_by,
        refers_to=item.refers_to,
        result_name=item.result_name,
    )
