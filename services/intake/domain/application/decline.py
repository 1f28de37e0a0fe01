"""不予受理 and 不受理: another organ is the proper one, or no licence is needed. (行政许可法 32(1), 32(2))

Both are told at once, whenever it is seen: in the five days, and also while a correction is awaited, since no paper
would make the office the proper one. What is lacking is no ground for it: that is demanded.
"""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import Malformed
from law.workdays import Calendar
from services.intake.domain.application.facts import ApplicationDeclined, DeclineGround, VaultText
from services.intake.domain.application.stages import ApplicationAct, allow_answer, require_not_overdue
from services.intake.domain.application.state import Application


class ProperOrganNeeded(Malformed):
    """A letter that sends the applicant to another organ names that organ. (行政许可法 32(2))"""

    article = "行政许可法 32"
    sentence = "不属于本机关职权的，应告知应当向哪个行政机关申请。"


class ProperOrganOutOfPlace(Malformed):
    """A matter that needs no licence has no proper organ. (行政许可法 32(1))"""

    article = "行政许可法 32"
    sentence = "依法不需要取得许可的，不填写应向其申请的机关。"


@dataclass(frozen=True, slots=True)
class Decline:
    """A non-acceptance, in writing."""

    ground: DeclineGround
    reason: VaultText
    proper_organ: VaultText | None
    letter_number: str


def decline(application: Application, command: Decline, today: date, calendar: Calendar) -> ApplicationDeclined:
    """The written non-acceptance.

    Raises NotAtThisStage, AnswerTooLate, CorrectionOverdue, ProperOrganNeeded, ProperOrganOutOfPlace.
    """
    allow_answer(application, ApplicationAct.DECLINE, today, calendar)
    require_not_overdue(application, ApplicationAct.DECLINE, today, calendar)
    not_ours = command.ground is DeclineGround.NOT_OURS
    if not_ours and command.proper_organ is None:
        raise ProperOrganNeeded("proper_organ")
    if command.proper_organ and not not_ours:
        raise ProperOrganOutOfPlace("proper_organ")
    return ApplicationDeclined(today, command.ground, command.reason, command.proper_organ, command.letter_number)
