"""Open files that a publication moves, as a publisher reads them."""

import json

import pytest
from onewindow.recount.v1.recount_pb2 import DateKind, MovedDate
from onewindow.recount.v1.recount_service_pb2 import RecountedFile

from cli.calendar.recount import ServiceRecount, fields, words

MOVED = MovedDate(kind=DateKind.DATE_KIND_LEGAL, from_on="2026-12-30", to_on="2027-01-04")


@pytest.mark.parametrize(
    ("provisional", "line"),
    [(True, "法定期限 2026-12-30 → 2027-01-04（暂定）"), (False, "法定期限 2026-12-30 → 2027-01-04")],
)
def test_a_new_date_that_may_move_again_is_told_as_provisional(provisional: bool, line: str) -> None:
    file = RecountedFile(number="穗海-1", street="440105001", moved=[MOVED], provisional=provisional)
    found = [ServiceRecount("approval", [file], 1, 0.1)]
    told = list(words(found, dry_run=True))
    assert told[1] == f"  办件 穗海-1（440105001）：{line}"
    document = json.loads(json.dumps(fields(found)))
    assert [each["provisional"] for each in document["files"]] == [provisional]


def test_a_date_that_became_firm_is_told_as_firm() -> None:
    file = RecountedFile(number="穗海-1", street="440105001", firm=True)
    told = list(words([ServiceRecount("notify", [file], 1, 0.1)], dry_run=False))
    assert told[0] == "在办件：已移动期限 0 件，已由暂定改为确定 1 件"
    assert told[1].endswith("：由暂定改为确定")
