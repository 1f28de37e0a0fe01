"""好差评: the one rating of a closed matter; 1 is best. (GB/T 39735)"""

from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.application import Application
from services.intake.domain.facts import ServiceRated, VaultText
from services.intake.domain.stages import Act, allow


class RatedBefore(NotAllowed):
    """One service has one rating. (GB/T 39734)"""

    article = "GB/T 39734"
    sentence = "该办件已经评价，一事一评。"


def rate(application: Application, grade: int, remark: VaultText | None, today: date) -> ServiceRated:
    """The rating; raises NotAtThisStage before the matter is closed, RatedBefore."""
    allow(application, Act.RATE)
    if application.grade:
        raise RatedBefore
    assert application.submission is not None
    return ServiceRated(today, grade, application.submission.window, remark)
