"""The report of an audit in words and numbers; it lists only so many findings."""

import json
from uuid import UUID

from chassis.audit import AuditCount, AuditedService, AuditFinding, AuditRule
from operations.audit import SENTENCES, AuditReport
from tests.support.ledger import a_key

KEY = a_key(file_id=UUID(int=7))


def test_every_rule_has_its_sentence() -> None:
    assert SENTENCES.keys() == set(AuditRule)


def test_a_finding_is_told_with_rule_number_place_and_fact() -> None:
    report = AuditReport(AuditedService("approval"), most=10)
    report.counts[AuditCount.FACTS] = 12_345
    report.numbers[KEY] = "114401050001"
    report.add(AuditFinding(AuditRule.CHAIN_BROKEN, KEY, 3))
    assert report.lines() == [
        "approval：事实 12,345",
        "approval ✗ 摘要链断裂：内容与摘要不符；案卷 114401050001（00000000-0000-0000-0000-000000000007），"
        "地点 440105008；第 3 条事实；[chain_broken]",
        "approval：发现 1 处问题",
    ]


def test_what_belongs_to_no_file_is_told_without_one() -> None:
    report = AuditReport(AuditedService("intake"), most=10)
    report.add(AuditFinding(AuditRule.OUTBOX_WITHOUT_FACT, name="17"))
    assert "intake ✗ 待发布的内容没有对应的事实；17；[outbox_without_fact]" in report.lines()


def test_however_much_is_found_only_so_much_is_kept_and_all_is_counted() -> None:
    report = AuditReport(AuditedService("notify"), most=2)
    for revision in range(1, 6):
        report.add(AuditFinding(AuditRule.FACT_DIFFERS, KEY, revision))
    assert (len(report.listed), report.lines()[-2:]) == (2, ["notify：另有 3 处未列出", "notify：发现 5 处问题"])
    found = json.loads(json.dumps(report.document()))
    assert (found["findings"], found["rules"], len(found["listed"])) == (5, {"fact_differs": 5}, 2)


def test_a_store_of_objects_that_cannot_be_seen_is_said() -> None:
    report = AuditReport(AuditedService("intake"), most=2, objects_seen=False)
    assert "intake：对象存储不在本机可及之处，材料与文书没有核对" in report.lines()
    assert report.lines()[-1] == "intake：没有发现问题"
