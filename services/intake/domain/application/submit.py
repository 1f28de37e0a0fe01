"""收件: the office takes what a resident hands in, also incomplete; the five days begin. (行政许可法 29, 32)"""

from dataclasses import dataclass

from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.application import papers
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import ApplicantKind, ApplicationSubmitted, HandedIn
from services.intake.domain.catalogue.item import AcceptPoint, CatalogueItem, Channel
from services.intake.domain.catalogue.offer import accept_point


class WindowNeeded(Malformed):
    """An application taken at a window of the hall names the window."""

    sentence = "窗口收件应填写窗口编号。"


class WindowOutsideHall(Malformed):
    """An application taken outside the hall names no window."""

    sentence = "非窗口渠道不填写窗口编号。"


class PortalAtNoWindow(NotAllowed):
    """The online hall takes what is handed in online, and stands at no window."""

    sentence = "网上办事大厅只能通过网上渠道申办，不填写窗口。"


@dataclass(frozen=True, slots=True)
class Submission:
    """Application as it is handed in, without what a fact may not hold."""

    item_code: str
    channel: Channel
    window: str
    ticket_id: str
    applicant_kind: ApplicantKind
    materials: tuple[HandedIn, ...]


@dataclass(frozen=True, slots=True)
class ReceiptMarks:
    """Marks that the office gives an application at receipt."""

    serial_number: str
    query_code_digest: str
    applicant_index: str


def check_window(submission: Submission) -> None:
    """Passes when a window is named exactly where the channel is one; raises WindowNeeded, WindowOutsideHall."""
    at_window = submission.channel is Channel.WINDOW
    if at_window and not submission.window:
        raise WindowNeeded("window")
    if submission.window and not at_window:
        raise WindowOutsideHall("window")


def require_online(submission: Submission) -> None:
    """Passes what the online hall may take; raises PortalAtNoWindow."""
    if submission.window:
        raise PortalAtNoWindow("window")
    if accept_point(submission.channel) is not AcceptPoint.ONLINE:
        raise PortalAtNoWindow("channel")


def submit(submission: Submission, item: CatalogueItem, marks: ReceiptMarks, day: OfficeDay) -> ApplicationSubmitted:
    """The receipt of an application; raises UnknownMaterial, MaterialTwice, DigestMissing."""
    papers.check(submission.materials, item)
    due = day.answer_due()
    return ApplicationSubmitted(
        occurred_on=day.on,
        serial_number=marks.serial_number,
        item_code=item.code,
        item_version=item.version,
        item_name=item.name,
        line=item.line,
        item_kind=item.kind,
        channel=submission.channel,
        accept_point=accept_point(submission.channel),
        window=submission.window,
        ticket_id=submission.ticket_id,
        applicant_kind=submission.applicant_kind,
        applicant_index=marks.applicant_index,
        materials=submission.materials,
        missing=papers.missing(submission.materials, item),
        answer_due_on=due.due_on,
        provisional=due.provisional,
        query_code_digest=marks.query_code_digest,
        calendar_version=day.calendar_version,
        received_on=day.received_on,
        sensitive=item.sensitive,
    )
