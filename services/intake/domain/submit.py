"""收件: the office takes what a resident hands in, also incomplete; the five days begin. (行政许可法 29, 32)"""

from dataclasses import dataclass

from law.not_allowed import Malformed
from services.intake.domain import papers
from services.intake.domain.facts import ApplicantKind, ApplicationSubmitted, Channel, HandedIn
from services.intake.domain.item import Item
from services.intake.domain.offering import point_of
from services.intake.domain.office_day import OfficeDay


class WindowNeeded(Malformed):
    """What is taken at a window of the hall names the window."""

    sentence = "窗口收件应填写窗口编号。"


class WindowOutsideHall(Malformed):
    """What is taken outside the hall names no window."""

    sentence = "非窗口渠道不填写窗口编号。"


@dataclass(frozen=True, slots=True)
class Submission:
    """What is handed in, as far as a fact may know it."""

    item_code: str
    channel: Channel
    window: str
    ticket_id: str
    applicant_kind: ApplicantKind
    materials: tuple[HandedIn, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What the office gives an application when it takes it."""

    serial_number: str
    query_code_digest: str
    applicant_index: str


def check_window(submission: Submission) -> None:
    """Nothing when a window is named exactly where the channel is one; raises WindowNeeded or WindowOutsideHall."""
    at_window = submission.channel is Channel.WINDOW
    if at_window and not submission.window:
        raise WindowNeeded("submission.window")
    if submission.window and not at_window:
        raise WindowOutsideHall("submission.window")


def submit(submission: Submission, item: Item, given: Given, day: OfficeDay) -> ApplicationSubmitted:
    """The receipt of what is handed in; raises what is wrong with a paper."""
    papers.check(submission.materials, item, "submission.materials")
    due = day.answer_due()
    return ApplicationSubmitted(
        occurred_on=day.on,
        serial_number=given.serial_number,
        item_code=item.code,
        item_version=item.version,
        item_name=item.name,
        line=item.line,
        item_kind=item.kind,
        channel=submission.channel,
        accept_point=point_of(submission.channel),
        window=submission.window,
        ticket_id=submission.ticket_id,
        applicant_kind=submission.applicant_kind,
        applicant_index=given.applicant_index,
        materials=submission.materials,
        missing=papers.missing(submission.materials, item),
        answer_due_on=due.due_on,
        provisional=due.provisional,
        query_code_digest=given.query_code_digest,
        calendar_version=day.calendar_version,
        received_on=day.received_on,
    )
