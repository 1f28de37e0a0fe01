"""What is published with a finding: the words that a district reads, with the days."""

from dataclasses import replace

import pytest

from law.items import PublicItem, PublicPart, dotted, item_findings
from law.items.limit_rules import (
    parts_fit_the_whole,
)
from tests.unit.law.test_limit_rules import SERVICE, calendar_days, forwarded, working

SOMETIMES_LATE = (
    "有时晚于法定时限 15 日：2026年2月4日、2月5日、2月6日等43天，2007年至2026年共746天；"
    "这些天受理的，按法定的末日承诺。"
)
FOUND: list[tuple[PublicItem, list[str]]] = [
    (
        replace(SERVICE, promised_limit=working(10), legal_limit=calendar_days(15)),
        [f"promised_limit.days: promised_within_legal: 承诺时限 10 个工作日{SOMETIMES_LATE}"],
    ),
    (
        forwarded("referral", district_part=PublicPart(calendar_days(15), working(10))),
        [f"district_part.promised.days: promised_within_legal: 区级承诺时限 10 个工作日{SOMETIMES_LATE}"],
    ),
    (
        forwarded(
            "referral",
            legal_limit=working(15),
            district_part=PublicPart(working(5)),
            whole=PublicPart(calendar_days(30)),
        ),
        [
            "whole.legal.days: parts_within_whole: 街道法定 15 个工作日加区级法定 5 个工作日有时晚于全程时限 30 日："
            "2026年1月21日、1月22日、1月23日等71天，2007年至2026年共1213天；这些天受理的，以全程的末日为准。"
        ],
    ),
    (
        forwarded("referral"),
        [
            "district_part: district_limit_assumed: "
            "没有写区级环节的法定时限：暂按行政许可法第四十二条的20个工作日计（拟定）。"
        ],
    ),
    (
        forwarded("referral", whole=PublicPart(working(30))),
        [
            "district_part: district_limit_assumed: 没有写区级环节的法定时限："
            "暂按行政许可法第四十二条的20个工作日计（拟定），且不晚于全程法定时限 30 个工作日。"
        ],
    ),
]


@pytest.mark.parametrize(("item", "read"), FOUND)
def test_a_district_reads_what_is_found_with_its_days(item: PublicItem, read: list[str]) -> None:
    assert [f"{dotted(each.field)}: {each.rule}: {each.sentence}" for each in item_findings(item)] == read


def test_parts_that_end_after_the_whole_on_most_days_name_the_first_year_of_it() -> None:
    item = forwarded(
        "referral",
        legal_limit=working(30),
        district_part=PublicPart(working(15)),
        whole=PublicPart(calendar_days(30)),
    )
    (breach,) = parts_fit_the_whole(item)
    assert dotted(breach.field) == "legal_limit.days"
    assert breach.sentence == "街道法定时限 30 个工作日长于全程时限 30 日：2007年有365天受理的都是如此。"
