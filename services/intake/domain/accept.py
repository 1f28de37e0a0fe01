"""受理: a complete application is accepted, and the limit begins. (行政许可法 32(5))"""

from law.not_allowed import NotAllowed
from services.intake.domain import acceptance, papers
from services.intake.domain.acceptance import Taking
from services.intake.domain.application import Application
from services.intake.domain.facts import ApplicationAccepted
from services.intake.domain.item import Item, ItemKind
from services.intake.domain.office_day import OfficeDay
from services.intake.domain.stages import Act, allow_answer


class InstantItem(NotAllowed):
    """An instant matter is completed at the window; it has no desk to go to. (行政许可法 34)"""

    sentence = "即办件请直接当场办结，无需另行受理。"


def accept(application: Application, item: Item, number: str, day: OfficeDay) -> ApplicationAccepted:
    """The acceptance of what is on file; raises NotAtThisStage, AnswerTooLate, InstantItem, MaterialsMissing."""
    allow_answer(application, Act.ACCEPT, day.on)
    if item.kind is ItemKind.INSTANT:
        raise InstantItem
    papers.demand_complete(application.missing, item)
    taking = Taking(number, acceptance.ground_of(application), day.on)
    return acceptance.accepted(application, acceptance.for_desks(item), taking, day)
