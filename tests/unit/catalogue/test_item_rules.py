"""Each rule of an item has an example that breaks it, and the finding names field, rule and line."""

from pathlib import Path

import pytest
from onewindow.catalogue.v1.catalogue_pb2 import LIMIT_UNIT_CALENDAR_DAYS

from catalogue.check import check
from catalogue.check.document import read
from catalogue.wire import item_message
from tests.support.told_value import tells, value_at
from tests.unit.catalogue.shelf import JOB_SEEKING, LOW_RENT, PUBLIC_RENTAL, SMALL_AID, Broken, edited, only

AID_CODE = "11440105K3160578855440591009001"
AID_ROUTE = "kind: decide, post: HEAD, staff: 1, days: 1"

BROKEN = [
    # file, text, replacement, field, rule
    (SMALL_AID, "kind: promised", "kind: soon", "kind", "unknown_value"),
    (SMALL_AID, "line: civil_affairs", "line: housing", "line", "unknown_value"),
    (SMALL_AID, "sensitive: true", "sensitive: yes", "sensitive", "wrong_kind"),
    (SMALL_AID, "fee: 0", "fee: -1", "fee", "range"),
    (SMALL_AID, "fee: 0", "fee: 1.0", "fee", "wrong_kind"),
    (LOW_RENT, "closes_on:", "whole: {}\ncloses_on:", "whole", "limit_part"),
    (SMALL_AID, "fee: 0", "fees: 0\nfee: 0", "fees", "unknown_field"),
    (SMALL_AID, "effective_from: 2015-10-08", "effective_from: 2015-02-30", "effective_from", "date"),
    (SMALL_AID, "[window, community, home_visit]", "[window, window]", "accept_points", "duplicate_value"),
    (SMALL_AID, "name: 小额临时救助审批", "name: ''", "name", "length"),
    (SMALL_AID, AID_CODE, AID_CODE[:-1], "code", "length"),
    (SMALL_AID, AID_CODE, AID_CODE.lower(), "code", "pattern"),
    (SMALL_AID, AID_CODE, AID_CODE.replace("57885", "57889"), "code", "code"),
    (SMALL_AID, AID_CODE, AID_CODE.replace("K", "I"), "code", "code"),
    (SMALL_AID, AID_CODE, AID_CODE.replace("55440591", "54440591"), "code", "code"),
    (SMALL_AID, AID_CODE, AID_CODE.replace("440591", "450591"), "code", "code"),
    (SMALL_AID, AID_CODE, AID_CODE.replace("440591", "440191"), "code", "code"),
    (SMALL_AID, AID_CODE, AID_CODE.replace("91009", "910A9"), "code", "code"),
    (SMALL_AID, "{days: 3, unit: working, assumed: true}", "{days: 11, unit: working, assumed: true}",
     "promised_limit.days", "promised_within_legal"),
    (SMALL_AID, "days: 10, unit: working, assumed: true", "days: 10, unit: working", "legal_limit", "limit_ground"),
    (SMALL_AID, "days: 10, unit: working, assumed", "days: 10, unit: working, article: 办法第九条, assumed",
     "legal_limit.assumed", "limit_ground"),
    (JOB_SEEKING, "materials:", "promised_limit: {days: 1, unit: working, assumed: true}\nmaterials:",
     "promised_limit", "limit_by_kind"),
    (SMALL_AID, "decided_by: street", "decided_by: 区民政局", "decided_by", "decided_by_kind"),
    (SMALL_AID, "closes_on: decision", "closes_on: referral", "closes_on", "closes_by_kind"),
    (SMALL_AID, "receipt: true", "receipt: false", "receipt", "told_by_kind"),
    (SMALL_AID, "sms: true", "sms: false", "sms", "told_by_kind"),
    (SMALL_AID, "name: 突发困难情形证明, required: true", "name: 突发困难情形证明, required: false",
     "materials[2].deferrable", "deferrable_required"),
    (SMALL_AID, "name: 突发困难情形证明", "name: 居民身份证", "materials[2].name", "duplicate_name"),
    (SMALL_AID, "substitutes: [临时居民身份证, 社会保障卡]", "substitutes: [居民身份证]",
     "materials[1].substitutes", "substitutes_itself"),
    (SMALL_AID, "kind: decide, post: HEAD", "kind: review, post: HEAD", "route[2].kind", "route_by_kind"),
    (SMALL_AID, "kind: decide, post: HEAD", "kind: decide, post: REVIEWER", "route[2].post", "decided_by_head"),
    (SMALL_AID, AID_ROUTE, AID_ROUTE.replace("staff: 1", "staff: 2"), "route[2].staff", "one_signs"),
    (SMALL_AID, AID_ROUTE, AID_ROUTE.replace("days: 1", "days: 2"), "route", "stages_within_promise"),
    (SMALL_AID, AID_ROUTE, AID_ROUTE + ", to: {code: civil_affairs, name: 区民政局}", "route[2].to", "referral_target"),
    (SMALL_AID, "{code: S2, ", "{code: S1, ", "route[1].code", "duplicate_code"),
    (LOW_RENT, ", to: {code: housing, name: 区住房保障办公室}", "", "route[3].to", "referral_target"),
    (LOW_RENT, "name: 区住房保障办公室}", "name: 区民政局}", "route[3].to.name", "referral_target"),
    (LOW_RENT, "张榜公示, kind: review", "张榜公示, kind: decide", "route[2].kind", "route_by_kind"),
    (SMALL_AID, "\nline: ", "\nprocedures:\n  - {code: hearing, name: 拍卖}\nline: ",
     "procedures[0].name", "procedure_name"),
    (SMALL_AID, "\nline: ", "\nprocedures:\n  - {code: publicity, name: 公示, article: 惯例}\nline: ",
     "procedures[0].article", "procedure_ground"),
    (JOB_SEEKING, "route: []",
     "route:\n  - {code: S1, name: 当场办结, kind: decide, post: HEAD, staff: 1, days: 0}", "route", "route_by_kind"),
    (SMALL_AID, "\nline: ", "\neffective_to: 2015-10-07\nline: ", "effective_to", "effective_dates"),
    (PUBLIC_RENTAL, "open_to: 2016-07-07}", "open_to: 2016-07-07}\n  - {open_from: 2016-07-07, open_to: 2016-07-08}",
     "season[1]", "season_overlap"),
    (PUBLIC_RENTAL, "open_to: 2016-07-07}", "open_to: 2016-07-07}\n  - {open_from: 2014-07-01, open_to: 2014-07-08}",
     "season[1]", "season_in_force"),
    (PUBLIC_RENTAL, "open_to: 2016-07-07}", "open_to: 2016-07-07}\n  - {open_from: 2016-09-08, open_to: 2016-09-01}",
     "season[1].open_to", "season_backwards"),
    (PUBLIC_RENTAL, "answer: not_open", "answer: accepted", "tests[2].answer", "own_test"),
    (PUBLIC_RENTAL, "accepted_on: 2016-05-20", "accepted_on: 2016-05-18", "tests[0].accepted_on", "own_test"),
    (LOW_RENT, "materials_missing: [M02]", "materials_missing: [M09]", "tests[3].materials_missing", "own_test"),
    (LOW_RENT, "notice_due_on: 2016-04-05", "notice_due_on: 2016-04-04", "tests[3].notice_due_on", "own_test"),
    (LOW_RENT, "promised_due_on: 2017-01-25", "promised_due_on: 2017-01-26", "tests[0].promised_due_on", "own_test"),
    (LOW_RENT, "legal_due_on: 2017-02-03", "legal_due_on: 2017-02-04", "tests[0].legal_due_on", "own_test"),
    (LOW_RENT, "answer: correction_notice, ", "", "tests[3]", "test_shape"),
    (JOB_SEEKING, "answer: accepted", "answer: accepted, notice_due_on: 2016-04-05",
     "tests[2].notice_due_on", "own_test"),
]  # fmt: skip # one broken rule a line reads as a table


def test_limits_of_the_parts_of_a_matter_are_published_as_the_file_states_them(tmp_path: Path) -> None:
    whole = "whole:\n  promised: {days: 60, unit: calendar, assumed: true}\n"
    (item,) = check(edited(tmp_path, LOW_RENT, ("materials:", f"{whole}materials:"))).items
    message = item_message(item)
    assert not message.HasField("street_part")
    assert (message.district_part.legal.days, message.district_part.HasField("promised")) == (45, False)
    assert (message.whole.promised.unit, message.whole.HasField("legal")) == (LIMIT_UNIT_CALENDAR_DAYS, False)


@pytest.mark.parametrize("broken", [Broken(*each) for each in BROKEN])
def test_a_broken_rule_is_told_with_field_and_line(tmp_path: Path, broken: Broken) -> None:
    file = edited(tmp_path, broken.file, (broken.text, broken.instead))
    findings = check(file).findings
    told = [each for each in findings if (each.field, each.rule) == (broken.field, broken.rule)]
    assert len(told) == 1, "\n".join(map(str, findings))
    assert told[0].line == _line(file, broken.field)
    assert told[0].sentence.endswith("。")
    assert tells(told[0].sentence, value_at(read(file).content, broken.field)), told[0].sentence
    assert str(told[0]).startswith(f"{file}:{told[0].line} {broken.field} ")


def test_a_promise_longer_than_the_law_is_told_in_the_words_of_an_editor(tmp_path: Path) -> None:
    file = edited(tmp_path, LOW_RENT, ("{days: 20, unit: working, assumed", "{days: 22, unit: working, assumed"))
    told = [finding for finding in check(file).findings if finding.rule == "promised_within_legal"]
    assert [(each.refused, each.sentence) for each in told] == [
        (
            True,
            "承诺时限 22 个工作日长于法定时限 30 日：2007年有186天受理的都是如此，"
            "例如2007-01-01受理，承诺到2007-02-02，法定到2007-01-31。",
        )
    ]


def test_a_promise_that_ends_after_the_law_on_some_days_is_published_with_the_days(tmp_path: Path) -> None:
    checked = check(edited(tmp_path, LOW_RENT))
    (remark,) = checked.remarks
    assert (checked.refusals, remark.field, remark.refused) == ((), "promised_limit.days", False)
    assert remark.sentence == (
        "承诺时限 20 个工作日有时晚于法定时限 30 日：2026年1月21日、1月22日、1月23日等71天，"
        "2007年至2026年共1213天；这些天受理的，按法定的末日承诺。"
    )
    assert len(remark.days) == 1213
    assert "提示：" in str(remark)


def test_a_missing_limit_of_a_promised_item_is_told_by_its_chinese_name(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("promised_limit: {days: 3, unit: working, assumed: true}\n", ""))
    assert (only(file).field, only(file).sentence) == ("promised_limit", "缺少必填字段「承诺时限」。")


def test_an_item_whose_every_paper_can_be_put_off_demands_nothing(tmp_path: Path) -> None:
    papers = [f"name: {name}, required: true, deferrable: " for name in ("临时救助申请审批表", "居民身份证")]
    changes = [(paper + "false", paper + "true") for paper in papers]
    rules = {finding.rule: finding.field for finding in check(edited(tmp_path, SMALL_AID, *changes)).findings}
    assert rules == {"nothing_required": "materials", "own_test": "tests[1].answer"}


def test_a_body_without_a_credit_code_may_carry_its_stand_in(tmp_path: Path) -> None:
    stand_in = "TE4401124401123280" + AID_CODE[18:]
    assert check(edited(tmp_path, SMALL_AID, (AID_CODE, stand_in))).findings == ()


def test_a_cancelled_item_says_since_when(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("status: active", "status: cancelled"))
    assert (only(file).field, only(file).rule) == ("effective_to", "effective_dates")


def test_a_suspended_item_is_still_held_to_its_own_cases_and_can_be_sound(tmp_path: Path) -> None:
    suspended = ("status: active", "status: suspended")
    assert check(edited(tmp_path, SMALL_AID, suspended)).findings == ()
    wrong = ("legal_due_on: 2017-01-12", "legal_due_on: 2017-01-13")
    assert only(edited(tmp_path, SMALL_AID, suspended, wrong)).rule == "own_test"


def test_an_item_of_which_no_case_tries_the_promise_is_told(tmp_path: Path) -> None:
    dates = "accepted_on: 2016-12-28, promised_due_on: 2016-12-28"
    papers = "received_on: 2016-12-28, materials_missing: [], answer: accepted"
    assert only(edited(tmp_path, JOB_SEEKING, (dates, papers))).rule == "untested_limit"


def test_two_items_may_not_share_a_code_or_a_name(tmp_path: Path) -> None:
    original = edited(tmp_path, SMALL_AID)
    copy = tmp_path / "later.yaml"
    copy.write_text(original.read_text(encoding="utf-8"), encoding="utf-8")
    told = [(each.file, each.field, each.rule, each.line) for each in check(tmp_path).findings]
    assert told == [(str(copy), "code", "duplicate_code", 5), (str(copy), "name", "duplicate_name", 6)]


def test_a_department_has_one_name_in_the_whole_catalogue(tmp_path: Path) -> None:
    edited(tmp_path, PUBLIC_RENTAL)
    renamed = ("name: 区住房保障办公室}", "name: 区房管局}"), ("decided_by: 区住房保障办公室", "decided_by: 区房管局")
    edited(tmp_path, LOW_RENT, *renamed)
    assert [finding.rule for finding in check(tmp_path).refusals] == ["office_name"]


def _line(file: Path, field: str) -> int:
    """Where the field stands in a shipped file: every entry of a list has a line of its own below its key."""
    key, _, position = field.partition(".")[0].partition("[")
    lines = file.read_text(encoding="utf-8").splitlines()
    top = next(number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:"))
    return top + 1 + int(position.rstrip("]")) if position else top
