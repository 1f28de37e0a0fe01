"""`case show`: stage, dates, lamp and the days left or over."""

import json
from typing import Any

import pytest
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import case_pb2
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import application_pb2
from onewindow.proof.v1 import proof_pb2
from onewindow.recount.v1 import recount_pb2
from typer.testing import CliRunner

from cli.case import app, file_rows, procedure_rows, term_rows
from cli.case_proof import PrintedMatter, case_terms, stored_terms

WORKING, CALENDAR = catalogue_pb2.LIMIT_UNIT_WORKING_DAYS, catalogue_pb2.LIMIT_UNIT_CALENDAR_DAYS


def case(
    lamp: case_pb2.Lamp.ValueType = case_pb2.LAMP_UNSPECIFIED,
    stage: case_pb2.CaseStage.ValueType = case_pb2.CASE_STAGE_REVIEW,
    closed_on: str = "",
    legal_unit: catalogue_pb2.LimitUnit.ValueType = WORKING,
) -> case_pb2.Case:
    """A case whose promise ends on 2016-03-15 and whose legal limit ends on 2016-03-29."""
    term = event_pb2.Term(
        promised_limit=catalogue_pb2.Limit(days=10, unit=WORKING),
        legal_limit=catalogue_pb2.Limit(days=20, unit=legal_unit),
        warn_on="2016-03-11",
        yellow_on="2016-03-16",
        red_on="2016-03-30",
    )
    return case_pb2.Case(lamp=lamp, stage=stage, closed_on=closed_on, term=term)


def days(promised: int, legal: int) -> approval.GetTermProofResponse:
    """The proof with the days left of both limits."""
    return approval.GetTermProofResponse(promised_days_left=promised, legal_days_left=legal)


@pytest.mark.parametrize(
    ("running", "left", "lamp", "balance"),
    [
        (case(case_pb2.LAMP_NORMAL), (7, 17), "正常", "承诺期限剩余7个工作日，法定期限剩余17个工作日"),
        (case(case_pb2.LAMP_WARNING), (0, 10), "预警", "承诺期限为最后一日，法定期限剩余10个工作日"),
        (case(case_pb2.LAMP_YELLOW), (0, 10), "黄牌", "承诺期限已过最后一日，法定期限剩余10个工作日"),
        (case(case_pb2.LAMP_RED), (-9, 0), "红牌", "承诺期限逾期9个工作日，法定期限已过最后一日"),
        (case(case_pb2.LAMP_YELLOW), (-2, 8), "黄牌", "承诺期限逾期2个工作日，法定期限剩余8个工作日"),
        (case(case_pb2.LAMP_RED), (-13, -3), "红牌", "承诺期限逾期13个工作日，法定期限逾期3个工作日"),
        (
            case(case_pb2.LAMP_RED, legal_unit=CALENDAR),
            (-13, -4),
            "红牌",
            "承诺期限逾期13个工作日，法定期限逾期4日",
        ),
        (
            case(case_pb2.LAMP_YELLOW, case_pb2.CASE_STAGE_PAUSED),
            (-1, 9),
            "黄牌（中止计时）",
            "承诺期限逾期1个工作日，法定期限剩余9个工作日（中止计时）",
        ),
        (
            case(stage=case_pb2.CASE_STAGE_CLOSED, closed_on="2016-03-10"),
            (3, 13),
            "办结时正常",
            "办结时承诺期限剩余3个工作日，法定期限剩余13个工作日",
        ),
        (
            case(stage=case_pb2.CASE_STAGE_CLOSED, closed_on="2016-03-17"),
            (-2, 8),
            "办结时黄牌",
            "办结时承诺期限逾期2个工作日，法定期限剩余8个工作日",
        ),
        (
            case(stage=case_pb2.CASE_STAGE_CLOSED, closed_on="2016-04-01"),
            (-13, -3),
            "办结时红牌",
            "办结时承诺期限逾期13个工作日，法定期限逾期3个工作日",
        ),
    ],
    ids=[
        *("normal", "last day", "over on a rest day", "law over on a rest day", "yellow", "red", "calendar days"),
        *("paused", "closed early", "closed late", "closed red"),
    ],
)
def test_the_lamp_stands_beside_the_days_left_or_over(
    running: case_pb2.Case, left: tuple[int, int], lamp: str, balance: str
) -> None:
    assert term_rows(running, days(*left)) == [("亮灯", lamp), ("余期", balance)]


def test_a_matter_without_a_case_has_neither() -> None:
    assert term_rows(None, None) == [("亮灯", "—"), ("余期", "—")]


def test_a_provisional_date_is_marked_and_an_absent_one_is_a_dash() -> None:
    application = application_pb2.Application(
        stage=application_pb2.APPLICATION_STAGE_ACCEPTED,
        serial_number="S1",
        item_name="居住证核发",
        item_version=3,
        received_on="2026-12-28",
        promised_due_on="2027-01-11",
        provisional=True,
    )
    rows = dict(file_rows(application))
    assert (rows["事项"], rows["阶段"], rows["承诺期限"]) == ("居住证核发（第3版）", "已受理", "2027-01-11（暂定）")
    assert (rows["法定期限"], rows["办件编号"], rows["结果"]) == ("—", "—", "—")


@pytest.mark.parametrize("stage", [name for name, number in application_pb2.ApplicationStage.items() if number])
def test_every_stage_has_a_word(stage: str) -> None:
    application = application_pb2.Application(stage=application_pb2.ApplicationStage.Value(stage))
    assert dict(file_rows(application))["阶段"]


@pytest.mark.parametrize(
    ("withdrawal", "shown"),
    [
        (application_pb2.Withdrawal(state=application_pb2.WITHDRAWAL_STATE_PENDING), "2016-03-08，待确认"),
        (application_pb2.Withdrawal(state=application_pb2.WITHDRAWAL_STATE_EFFECTIVE), "2016-03-08，已生效"),
        (
            application_pb2.Withdrawal(
                state=application_pb2.WITHDRAWAL_STATE_TOO_LATE, decision="refused", decided_on="2016-03-07"
            ),
            "2016-03-08，因已作出决定未生效（2016-03-07不予）",
        ),
    ],
    ids=["pending", "effective", "too late"],
)
def test_a_withdrawal_is_shown_with_what_became_of_it(withdrawal: application_pb2.Withdrawal, shown: str) -> None:
    withdrawal.withdrawn_on = "2016-03-08"
    application = application_pb2.Application(stage=application_pb2.APPLICATION_STAGE_CLOSED, withdrawal=withdrawal)
    assert dict(file_rows(application))["撤回"] == shown


def test_without_a_stack_it_says_how_to_start_one(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEWINDOW_HOME", str(tmp_path))
    ran = CliRunner().invoke(app, ["show", "11440105K3160578855440191020001201603070012"])
    assert "onewindow up" in str(ran.exception)


@pytest.mark.parametrize("command", ["show", "explain"])
@pytest.mark.parametrize("number", ["123", "abc", "5b0f5b4e-4a56", "１１４４０１０５K31605"])
def test_what_is_no_number_of_a_matter_is_wrong_usage(command: str, number: str) -> None:
    ran = CliRunner().invoke(app, [command, number])
    assert ran.exit_code == 2
    assert "办件编号" in ran.stderr


PROOF_DAY: dict[str, Any] = {"on": "2016-09-18", "counts": True, "number": 1, "reason": "调休上班"}
ANSWER = proof_pb2.TermProof(
    kind=recount_pb2.DATE_KIND_ANSWER,
    from_on="2016-09-14",
    due_on="2016-09-18",
    provisional=True,
    calendar_version="state-council-2026",
    days=[proof_pb2.ProofDay(**PROOF_DAY)],
    sum="计入1日，共经过1日",
)


def test_proofs_of_a_matter_are_printed_with_day_sum_and_calendar() -> None:
    unproven = proof_pb2.TermProof(kind=recount_pb2.DATE_KIND_DELIVER, due_on="2016-03-15", unproven="无从逐日列出。")
    answer, delivery = stored_terms([ANSWER, unproven])
    assert (answer.until, answer.sentence) == ("2016-09-18（暂定）", "计入1日，共经过1日。")
    assert answer.days == [("2016-09-18", "是", "1", "调休上班")]
    assert (delivery.days, delivery.sentence) == ([], "无从逐日列出。")
    lost = approval.GetTermProofResponse(legal=[case_pb2.ProofDay(**PROOF_DAY)], legal_sum="计入1日", as_stored=False)
    promised, legal = case_terms(lost)
    assert (promised.name, legal.name, legal.days) == ("承诺期限", "法定期限", answer.days)
    assert legal.sentence.startswith("计入1日。案卷中的日期所依据的日历已被后来的取代")
    matter = PrintedMatter("N1", "居住证“核发” #1", "2016-09-20", [answer, delivery])
    assert json.loads(matter.as_json())["terms"][0]["calendar_version"] == "state-council-2026"
    assert matter.as_pdf().startswith(b"%PDF-")


def test_the_sum_names_the_government_that_approved_the_extension() -> None:
    given = event_pb2.GovernmentApproval(
        number="海珠府函〔2016〕12号", approved_on="2016-03-09", approved_by="海珠区人民政府"
    )
    term = event_pb2.Term(ledger=event_pb2.TermLedger(extension_days=15, extension_approval=given))
    promised, legal = case_terms(approval.GetTermProofResponse(term=term, legal_sum="计入1日", as_stored=True))
    assert promised.sentence == "延长经海珠区人民政府2016-03-09批准（海珠府函〔2016〕12号）。"
    assert legal.sentence == "计入1日；延长经海珠区人民政府2016-03-09批准（海珠府函〔2016〕12号）。"


def test_a_procedure_at_the_district_stands_still_on_the_screen_too() -> None:
    stands = case(case_pb2.LAMP_YELLOW, case_pb2.CASE_STAGE_REFERRED)
    stands.procedure.first_on = "2016-03-10"
    assert "（中止计时）" in term_rows(stands, days(1, 1))[0][1]
    stands.procedure.waits_for_approval = True
    assert "（中止计时）" not in term_rows(stands, days(1, 1))[0][1]


def still(code: str, first_on: str, last_on: str, cause: int = 1) -> event_pb2.Standstill:
    """A span that is over, for a special procedure unless another cause is named."""
    return event_pb2.Standstill(procedure=code, first_on=first_on, last_on=last_on, cause=cause)  # type: ignore[arg-type] # a plain number


def test_every_special_procedure_is_shown_with_its_kind_and_days() -> None:
    matter = case()
    matter.item.procedures.add(code="publicity", name="公示", article="某某条例 9")
    spans = [still("publicity", "2016-03-02", "2016-03-03"), still("", "2016-03-04", "2016-03-06", cause=2)]
    matter.term.ledger.standstills.extend(
        [*spans, still("hearing", "2016-03-08", "2016-03-14"), still("", "2016-03-15", "2016-03-15")]
    )
    shown = ["公示 2016-03-02至2016-03-03", "听证 2016-03-08至2016-03-14", "特别程序 2016-03-15至2016-03-15"]
    assert procedure_rows(matter) == [("特别程序", words) for words in shown]
    assert procedure_rows(case()) == procedure_rows(None) == []


@pytest.mark.parametrize(
    ("going_on", "words"),
    [
        ({"expected_end_on": "2016-03-30"}, "鉴定 自2016-03-16起，预计2016-03-30结束"),
        (
            {"expected_end_on": "2016-03-30", "overdue": True},
            "鉴定 自2016-03-16起，预计2016-03-30结束，已超过预计结束日",
        ),
        ({"expected_end_on": "2016-03-30", "provisional": True}, "鉴定 自2016-03-16起，预计2016-03-30（暂定）结束"),
        ({"waits_for_approval": True}, "鉴定 自2016-03-16起，待负责人批准"),
    ],
)
def test_a_special_procedure_that_goes_on_is_shown_with_its_expected_end(going_on: dict[str, Any], words: str) -> None:
    matter = case()
    matter.procedure.CopyFrom(case_pb2.CaseProcedure(first_on="2016-03-16", **going_on))
    matter.procedure.kind.name = "鉴定"
    assert procedure_rows(matter) == [("特别程序", words)]
