"""撤回 and 好差评: the applicant stops a matter before it is closed, or rates it once it is. (GB/T 39735)"""

from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.application.facts import ApplicationWithdrawn, ServiceRated, VaultText
from services.intake.domain.application.stages import ApplicationAct, allow
from services.intake.domain.application.state import Application


class RatedBefore(NotAllowed):
    """One service has one rating. (GB/T 39734)"""

    article = "GB/T 39734"
    sentence = "该办件已经评价，一事一评。"


class TooLateToWithdraw(NotAllowed):
    """A matter is withdrawn before it is decided, also while the district has it; not afterwards."""

    sentence = "该件已于{decided_on}作出决定，不能再撤回。"


def withdraw(application: Application, reason: VaultText | None, today: date) -> ApplicationWithdrawn:
    """The withdrawal; approval receives that of an accepted matter, and answers it.

    Raises TooLateToWithdraw, NotAtThisStage.
    """
    if application.closing is not None and application.closing.decision:
        raise TooLateToWithdraw(decided_on=application.closing.decided_on)
    allow(application, ApplicationAct.WITHDRAW)
    return ApplicationWithdrawn(today, reason, after_acceptance=application.acceptance is not None)


def rate(application: Application, grade: int, remark: VaultText | None, today: date) -> ServiceRated:
    """The rating of the end that stands, 1 is best; raises NotAtThisStage before the matter is closed, RatedBefore.

    A closing by the referral is an end of the street's service, and rated as one. When the district returns the matter,
    that end is undone and its rating with it: the next end has its own.
    """
    allow(application, ApplicationAct.RATE)
    if application.is_rated:
        raise RatedBefore
    submission, closing = application.submission, application.closing
    assert submission is not None and closing is not None, "a closed matter was submitted"
    return ServiceRated(today, grade, submission.window, remark, closing.outcome, closing.closed_on)
