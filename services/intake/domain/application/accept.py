"""受理 and 即办: acceptance by a desk, or at the window where the matter also ends.

A complete application is accepted, and the limit begins. (行政许可法 32(5))
After a correction the acceptance takes effect on the day on which the last demanded paper was there, on whatever of the
five days the desk records it: the same day from which it would be deemed accepted.
An instant matter is accepted, decided and handed out at the window in one call. (行政许可法 34)
"""

from datetime import date

from law.not_allowed import NotAllowed, rule
from services.intake.domain.application import accepted_terms, papers
from services.intake.domain.application.accepted_terms import PendingAcceptance
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import ApplicationAccepted, CompletedOnTheSpot
from services.intake.domain.application.stages import ApplicationAct, allow_answer
from services.intake.domain.application.state import Application
from services.intake.domain.catalogue.item import CatalogueItem, ItemKind


class InstantItem(NotAllowed):
    """An instant matter is completed at the window; it has no desk to go to. (行政许可法 34)"""

    sentence = "即办件请直接当场办结，无需另行受理。"


class NotInstant(NotAllowed):
    """Only an instant item is decided at the window; others go to the desks of their route. (行政许可法 34)"""

    article = "行政许可法 34"
    sentence = "该事项不是即办件，不能当场办结，请按承诺件或上报件受理。"


def accept(application: Application, item: CatalogueItem, number: str, day: OfficeDay) -> ApplicationAccepted:
    """The acceptance of a complete application; raises NotAtThisStage, AnswerTooLate, InstantItem, MaterialsMissing."""
    allow_answer(application, ApplicationAct.ACCEPT, day.on, day.calendar)
    if item.kind is ItemKind.INSTANT:
        raise InstantItem
    papers.require_complete(application.missing, item)
    pending = PendingAcceptance(number, accepted_terms.ground_of(application), effective_on(application, day.on))
    return accepted_terms.accepted(application, accepted_terms.for_desks(item), pending, day)


@rule("行政许可法 32(5)")
def effective_on(application: Application, today: date) -> date:
    """After a correction an acceptance takes effect on the day on which all that was demanded was there.

    An application that was complete at once is accepted on the day of the answer. So is one that the desk accepts in
    the evening or on a rest day, before the day from which the last paper counts as received. A matter that ends at the
    window is accepted by the same act, on the same day.
    """
    whole_since = application.whole_since if application.correction else None
    return min(whole_since or today, today)


def complete(
    application: Application, item: CatalogueItem, number: str, day: OfficeDay
) -> tuple[ApplicationAccepted, CompletedOnTheSpot]:
    """Acceptance and completion of an instant matter.

    Raises NotAtThisStage, AnswerTooLate, NotInstant, MaterialsMissing.
    """
    allow_answer(application, ApplicationAct.COMPLETE, day.on, day.calendar)
    if item.kind is not ItemKind.INSTANT:
        raise NotInstant
    papers.require_complete(application.missing, item)
    pending = PendingAcceptance(number, accepted_terms.ground_of(application), day.on)
    accepted = accepted_terms.accepted(application, accepted_terms.for_window(item), pending, day)
    return accepted, CompletedOnTheSpot(day.on, item.result_name, accepted.window)
