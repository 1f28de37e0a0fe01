"""The applicant's details are read by the bearer of a pass alone; each use is a fact. (个人信息保护法 6)"""

import pytest

from law.not_allowed import WrongDesk
from services.intake.domain.application.applicant import PassOfAnotherDesk, ReadPass, read_applicant
from services.intake.domain.application.facts import ApplicantRead
from tests.unit.intake.hall import RECEIVED_ON

SHOWN = ReadPass(application_id="a", case_id="c", bearer="20001")


def test_the_use_of_a_pass_names_its_bearer_and_its_case() -> None:
    assert read_applicant(SHOWN, "a", "20001", RECEIVED_ON) == ApplicantRead(RECEIVED_ON, "20001", "c")


@pytest.mark.parametrize(("application", "reader"), [("b", "20001"), ("a", "20002"), ("b", "20002"), ("a", "")])
def test_a_pass_serves_no_other_desk_and_no_other_application(application: str, reader: str) -> None:
    with pytest.raises(PassOfAnotherDesk) as refused:
        read_applicant(SHOWN, application, reader, RECEIVED_ON)
    assert (refused.value.field, refused.value.article) == ("read_pass", "个人信息保护法 6")
    assert isinstance(refused.value, WrongDesk), "the desk is refused, not the act"
