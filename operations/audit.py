"""An audit of one service: its database, vault keys and object store, and its report for people and for programs."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chassis.audit import AuditCount, AuditCounts, AuditedService, AuditFinding, AuditLimits, AuditRule, AuditTarget
from chassis.event_store import FileKey
from chassis.postgres.database import Pool
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, KeysUnreadable, objects
from operations.errors import CommandError
from operations.settings import VaultSettings
from operations.workers import ServiceWorker
from services.approval.adapters.maintenance import AUDITED as APPROVAL
from services.intake.adapters.maintenance import AUDITED as INTAKE
from services.metrics.adapters.subscriptions import AUDITED as METRICS
from services.notify.adapters.maintenance import AUDITED as NOTIFY

AUDITED: Mapping[str, AuditedService] = {each.source: each for each in (INTAKE, APPROVAL, NOTIFY, METRICS)}
"""By service: its tables, vault texts and objects, as its adapters declare them."""

_ANY_BYTES = 1 << 30
"""Limit of an object; nothing is written, so that no limit of a service applies."""


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
    AuditRule.INBOX_INCOMPLETE: "已收的事实不齐",
    AuditRule.DAY_INCOMPLETE: "某日某地收到的事实少于发布方所计",
    AuditRule.FACT_NOT_RECEIVED: "已发布的事实没有收到",
    AuditRule.INBOX_AHEAD: "已收到的多于本库的事实：消息流与数据库不是同一时刻",
}
_COUNTED = {
    AuditCount.FILES: "案卷",
    AuditCount.FACTS: "事实",
    AuditCount.ROWS: "列表行",
    AuditCount.KEYS: "数据密钥",
    AuditCount.TEXTS: "保险箱文字",
    AuditCount.OBJECTS: "材料与文书",
    AuditCount.INBOX_EVENTS: "已收事实",
}


@dataclass(slots=True)
class AuditReport:
    """The findings of one service: all of them counted, the first ones listed."""

    audited: AuditedService
    most: int
    """Findings that are listed; the others are only counted, so that memory is bounded."""
    listed: list[AuditFinding] = field(default_factory=list)
    rules: Counter[AuditRule] = field(default_factory=Counter)
    counts: AuditCounts = field(default_factory=Counter)
    numbers: dict[FileKey, str] = field(default_factory=dict)
    """By file, the office's number of it."""
    objects_seen: bool = True
    """False where the object store cannot be read from here."""

    def add(self, finding: AuditFinding) -> None:
        """Counts a finding, and lists it while there is room."""
        self.rules[finding.rule] += 1
        if len(self.listed) < self.most:
            self.listed.append(finding)

    async def name_files(self, pool: Pool) -> None:
        """Looks up the office's numbers of the files with findings."""
        keys = list(dict.fromkeys(each.key for each in self.listed if each.key is not None))
        for projection in [each for each in self.audited.projections if each.number and keys]:
            rows = await pool.fetch(
                f"select {projection.file_id} as file_id, {projection.number} as number from {projection.table}"
                f" where {projection.file_id} = any ($1)",
                [key.file_id for key in keys],
            )
            numbers = {row["file_id"]: row["number"] for row in rows}
            self.numbers |= {key: numbers[key.file_id] for key in keys if numbers.get(key.file_id)}

    def lines(self) -> Sequence[str]:
        """The report for people."""
        service, total = self.audited.source, self.rules.total()
        lines = [f"{service}：{counted(self.counts) or '没有可核对的内容'}"]
        if not self.objects_seen:
            lines.append(f"{service}：对象存储不在本机可及之处，材料与文书没有核对")
        lines += [f"{service} ✗ {self._line(each)}" for each in self.listed]
        if total > len(self.listed):
            lines.append(f"{service}：另有 {total - len(self.listed):,} 处未列出")
        lines.append(f"{service}：发现 {total:,} 处问题" if total else f"{service}：没有发现问题")
        return lines

    def document(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "checked": {count.value: self.counts[count] for count in AuditCount},
            "objects_seen": self.objects_seen,
            "findings": self.rules.total(),
            "rules": {rule.value: number for rule, number in sorted(self.rules.items())},
            "listed": [self._entry(each) for each in self.listed],
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


@asynccontextmanager
async def open_target(
    worker: ServiceWorker, vault: VaultSettings, limits: AuditLimits, *, contents: bool
) -> AsyncIterator[AuditTarget]:
    """The target of an audit of one service, its database open. Raises CommandError where keys cannot be read."""
    async with worker.pool() as pool:
        yield AuditTarget(pool, _vault(vault.vault_key_file), _objects(vault), contents, limits)


def counted(counts: AuditCounts) -> str:
    """The amounts that were checked."""
    return "，".join(f"{_COUNTED[count]} {counts[count]:,}" for count in AuditCount if counts[count])


def _vault(file: Path | None) -> FileVault | None:
    try:
        return FileVault(Keyring(WatchedFile(file))) if file else None
    except KeysUnreadable as error:
        raise CommandError(f"保险箱密钥文件不能用：{error}") from error


def _objects(vault: VaultSettings) -> objects.Objects | None:
    if vault.objects_url is None or vault.objects_url.startswith("memory://"):
        return None  # the memory of another process cannot be read
    credentials = vault.objects_credentials_file
    return objects.opened(vault.objects_url, _ANY_BYTES, WatchedFile(credentials) if credentials else None)
