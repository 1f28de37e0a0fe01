"""Maintenance of approval: the texts that an audit expects, and the projections that a rebuild folds."""

from typing import Any, cast

import pytest
from onewindow.approval.v1 import approval_event_pb2 as pb

from chassis.audit import ExpectedContent
from services.approval.adapters.maintenance import AUDITED, expected_contents, projections

TEXT = pb.VaultText(name="district.reasons", digest="0f" * 32)


@pytest.mark.parametrize(
    ("kind", "fact", "expected"),
    [
        ("case_decided", pb.CaseDecided(reasons=TEXT, leg=pb.LEG_STREET), 1),
        ("district_decided", pb.DistrictDecided(reasons=TEXT, leg=pb.LEG_DISTRICT), 1),
        ("district_decided", pb.DistrictDecided(reasons=TEXT, leg=pb.LEG_STREET), 0),
        ("case_returned", pb.CaseReturned(reasons=TEXT, leg=pb.LEG_STREET), 0),
        ("step_claimed", pb.StepClaimed(step="S1"), 0),
    ],
)
def test_a_typed_text_is_expected_in_the_vault_of_the_leg_on_which_it_was_typed(
    kind: str, fact: Any, expected: int
) -> None:
    contents = expected_contents(kind, fact)
    assert len(contents) == expected
    assert all(isinstance(each, ExpectedContent) for each in contents)


def test_the_audit_counts_a_row_for_each_case() -> None:
    assert AUDITED.source == "approval"


def test_a_rebuild_folds_cases_withdrawals_and_notices() -> None:
    rebuild = projections(cast(Any, None), "440105")
    assert list(rebuild.tables) == ["case_file", "withdrawn", "calendar_notice"]
    assert [each.source for each in rebuild.subscriptions] == ["intake"]
