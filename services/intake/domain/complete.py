"""即办: an instant matter is accepted, decided and handed out at the window in one call. (行政许可法 34)"""

from law.not_allowed import NotAllowed
from services.intake.domain import acceptance, papers
from services.intake.domain.acceptance import Taking
from services.intake.domain.application import Application
from services.intake.domain.facts import ApplicationAccepted, CompletedOnTheSpot
from services.intake.domain.item import Item, ItemKind
from services.intake.domain.office_day import OfficeDay
from services.intake.domain.stages import Act, allow_answer


class NotInstant(NotAllowed):
    """Only an instant item is decided at the window; others go to the desks of their route."""

    article = "行政许可法 34"
    sentence = "该事项不是即办件，不能当场办结，请按承诺件或上报件受理。"


def complete(
    application: Application, item: Item, number: str, day: OfficeDay
) -> tuple[ApplicationAccepted, CompletedOnTheSpot]:
    """Acceptance and completion of what is on file.

    Raises NotAtThisStage, AnswerTooLate, NotInstant, MaterialsMissing.
    """
    allow_answer(application, Act.COMPLETE, day.on)
    if item.kind is not ItemKind.INSTANT:
        raise NotInstant
    papers.demand_complete(application.missing, item)
    taking = Taking(number, acceptance.ground_of(application), day.on)
    accepted = acceptance.accepted(application, acceptance.for_window(item), taking, day)
    return accepted, CompletedOnTheSpot(day.on, item.result_name, accepted.window)
