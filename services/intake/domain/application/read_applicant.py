"""Reading of the applicant's details by a desk with a pass for the case; each use is a fact. (个人信息保护法 6)"""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import WrongDesk
from services.intake.domain.application.facts import ApplicantRead


class PassOfAnotherDesk(WrongDesk):
    """A read pass serves its bearer alone, for the application it was given for. (个人信息保护法 6)"""

    article = "个人信息保护法 6"
    sentence = "阅卷凭证不属于本岗位，或不是为此申请签发的。"


@dataclass(frozen=True, slots=True)
class ReadPass:
    """Claims of a pass: the application and the case for which it was given, and its bearer."""

    application_id: str
    case_id: str
    bearer: str
    """Staff number, or the certificate name of a system."""


def read_applicant(shown: ReadPass, application_id: str, reader: str, today: date) -> ApplicantRead:
    """The use of a pass by its bearer; raises PassOfAnotherDesk."""
    if shown.bearer != reader or shown.application_id != application_id:
        raise PassOfAnotherDesk("read_pass")
    return ApplicantRead(today, shown.bearer, shown.case_id)
