"""What an audit of one service came to, as it is read by people and by programs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.audit import AuditCount, AuditCounts, AuditedService, AuditFinding, AuditRule
from chassis.event_store import FileKey
from chassis.postgres.database import Pool

SENTENCES = {
    AuditRule.REVISION_MISSING: "事实缺号",
    AuditRule.CHAIN_BROKEN: "摘要链断裂：内容与摘要不符",
    AuditRule.FACT_UNREADABLE: "事实读不出来",
    AuditRule.FACT_DIFFERS: "事实的列与正文不一致",
    AuditRule.ROW_MISSING: "列表中没有这份案卷",
    AuditRule.ROW_BEHIND: "列表行与事实不是同一版",
    AuditRule.ROW_WITHOUT_FACTS: "列表行没有对应的事实",
    AuditRule.KEY_MISSING: "数据密钥不见了",
    AuditRule.KEY_CLOSED: "数据密钥用现有的保险箱密钥打不开",
    AuditRule.KEY_LEFT: "已清除的案卷还留着数据密钥",
    AuditRule.TEXT_MISSING: "事实提到的文字不在保险箱",
    AuditRule.TEXT_CLOSED: "保险箱中的文字打不开",
    AuditRule.TEXT_DIFFERS: "保险箱中的文字与事实的摘要不符",
    AuditRule.TEXT_LEFT: "保险箱中的文字没有数据密钥",
    AuditRule.OBJECT_MISSING: "材料或文书不在对象存储",
    AuditRule.OBJECT_SIZE: "材料或文书的大小与事实不符",
    AuditRule.OBJECT_CLOSED: "材料或文书打不开",
    AuditRule.OBJECT_DIFFERS: "材料或文书的内容与事实的摘要不符",
    AuditRule.OBJECT_LEFT: "已清除的案卷还留着材料或文书",
    AuditRule.OUTBOX_WITHOUT_FACT: "待发布的内容没有对应的事实",
    AuditRule.ENVELOPE_WITHOUT_FACT: "待发的封套没有对应的事实",
    AuditRule.HEARD_INCOMPLETE: "已听的事实不齐",
    AuditRule.HEARD_AHEAD: "已听到的多于本库的事实：消息流与数据库不是同一时刻",
}
_COUNTED = {
    AuditCount.FILES: "案卷",
    AuditCount.FACTS: "事实",
    AuditCount.ROWS: "列表行",
    AuditCount.KEYS: "数据密钥",
    AuditCount.TEXTS: "保险箱文字",
    AuditCount.OBJECTS: "材料与文书",
    AuditCount.HEARD: "已听事实",
}


@dataclass(slots=True)
class Report:
    """What was found in one service: every finding counted, the first ones kept."""

    audited: AuditedService
    most: int
    """Findings that are kept; the others are only counted, so that memory is bounded."""
    kept: list[AuditFinding] = field(default_factory=list)
    rules: Counter[AuditRule] = field(default_factory=Counter)
    counts: AuditCounts = field(default_factory=Counter)
    numbers: dict[FileKey, str] = field(default_factory=dict)
    """By file, the number by which the office knows it."""
    objects_seen: bool = True
    """False where the store of objects cannot be looked at from here."""

    def found(self, finding: AuditFinding) -> None:
        """One more."""
        self.rules[finding.rule] += 1
        if len(self.kept) < self.most:
            self.kept.append(finding)

    async def name_files(self, pool: Pool) -> None:
        """Look up the numbers of the files that were found."""
        keys = list(dict.fromkeys(each.key for each in self.kept if each.key is not None))
        for projection in [each for each in self.audited.projections if each.number and keys]:
            rows = await pool.fetch(
                f"select {projection.file_id} as file_id, {projection.number} as number from {projection.table}"
                f" where {projection.file_id} = any ($1)",
                [key.file_id for key in keys],
            )
            numbers = {row["file_id"]: row["number"] for row in rows}
            self.numbers |= {key: numbers[key.file_id] for key in keys if numbers.get(key.file_id)}

    def lines(self) -> Sequence[str]:
        """What a person reads."""
        service, total = self.audited.source, self.rules.total()
        told = [f"{service}：{counted(self.counts) or '没有可核对的内容'}"]
        if not self.objects_seen:
            told.append(f"{service}：对象存储不在本机可及之处，材料与文书没有核对")
        told += [f"{service} ✗ {self._line(each)}" for each in self.kept]
        if total > len(self.kept):
            told.append(f"{service}：另有 {total - len(self.kept):,} 处未列出")
        told.append(f"{service}：发现 {total:,} 处问题" if total else f"{service}：没有发现问题")
        return told

    def document(self) -> dict[str, object]:
        """What a program reads."""
        return {
            "checked": {count.value: self.counts[count] for count in AuditCount},
            "objects_seen": self.objects_seen,
            "findings": self.rules.total(),
            "rules": {rule.value: number for rule, number in sorted(self.rules.items())},
            "listed": [self._entry(each) for each in self.kept],
        }

    def _line(self, finding: AuditFinding) -> str:
        key, parts = finding.key, [SENTENCES[finding.rule]]
        if key is not None:
            number = self.numbers.get(key)
            parts.append(f"案卷 {f'{number}（{key.file_id}）' if number else key.file_id}，地点 {key.street}")
        if finding.revision:
            parts.append(f"第 {finding.revision} 条事实")
        if finding.name:
            parts.append(finding.name)
        return "；".join([*parts, f"[{finding.rule}]"])

    def _entry(self, finding: AuditFinding) -> dict[str, object]:
        key = finding.key
        place = {"district": key.district, "street": key.street, "file": str(key.file_id)} if key else {}
        return {
            "rule": finding.rule.value,
            **place,
            "number": self.numbers.get(key, "") if key else "",
            "revision": finding.revision,
            "name": finding.name,
        }


def counted(counts: AuditCounts) -> str:
    """How much was looked at."""
    return "，".join(f"{_COUNTED[count]} {counts[count]:,}" for count in AuditCount if counts[count])
