"""The district tells how far a referred case is."""

from datetime import date

from services.approval.domain.case import Case
from services.approval.domain.facts import DistrictProgressed
from services.approval.domain.stages import require_handed_over


def progress(case: Case, report_key: str, stage: str, today: date) -> DistrictProgressed:
    """The report, on file whatever became of the leg meanwhile: reports may come out of order."""
    require_handed_over(case)
    return DistrictProgressed(today, case.application_id, report_key, stage)
