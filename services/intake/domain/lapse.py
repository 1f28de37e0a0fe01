"""补正不来办结: the applicant did not supply the correction in time, and the application ends. (行政许可法 32)"""

from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.application import Application, Stage
from services.intake.domain.facts import CorrectionLapsed


class CorrectionNotOverdue(NotAllowed):
    """No correction is waited for, or it can still be supplied."""

    sentence = "补正期限未满或无需补正，不能按补正不来办结。"


def lapse(application: Application, today: date) -> CorrectionLapsed:
    """The end of a correction that did not come; raises CorrectionNotOverdue."""
    correction = application.correction
    if application.stage is not Stage.CORRECTION or correction is None or today <= correction.supply_by:
        raise CorrectionNotOverdue
    return CorrectionLapsed(today, correction.supply_by)
