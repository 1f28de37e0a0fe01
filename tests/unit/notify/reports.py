"""Reports of stages for tests of the domain, and the templates that come with the product."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from law.desk import Place
from services.notify.domain.message.sending_time import SendingHours
from services.notify.domain.stage_reports import (
    AcceptanceStage,
    CorrectionStage,
    DecisionStage,
    ExtensionStage,
    LateWithdrawalStage,
    NonAcceptanceStage,
    PauseStage,
    Phase,
    PublishedItem,
    ReferralStage,
    ResumptionStage,
    ReturnStage,
    Stage,
    StageRank,
    StageReport,
    SubmissionStage,
    WithdrawalStage,
)
from services.notify.domain.template.text import MessageTemplate

ITEM, NUMBER = "11440105K316057885442014001001A", "11440105K316057885442014001001A201603010007"
PLACE = Place("440105", "440105008")
RESERVED = Place("440105", "440105999")
DAY = date(2016, 3, 1)
NINE = datetime(2016, 3, 1, 9, tzinfo=timezone(timedelta(hours=8)))
HOURS = SendingHours()

_FILE = Path(__file__).parents[3] / "services/notify/templates/messages.toml"
TEMPLATES = {
    row["code"]: MessageTemplate(row["code"], row["version"], row["text"], row.get("late_text", ""))
    for row in tomllib.loads(_FILE.read_text("utf-8"))["template"]
}


def acceptance(**changes: Any) -> AcceptanceStage:
    """An acceptance of an item with messages and a receipt."""
    stage = AcceptanceStage(
        item_code=ITEM,
        item_version=1,
        item_name="居住证核发",
        sensitive=False,
        sms=True,
        instant=False,
        receipt=True,
        number=NUMBER,
        applicant_index="aa",
        promised_due_on=date(2016, 3, 22),
    )
    return replace(stage, **changes)


def published(**changes: Any) -> PublishedItem:
    """The same item as the catalogue publishes it."""
    return replace(PublishedItem(ITEM, 1, "居住证核发", False, True, materials={"M01": "居民身份证"}), **changes)


SUBMITTED = SubmissionStage(ITEM, 1)
CORRECTION = CorrectionStage(2, date(2016, 3, 31), "440105008告〔2016〕0001号")
DECLINED = NonAcceptanceStage("440105008不受〔2016〕0001号")
REFERRED = ReferralStage("区住房保障部门")
PAUSED = PauseStage("听证", 10)
PAUSED_UNTIL = PauseStage("公示", 10, date(2016, 3, 21))
RESUMED = ResumptionStage("听证", date(2016, 3, 30), False)
RETURNED = ReturnStage(date(2016, 3, 30), False, False)
EXTENDED = ExtensionStage(5, date(2016, 3, 29))
DECIDED = DecisionStage("granted", date(2016, 3, 1))
WITHDRAWN = WithdrawalStage()
CASE_WITHDRAWN = WithdrawalStage(date(2016, 3, 2))
TOO_LATE = LateWithdrawalStage(date(2016, 3, 2))


@dataclass
class Reports:
    """The reports of one matter; each call gives the next one of its phase."""

    place: Place = PLACE
    recorded_at: datetime = NINE
    application_id: UUID = field(default_factory=uuid4)
    _revisions: dict[Phase, int] = field(default_factory=dict)

    def intake(self, stage: Stage) -> StageReport:
        """The next report of intake."""
        return self._report(Phase.INTAKE, stage)

    def approval(self, stage: Stage) -> StageReport:
        """The next report of approval."""
        return self._report(Phase.APPROVAL, stage)

    def _report(self, phase: Phase, stage: Stage) -> StageReport:
        revision = self._revisions[phase] = self._revisions.get(phase, 0) + 1
        rank = StageRank(phase, revision)
        return StageReport(self.application_id, self.place, rank, DAY, self.recorded_at, stage)
