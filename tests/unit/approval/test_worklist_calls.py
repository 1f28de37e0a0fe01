"""Worklists over a store in memory: pages with exact counts, and what each desk may see and take."""

from datetime import date
from uuid import uuid4

import pytest
from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import case_pb2

from chassis.refusals import Invalid
from law.desk import Post
from tests.unit.approval.matters import PROMISED
from tests.unit.approval.memory_office import (
    CASE_ID,
    HEAD,
    OFFICE,
    OTHER_STREET,
    REVIEWER,
    SUPERVISOR,
    MemoryOffice,
    member,
)


@pytest.fixture
async def office() -> MemoryOffice:
    """An office with one case in review, on Tuesday 8 March 2016."""
    found = MemoryOffice()
    await found.opened()
    return found


async def test_a_worklist_goes_page_by_page_and_counts_all(office: MemoryOffice) -> None:
    for _ in range(4):
        await office.opened(application=uuid4())
    seen: list[str] = []
    token = ""
    while True:
        page = await office.call(
            office.desk.ListWorklist, REVIEWER, pb.ListWorklistRequest(page_size=2, page_token=token)
        )
        assert page.total == 5
        seen += [entry.case_id for entry in page.entries]
        if not page.next_page_token:
            break
        token = page.next_page_token
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("token", ["x", "W10=", "eyJhIjogMX0=", "WyIyMDE2LTAzLTAxIl0=", "WyJ4IiwgInkiXQ=="])
async def test_a_page_token_that_no_answer_gave_is_refused_by_its_field(office: MemoryOffice, token: str) -> None:
    with pytest.raises(Invalid) as refused:
        await office.call(office.desk.ListWorklist, REVIEWER, pb.ListWorklistRequest(page_token=token))
    assert [fault.field for fault in refused.value.fields] == ["page_token"]


@pytest.mark.parametrize(
    ("caller", "post", "mine", "listed"),
    [
        pytest.param(REVIEWER, 0, False, 1, id="a reviewer sees the review"),
        pytest.param(HEAD, 0, False, 0, id="a head sees no review"),
        pytest.param(REVIEWER, access_pb2.POST_HEAD, False, 0, id="a post that the caller does not hold"),
        pytest.param(SUPERVISOR, 0, False, 1, id="a supervisor sees every post"),
        pytest.param(SUPERVISOR, access_pb2.POST_HEAD, False, 0, id="a supervisor looks at one post"),
        pytest.param(REVIEWER, 0, True, 0, id="a reviewer has taken none"),
        pytest.param(member("NH003", Post.REVIEWER, lines=["LABOUR"]), 0, False, 0, id="of another line"),
        pytest.param(member("NH003", Post.REVIEWER, lines=["FAMILY_PLANNING"]), 0, False, 1, id="of the line"),
        pytest.param(member("NH003", Post.REVIEWER, lines=["FIRE_SAFETY"]), 0, False, 0, id="of an unknown line alone"),
        pytest.param(member("NH003", Post.REVIEWER, lines=[]), 0, False, 0, id="of no line"),
        pytest.param(member("NH003", Post.REVIEWER, street=OTHER_STREET), 0, False, 0, id="of another street"),
        pytest.param(member("NH003", Post.CLERK), 0, False, 0, id="of no desk of the route"),
    ],
)
async def test_a_worklist_shows_what_its_desk_may_take(
    office: MemoryOffice, caller: object, post: int, mine: bool, listed: int
) -> None:
    request = pb.ListWorklistRequest(post=post, mine=mine)  # type: ignore[arg-type] # the numbers are the contract's
    answer = await office.call(office.desk.ListWorklist, caller, request)  # type: ignore[arg-type] # enums by name
    assert (len(answer.entries), answer.total) == (listed, listed)


async def test_an_overseer_holds_nothing_that_a_namesake_at_a_street_has_taken(office: MemoryOffice) -> None:
    request = pb.ClaimRequest(request_id="claim-01", case_id=str(CASE_ID))
    await office.call(office.desk.Claim, REVIEWER, request)
    namesake = member(REVIEWER.subject, Post.SUPERVISOR, street=OFFICE)
    assert (await office.call(office.desk.ListWorklist, namesake, pb.ListWorklistRequest(mine=True))).total == 0


async def test_an_entry_of_a_worklist_has_its_step_its_dates_and_its_lamp(office: MemoryOffice) -> None:
    request = pb.ClaimRequest(request_id="claim-01", case_id=str(CASE_ID))
    await office.call(office.desk.Claim, REVIEWER, request)
    office.at(date(2016, 3, 16))
    (entry,) = (await office.call(office.desk.ListWorklist, REVIEWER, pb.ListWorklistRequest(mine=True))).entries
    assert (entry.step, entry.step_name, entry.post) == ("S1", "科室审核", access_pb2.POST_REVIEWER)
    assert (entry.claimed_by, entry.promised_due_on, entry.legal_due_on) == ("NH001", "2016-03-15", "2016-03-29")
    assert (entry.lamp, entry.item_name, entry.revision) == (case_pb2.LAMP_YELLOW, PROMISED.name, 2)
