"""视为受理: without an answer within five days, the application counts as accepted from receipt. (行政许可法 32(4))

Example: an application is handed in complete on Monday 7 March 2016, so the last day to answer is
Monday 14 March. Nobody answers. The sweep of 15 March accepts it, with effect from 7 March: number,
fact and message are of the 15th, but both limits run from the 7th, since the applicant must not lose
days by the silence of the office. What was answered in time, or still awaits a correction, is left
alone. Where the last day is provisional, the sweep waits until no notice can make it later.
"""

from law.not_allowed import NotAllowed
from services.intake.domain.application import accepted_terms
from services.intake.domain.application.accepted_terms import PendingAcceptance
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import AcceptanceGround, ApplicationAccepted
from services.intake.domain.application.stages import last_to_answer
from services.intake.domain.application.state import Application, ApplicationStage
from services.intake.domain.catalogue.item import CatalogueItem


class AnswerNotOverdue(NotAllowed):
    """The office has nothing to answer, has answered, or still has time to. (行政许可法 32)"""

    sentence = "尚在五个工作日的答复期限内或已经答复，不视为受理。"


def deem(application: Application, item: CatalogueItem, number: str, day: OfficeDay) -> ApplicationAccepted:
    """The acceptance by lapse of time, effective from the day on which all was received; raises AnswerNotOverdue."""
    due_on, received_on = last_to_answer(application, day.calendar), application.whole_since
    submitted = application.stage is ApplicationStage.SUBMITTED
    if not submitted or due_on is None or received_on is None or day.on <= due_on:
        raise AnswerNotOverdue
    pending = PendingAcceptance(number, AcceptanceGround.DEEMED, received_on)
    return accepted_terms.accepted(application, accepted_terms.for_desks(item), pending, day)
