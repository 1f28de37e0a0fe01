"""受理: a complete application is accepted, and the limit begins. (行政许可法 32(5))"""

from law.not_allowed import NotAllowed

from . import acceptance, papers
from .acceptance import Taking
from .application import Application
from .facts import ApplicationAccepted
from .item import Item, ItemKind
from .office_day import OfficeDay
from .stages import Act, allow_answer


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
