"""The applicant's details are read by the bearer of a pass alone; each use is a fact. (个人信息保护法 6)"""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from chassis.event_store import Changed, Decision
from chassis.refusals import NotFound, NotPermitted
from law.desk import Place
from law.not_allowed import WrongDesk
from services.intake.domain.application.applicant import (
    STAFF,
    PassEnded,
    PassOfAnotherDesk,
    Reader,
    ReadPass,
    read_applicant,
    require_bearer,
)
from services.intake.domain.application.facts import ApplicantRead, ApplicationFact
from services.intake.domain.application.state import Application
from tests.unit.intake.hall import RECEIVED_ON, handed_in
from tests.unit.intake.office import HERE, PEOPLE, InMemory

CASE = UUID(int=3)
HOME, ELSEWHERE, OFFICE = (Place("440105", f"440105{end}") for end in ("008", "009", "000"))
MACHINE = "machine"
READER = Reader(STAFF, HOME, "20001")
GIVEN = ReadPass("a", CASE, "101", kind=STAFF, street=HOME.street, revision=4)
OLDER = ReadPass("a", CASE, "101")
OLDER_AT_DISTRICT = ReadPass("a", CASE, "101", at_district=True)
PACKAGE = ReadPass("a", CASE, "101", at_district=True, kind=MACHINE, revision=1)


@pytest.mark.parametrize(
    ("shown", "reader", "reads"),
    [
        pytest.param(GIVEN, Reader(STAFF, HOME, "101"), True, id="the bearer"),
        pytest.param(GIVEN, Reader(STAFF, HOME, "102"), False, id="a colleague"),
        pytest.param(GIVEN, Reader(STAFF, HOME, ""), False, id="without a number"),
        pytest.param(GIVEN, Reader(STAFF, ELSEWHERE, "101"), False, id="a namesake of another street"),
        pytest.param(GIVEN, Reader(STAFF, OFFICE, "101"), False, id="a namesake of the district"),
        pytest.param(GIVEN, Reader(MACHINE, OFFICE, "101"), False, id="a system of that name"),
        pytest.param(OLDER, Reader(STAFF, HOME, "101"), True, id="an older pass, the bearer"),
        pytest.param(OLDER, Reader(STAFF, ELSEWHERE, "101"), False, id="an older pass, a namesake of another street"),
        pytest.param(OLDER, Reader(MACHINE, OFFICE, "101"), False, id="an older pass of a desk, a system"),
        pytest.param(OLDER_AT_DISTRICT, Reader(STAFF, OFFICE, "101"), True, id="an older pass of the district's leg"),
        pytest.param(OLDER_AT_DISTRICT, Reader(STAFF, HOME, "101"), False, id="that pass, a namesake of the street"),
        pytest.param(OLDER_AT_DISTRICT, Reader(MACHINE, OFFICE, "101"), True, id="an older pass of a package"),
        pytest.param(PACKAGE, Reader(MACHINE, OFFICE, "101"), True, id="a package's system"),
        pytest.param(PACKAGE, Reader(MACHINE, OFFICE, "102"), False, id="another system"),
        pytest.param(PACKAGE, Reader(STAFF, OFFICE, "101"), False, id="a member of staff of the system's name"),
    ],
)
def test_a_pass_serves_its_bearer_known_by_kind_place_and_number(shown: ReadPass, reader: Reader, reads: bool) -> None:
    if reads:
        require_bearer(shown, reader, HOME)
        assert read_applicant(shown, 0, RECEIVED_ON) == ApplicantRead(RECEIVED_ON, "101", str(CASE))
        return
    with pytest.raises(PassOfAnotherDesk) as refused:
        require_bearer(shown, reader, HOME)
    assert (refused.value.field, refused.value.article) == ("read_pass", "个人信息保护法 6")
    assert isinstance(refused.value, WrongDesk), "the desk is refused, not the act"


@pytest.mark.parametrize(("ended", "opens"), [(0, True), (3, True), (4, True), (5, False), (9, False)])
def test_a_pass_ends_when_the_step_was_given_back_or_the_matter_ended_after_it(ended: int, opens: bool) -> None:
    used = ApplicantRead(RECEIVED_ON, "101", str(CASE))
    if opens:
        assert read_applicant(GIVEN, ended, RECEIVED_ON) == used
    else:
        with pytest.raises(PassEnded):
            read_applicant(GIVEN, ended, RECEIVED_ON)
    assert read_applicant(OLDER, ended, RECEIVED_ON) == used, "an older pass holds until it expires"


@pytest.fixture
def intake(tmp_path: Path) -> InMemory:
    """An office of its own."""
    return InMemory(tmp_path)


async def submitted(intake: InMemory) -> Changed[Application]:
    return await intake.submissions.submit(intake.context(), handed_in(), PEOPLE)


async def test_the_details_are_read_with_a_pass_and_each_use_is_a_fact(intake: InMemory) -> None:
    taken = await submitted(intake)
    intake.table.places[taken.key.file_id] = taken.key
    intake.passes.issued["pass"] = ReadPass(str(taken.key.file_id), UUID(int=3), "20001")
    for revision in (2, 3):
        people = await intake.acts.read_applicant(intake.context(), taken.key.file_id, "pass", READER)
        assert people == PEOPLE
        assert intake.store.published[-1][1].kind == "applicant_read"
        assert len(intake.store.published) == revision


@pytest.mark.parametrize(
    ("read_pass", "reader", "refusal"),
    [("forged", READER, NotPermitted), ("pass", READER, NotFound)],
)
async def test_details_are_not_read_otherwise(
    intake: InMemory, read_pass: str, reader: Reader, refusal: type[Exception]
) -> None:
    nowhere = uuid4()
    intake.passes.issued["pass"] = ReadPass(str(nowhere), UUID(int=3), "20001")
    with pytest.raises(refusal):
        await intake.acts.read_applicant(intake.context(), nowhere, read_pass, reader)
    assert intake.store.published == []


async def test_a_pass_of_a_namesake_or_of_another_application_or_one_that_ended_opens_nothing(intake: InMemory) -> None:
    taken = await submitted(intake)
    intake.table.places[taken.key.file_id] = taken.key
    given = ReadPass(str(taken.key.file_id), UUID(int=3), "20001", kind=STAFF, street=HERE.street, revision=2)
    intake.passes.issued |= {"pass": given, "another": replace(given, application_id=str(uuid4()))}
    context, application_id = intake.context(), taken.key.file_id
    for shown, reader in (("pass", replace(READER, place=Place("440105", "440105009"))), ("another", READER)):
        with pytest.raises(PassOfAnotherDesk):
            await intake.acts.read_applicant(context, application_id, shown, reader)
    intake.table.ended[given.case_id] = 3
    with pytest.raises(PassEnded):
        await intake.acts.read_applicant(context, application_id, "pass", READER)
    assert intake.store.published[-1][1].kind == "application_submitted"


async def test_details_that_were_erased_are_not_found(intake: InMemory) -> None:
    taken = await submitted(intake)
    intake.table.places[taken.key.file_id] = taken.key
    intake.passes.issued["pass"] = ReadPass(str(taken.key.file_id), UUID(int=3), "20001")
    context = intake.context()
    erased: Decision[ApplicationFact] = Decision([], erase=True)
    await intake.files.change(taken.key, context.cause, lambda _state, _drawn: erased, actor=context.actor)
    with pytest.raises(NotFound, match="已按规定清除"):
        await intake.acts.read_applicant(intake.context(), taken.key.file_id, "pass", READER)
