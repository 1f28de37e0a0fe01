"""Progress of a matter from its row: stages by day, none that was not reached, and the end for the applicant."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from services.metrics.domain.progress import ProgressStage, outcome, stages, withdrawal_too_late

COLUMNS = (
    "submitted_on", "correction_on", "supplied_on", "corrections", "accepted_on", "extended_on", "paused_on",
    "resumed_on", "referred_on", "returned_on", "referrals", "district_decided_on", "closed_on", "delivery_opened_on",
    "delivered_on", "window_closed_on", "ground", "paused", "procedures", "outcome", "district_outcome",
    "window_outcome", "item_name", "sensitive", "extension_days", "extension_unit",
)  # fmt: skip # the columns of the row
DAY = date(2016, 3, 1)
SHOWN = {"referred": "已转报区级部门", "returned": "区级部门退回街道"}
DEEMED, COMPLETE = 3, 1


def matter(**columns: Any) -> dict[str, Any]:  # whatever a column holds
    return dict.fromkeys(COLUMNS) | columns


def names(**columns: Any) -> list[str]:  # whatever a column holds
    return [stage.name for stage in stages(matter(**columns))]


@pytest.mark.parametrize(("ground", "shown"), [(COMPLETE, "已受理"), (DEEMED, "已受理（逾期未答复，视为受理）")])
def test_a_deemed_acceptance_says_so(ground: int, shown: str) -> None:
    assert names(accepted_on=DAY, ground=ground) == [shown]


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        ("granted", "准予，已办结"),
        ("refused", "不予，已办结"),
        ("completed", "已当场办结"),
        ("withdrawn", "已撤回"),
        ("declined", "不予受理"),
        ("lapsed", "逾期未补正，已终止"),
    ],
)
def test_each_ending_has_its_words(outcome: str, shown: str) -> None:
    assert names(closed_on=DAY, outcome=outcome) == [shown]


def test_a_matter_that_its_referral_closed_shows_the_referral_once() -> None:
    assert names(referred_on=DAY, closed_on=DAY, outcome="referred") == ["已转报区级部门"]


@pytest.mark.parametrize("times", range(1, 5))
def test_every_referral_and_return_is_shown_as_it_happened(times: int) -> None:
    happened = [("referred", "returned")[at % 2] for at in range(times)]
    for days_between in (0, 2):
        days = [DAY + timedelta(days=days_between * at) for at in range(times)]
        listed = {str(9 + at): [what, on.isoformat()] for at, (what, on) in enumerate(zip(happened, days, strict=True))}
        last = {f"{what}_on": on for what, on in zip(happened, days, strict=True)}
        shown = stages(matter(referrals=json.dumps(listed, sort_keys=True), **last))
        assert [(stage.name, stage.on) for stage in shown] == [
            (SHOWN[what], on) for what, on in zip(happened, days, strict=True)
        ]


def test_days_that_an_earlier_release_kept_stand_before_those_listed() -> None:
    listed = json.dumps({"12": ["referred", "2016-03-09"]})
    first = {"returned_on": date(2016, 3, 9), "referred_on": date(2016, 3, 9)}
    assert names(referrals=listed, **first) == [SHOWN["returned"], SHOWN["referred"]]
    assert names(**first) == [SHOWN["referred"], SHOWN["returned"]]


def test_a_resumed_term_is_shown_only_while_no_pause_runs() -> None:
    assert names(paused_on=DAY, resumed_on=DAY, paused=False) == ["进入特别程序，暂停计时", "特别程序结束，恢复计时"]
    assert names(paused_on=DAY, resumed_on=DAY, paused=True) == ["进入特别程序，暂停计时"]


@pytest.mark.parametrize(
    ("decided", "shown"),
    [("granted", "区级部门已准予"), ("refused", "区级部门已决定不予"), (None, "区级部门已作出决定")],
)
def test_the_districts_decision_is_shown(decided: str | None, shown: str) -> None:
    assert names(district_decided_on=DAY, district_outcome=decided) == [shown]


def test_every_special_procedure_is_shown_with_its_kind_and_its_expected_end() -> None:
    hearing = {"kind": "hearing", "name": "听证", "expected_on": "2016-03-10", "overdue_on": "2016-03-11"}
    listed = {
        "5": ["paused", "2016-03-01", hearing],
        "10": ["resumed", "2016-03-04", {"name": "听证"}],
        "12": ["paused", "2016-03-04", {**hearing, "name": "鉴定", "provisional": True}],
    }
    columns = {"paused_on": date(2016, 3, 4), "resumed_on": date(2016, 3, 4), "paused": True}
    assert stages(matter(procedures=json.dumps(listed), **columns)) == [
        ProgressStage("进入特别程序（听证），暂停计时，预计2016年3月10日结束", date(2016, 3, 1)),
        ProgressStage("特别程序（听证）结束，恢复计时", date(2016, 3, 4)),
        ProgressStage("进入特别程序（鉴定），暂停计时，预计2016年3月10日结束（暂定）", date(2016, 3, 4)),
    ]


@pytest.mark.parametrize(
    ("days", "unit", "shown"), [(10, 1, "10个工作日"), (15, 2, "15日"), (10, None, ""), (None, 1, "")]
)
def test_an_extension_is_shown_with_its_days(days: int | None, unit: int | None, shown: str) -> None:
    assert names(extended_on=DAY, extension_days=days, extension_unit=unit) == [f"已延长办理期限{shown}"]


def test_stages_stand_in_the_order_of_their_days() -> None:
    shown = stages(matter(submitted_on=date(2016, 3, 4), accepted_on=date(2016, 3, 2), ground=COMPLETE))
    assert [stage.on.day for stage in shown] == [2, 4]


@pytest.mark.parametrize(
    ("own", "districts", "shown"),
    [
        (None, None, ""),
        ("referred", "granted", "granted"),
        ("referred", None, "referred"),
        ("refused", None, "refused"),
        ("withdrawn", "granted", "withdrawn"),
    ],
)
def test_a_referred_matter_ends_with_the_districts_decision(own: str, districts: str, shown: str) -> None:
    assert outcome(matter(outcome=own, district_outcome=districts)) == shown


@pytest.mark.parametrize(
    ("own", "districts", "accepted_on", "late"),
    [
        ("granted", None, DAY, True),
        ("refused", None, DAY, True),
        ("referred", "refused", DAY, True),
        ("referred", None, DAY, False),
        ("withdrawn", None, DAY, False),
        ("withdrawn", None, None, False),
    ],
)
def test_a_withdrawal_that_met_a_decision_is_shown_as_too_late(
    own: str, districts: str | None, accepted_on: date | None, late: bool
) -> None:
    row = matter(
        outcome=own,
        district_outcome=districts,
        accepted_on=accepted_on,
        window_outcome="withdrawn",
        window_closed_on=date(2016, 3, 9),
        ground=COMPLETE,
    )
    assert withdrawal_too_late(row) is late
    assert ("申请撤回，因已作出决定未生效" in [stage.name for stage in stages(row)]) is late
    assert not withdrawal_too_late(row | {"window_outcome": None})


def test_every_demand_and_every_supply_is_shown_as_it_happened() -> None:
    days = [(DAY + timedelta(days=after)).isoformat() for after in (0, 3, 3, 5)]
    whats = ("correction", "supplied", "supplement", "supplied")
    listed = {str(2 + at): [what, on] for at, (what, on) in enumerate(zip(whats, days, strict=True))}
    columns = {"correction_on": DAY, "supplied_on": DAY + timedelta(days=5), "corrections": json.dumps(listed)}
    again = "补交材料仍不符合要求，已补充告知"
    assert names(**columns) == ["需补正，已一次性告知", "补正材料已收齐", again, "补正材料已收齐"]


def test_a_correction_that_an_earlier_release_projected_is_shown_with_its_days() -> None:
    assert names(correction_on=DAY, supplied_on=DAY) == ["需补正，已一次性告知", "补正材料已收齐"]
    supplied = json.dumps({"3": ["supplied", DAY.isoformat()]})
    shown = names(correction_on=DAY, supplied_on=DAY, corrections=supplied)
    assert shown == ["需补正，已一次性告知", "补正材料已收齐"], "the notice before the update, the supply after it"
