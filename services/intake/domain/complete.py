"""即办: an instant matter is accepted, decided and handed out at the window in one call. (行政许可法 34)"""

from law.not_allowed import NotAllowed

from . import acceptance, papers
from .acceptance import Taking
from .application import Application
from .facts import ApplicationAccepted, CompletedOnTheSpot
from .item import Item, ItemKind
from .office_day import OfficeDay
from .stages import Act, allow_answer


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
