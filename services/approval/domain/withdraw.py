"""The applicant stops the matter after acceptance; a case that is closed stays as it was closed."""

from datetime import date

from services.approval.domain.case import Case
from services.approval.domain.facts import CaseWithdrawn
from services.approval.domain.stages import POSSIBLE, Act


def withdraw(case: Case, on: date) -> list[CaseWithdrawn]:
    """The end of an open leg; nothing on a closed one, since closing wins and whoever was closed first has heard it."""
    if Act.WITHDRAW not in POSSIBLE[case.stage]:
        return []
    return [CaseWithdrawn(on, case.application_id, case.leg)]
