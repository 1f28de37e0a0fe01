"""Revisions of cases: looked at for callers who may act on the case, and before what its stage forbids."""

from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message_factory import GetMessageClass
from onewindow.approval.v1 import approval_service_pb2 as pb

from chassis.refusals import NotFound, StaleRevision
from law.desk import Post
from law.not_allowed import WrongDesk
from tests.unit.approval.memory_office import CASE_ID, OTHER_STREET, MemoryOffice, member


@pytest.fixture
async def office() -> MemoryOffice:
    """An office with one case in review, on Tuesday 8 March 2016."""
    found = MemoryOffice()
    await found.opened()
    return found


def at_revision(case_id: str, revision: int) -> dict[str, Any]:
    """A request of every act of the contract that names a revision, at this one."""
    found: dict[str, Any] = {}
    for name, method in pb.DESCRIPTOR.services_by_name["ApprovalService"].methods_by_name.items():
        fields = method.input_type.fields_by_name
        if "revision" in fields:
            chosen: dict[str, Any] = {each.name: 1 for each in fields.values() if each.enum_type}
            request = GetMessageClass(method.input_type)
            found[name] = request(request_id="request-1", case_id=case_id, revision=revision, **chosen)
    assert len(found) >= 8
    return found


@pytest.mark.parametrize("revision", [0, 1, 2])
async def test_no_revision_is_told_to_callers_who_may_not_act_on_the_case(office: MemoryOffice, revision: int) -> None:
    posts = (Post.REVIEWER, Post.HEAD)
    refusals = {
        (member("NH001", *posts), str(uuid4())): NotFound,
        (member("NH001", *posts, street=OTHER_STREET), str(CASE_ID)): NotFound,
        (member("NH001", *posts, lines=["FIRE_SAFETY"]), str(CASE_ID)): WrongDesk,
    }
    for (caller, case_id), refusal in refusals.items():
        for name, request in at_revision(case_id, revision).items():
            with pytest.raises(refusal):
                await office.call(getattr(office.desk, name), caller, request)
                pytest.fail(name)


async def test_a_revision_that_has_moved_on_is_told_before_what_the_stage_forbids(office: MemoryOffice) -> None:
    for name, request in at_revision(str(CASE_ID), 2).items():
        with pytest.raises(StaleRevision):
            await office.call(getattr(office.desk, name), member("NH001", Post.REVIEWER, Post.HEAD), request)
            pytest.fail(name)
