"""视为受理: without an answer within five days, the application counts as accepted on receipt. (行政许可法 32(4))"""

from law.not_allowed import NotAllowed
from services.intake.domain import acceptance
from services.intake.domain.acceptance import Taking
from services.intake.domain.application import Application, Stage
from services.intake.domain.facts import AcceptanceGround, ApplicationAccepted
from services.intake.domain.item import Item
from services.intake.domain.office_day import OfficeDay


class AnswerNotOverdue(NotAllowed):
    """The office has been asked nothing, has answered, or still has time to. (行政许可法 32)"""

    sentence = "尚在五个工作日的答复期限内或已经答复，不视为受理。"


def deem(application: Application, item: Item, number: str, day: OfficeDay) -> ApplicationAccepted:
    """The acceptance that time brings, back to the day on which all was received; raises AnswerNotOverdue."""
    due_on, received_on = application.answer_due_on, application.whole_since
    if application.stage is not Stage.SUBMITTED or due_on is None or received_on is None or day.on <= due_on:
        raise AnswerNotOverdue
    taking = Taking(number, AcceptanceGround.DEEMED, received_on)
    return acceptance.accepted(application, acceptance.for_desks(item), taking, day)
