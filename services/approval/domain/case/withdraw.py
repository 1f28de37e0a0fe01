"""Withdrawal by the applicant after acceptance; a closed case stays as it was closed. (撤回)"""

from datetime import date

from services.approval.domain.case.facts import CaseWithdrawn
from services.approval.domain.case.stages import POSSIBLE, CaseAct
from services.approval.domain.case.state import Case


def withdraw(case: Case, on: date) -> list[CaseWithdrawn]:
    """The end of an open leg; none on a closed leg, since the earlier closing stands."""
    if CaseAct.WITHDRAW not in POSSIBLE[case.stage]:
        return []
    return [CaseWithdrawn(on, case.application_id, case.leg)]
