"""Facts to messages: each stage with its template and the values that the stage gives."""

from dataclasses import replace
from datetime import date

import pytest

from law.terms import Unit
from services.notify.domain.facts import MessageCode
from services.notify.domain.message.message_for_stage import (
    MessageContent,
    acceptance_message,
    correction_message,
    decision_message,
    extension_message,
    late_withdrawal_message,
    message_for,
    non_acceptance_message,
    pause_message,
    recount_message,
    referral_message,
    reserved_place_is_silent,
    resumption_message,
    return_message,
    withdrawal_message,
)
from services.notify.domain.stage_reports import RecountStage, Stage
from services.notify.domain.template.text import Letterhead, MatterWording, compose
from tests.unit.notify.reports import (
    CASE_WITHDRAWN,
    CORRECTION,
    DECIDED,
    DECLINED,
    EXTENDED,
    NUMBER,
    PAUSED,
    PAUSED_UNTIL,
    REFERRED,
    RESERVED,
    RESUMED,
    RETURNED,
    SUBMITTED,
    TEMPLATES,
    TOO_LATE,
    WITHDRAWN,
    Reports,
    acceptance,
)

WITH_MESSAGE: list[tuple[Stage, str, str]] = [
    (acceptance(), "N01", "已受理，办件编号尾号201603010007，我们承诺最迟2016年3月22日办结"),
    (
        CORRECTION,
        "N02",
        "还有2项材料需要补正，请在2016年3月31日前一次补齐，清单见《一次性告知书》440105008告〔2016〕0001号",
    ),
    (
        replace(CORRECTION, supplement=1),
        "N13",
        "补交的材料中还有2项不符合要求，请在2016年3月31日前一次补齐，清单见《一次性告知书》440105008告〔2016〕0001号的补充告知",
    ),
    (DECLINED, "N03", "不予受理，理由和救济途径见决定书440105008不受〔2016〕0001号"),
    (REFERRED, "N04", "已通过街道审查，2016年3月1日转报区住房保障部门办理"),
    (PAUSED, "N05", "依法需要听证，预计10个工作日，所需时间不计入办理期限"),
    (PAUSED_UNTIL, "N15", "依法需要公示，预计2016年3月21日结束，所需时间不计入办理期限，详见书面告知"),
    (replace(PAUSED_UNTIL, provisional=True), "N15", "预计2016年3月21日（暂定）结束"),
    (replace(PAUSED, expected_days=0), "N16", "依法需要听证，所需时间不计入办理期限，详见书面告知"),
    (RESUMED, "N14", "所需听证已结束，所需时间未计入办理期限，最迟2016年3月30日办结"),
    (replace(RESUMED, provisional=True), "N14", "最迟2016年3月30日（暂定）办结"),
    (EXTENDED, "N06", "经负责人批准延长5个工作日，承诺办结日顺延至2016年3月29日"),
    (replace(EXTENDED, unit=Unit.CALENDAR), "N17", "经负责人批准延长5日，承诺办结日顺延至2016年3月29日"),
    (
        replace(EXTENDED, legal_due_on=date(2016, 4, 13)),
        "N18",
        "未能在承诺的期限内办结，我们深表歉意。经负责人批准，法定期限延长5个工作日，至2016年4月13日届满",
    ),
    (
        replace(EXTENDED, unit=Unit.CALENDAR, legal_due_on=date(2016, 4, 13), provisional=True),
        "N18",
        "法定期限延长5日，至2016年4月13日（暂定）届满",
    ),
    (
        replace(EXTENDED, days=15, approved_by="海珠区人民政府", approval_number="海珠府函〔2016〕12号"),
        "N23",
        "经海珠区人民政府批准（海珠府函〔2016〕12号）延长15个工作日，承诺办结日顺延至2016年3月29日",
    ),
    (
        replace(
            EXTENDED,
            legal_due_on=date(2016, 4, 13),
            approved_by="海珠区人民政府",
            approval_number="海珠府函〔2016〕12号",
        ),
        "N24",
        "经海珠区人民政府批准（海珠府函〔2016〕12号），法定期限延长5个工作日，至2016年4月13日届满",
    ),
    (RETURNED, "N19", "已由上级部门退回街道继续办理，您不需要再申请，我们最迟2016年3月30日办结"),
    (replace(RETURNED, provisional=True), "N19", "我们最迟2016年3月30日（暂定）办结"),
    (replace(RETURNED, promise_broken=True), "N20", "未能在承诺的期限内办结，我们深表歉意"),
    (DECIDED, "N07", "已办结，请带身份证件和受理回执到"),
    (CASE_WITHDRAWN, "N11", "您申办的居住证核发已按您2016年3月2日的申请撤回，不再办理。"),
    (RecountStage(supply=False, day=date(2016, 3, 30)), "N21", "重新计算期限，改为最迟2016年3月30日办结"),
    (RecountStage(supply=True, day=date(2016, 4, 30)), "N22", "重新计算期限，补正材料改为在2016年4月30日前补齐"),
    (TOO_LATE, "N12", "您申办的居住证核发已作出决定，您2016年3月2日提出的撤回不能生效，请按决定办理。"),
]
IDS = [
    *("accepted", "to correct", "to correct again", "not accepted", "referred"),
    *("paused", "paused until a day", "paused provisionally", "paused openly", "resumed", "resumed provisionally"),
    *("extended", "extended by days", "extended in law", "extended in law, provisional"),
    *("extended jointly", "extended jointly in law"),
    *("returned", "returned provisionally", "returned too late"),
    *("decided", "withdrawn", "recounted", "supply", "too late"),
]  # fmt: skip # in the order of the list


@pytest.mark.parametrize(("stage", "code", "words"), WITH_MESSAGE, ids=IDS)
def test_each_stage_has_its_message(stage: Stage, code: str, words: str) -> None:
    content = message_for(Reports().intake(stage))
    assert content is not None and content.template == code
    matter = MatterWording("居住证核发", False, NUMBER, "ABCD2345")
    assert words in compose(TEMPLATES[code], Letterhead(), matter, content.particulars)


@pytest.mark.parametrize("stage", [SUBMITTED, WITHDRAWN], ids=["submitted", "withdrawn"])
def test_a_submission_and_a_withdrawal_before_acceptance_have_no_message(stage: Stage) -> None:
    assert message_for(Reports().intake(stage)) is None


@pytest.mark.parametrize(("stage", "_code", "_words"), WITH_MESSAGE, ids=IDS)
def test_at_the_reserved_place_no_stage_has_a_message(stage: Stage, _code: str, _words: str) -> None:
    report = Reports(RESERVED).intake(stage)
    assert reserved_place_is_silent(report)
    assert message_for(report) is None


def test_every_code_has_a_template_and_a_stage() -> None:
    assert {code.value for code in MessageCode} == set(TEMPLATES) == {code for _, code, _ in WITH_MESSAGE}


def test_an_acceptance_gives_the_promised_day() -> None:
    assert acceptance_message(acceptance()) == MessageContent(MessageCode.ACCEPTED, {"date": "2016年3月22日"})


def test_a_correction_gives_number_of_materials_last_day_and_letter() -> None:
    assert correction_message(CORRECTION).particulars == {
        "n": "2",
        "date": "2016年3月31日",
        "doc": "440105008告〔2016〕0001号",
    }


def test_a_non_acceptance_gives_the_letter() -> None:
    assert non_acceptance_message(DECLINED).particulars == {"doc": "决定书440105008不受〔2016〕0001号"}


def test_a_referral_gives_its_day_and_the_organ() -> None:
    particulars = {"date": "2016年3月1日", "org": "区住房保障部门"}
    assert referral_message(REFERRED, "2016年3月1日").particulars == particulars


def test_a_return_gives_the_last_day_from_now_on() -> None:
    assert return_message(RETURNED) == MessageContent(MessageCode.RETURNED, {"date": "2016年3月30日"})


def test_the_end_of_a_procedure_has_its_kind_and_the_day_from_now_on() -> None:
    told = {"kind": "听证", "date": "2016年3月30日"}
    assert resumption_message(RESUMED).particulars == told


def test_a_special_procedure_gives_its_kind_and_days() -> None:
    assert pause_message(PAUSED).particulars == {"kind": "听证", "days": "10"}


def test_an_extension_gives_its_days_and_the_new_day() -> None:
    assert extension_message(EXTENDED).particulars == {"days": "5", "date": "2016年3月29日"}


def test_a_decision_gives_nothing_of_its_own() -> None:
    assert decision_message() == MessageContent(MessageCode.DECIDED, {})


def test_a_withdrawal_gives_its_day_whether_it_came_in_time_or_not() -> None:
    particulars = {"date": "2016年3月2日"}
    assert withdrawal_message(date(2016, 3, 2)) == MessageContent(MessageCode.WITHDRAWN, particulars)
    assert late_withdrawal_message(TOO_LATE) == MessageContent(MessageCode.WITHDRAWAL_TOO_LATE, particulars)


def test_a_day_that_moved_has_the_message_of_its_kind() -> None:
    contents = [recount_message(RecountStage(supply, date(2016, 4, 1))) for supply in (False, True)]
    assert [content.template for content in contents] == [MessageCode.PROMISE_MOVED, MessageCode.SUPPLY_MOVED]
