"""好差评: the one rating of a closed matter; 1 is best. (GB/T 39735)"""

from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.application.facts import ServiceRated, VaultText
from services.intake.domain.application.stages import ApplicationAct, allow
from services.intake.domain.application.state import Application


class RatedBefore(NotAllowed):
    """One service has one rating. (GB/T 39734)"""

    article = "GB/T 39734"
    sentence = "该办件已经评价，一事一评。"


def rate(application: Application, grade: int, remark: VaultText | None, today: date) -> ServiceRated:
    """The rating; raises NotAtThisStage before the matter is closed, RatedBefore."""
    allow(application, ApplicationAct.RATE)
    if application.grade:
        raise RatedBefore
    assert application.submission is not None, "a closed matter was submitted"
    return ServiceRated(today, grade, application.submission.window, remark)
