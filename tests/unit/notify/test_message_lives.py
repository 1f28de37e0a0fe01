"""Lives of matters, step by step: the messages after each report, and the text that the applicant reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from services.notify.domain.delivery.open_delivery import decision_to_deliver
from services.notify.domain.matter import KnownMatter
from services.notify.domain.message.message_for_stage import message_for
from services.notify.domain.message.plan_messages import after_report, settled
from services.notify.domain.message.state import MatterMessages, MessageState, StageMessage
from services.notify.domain.message.suppression import state_after_failed_try
from services.notify.domain.stage_reports import DecisionStage, PublishedItem, Stage, StageReport
from services.notify.domain.template.text import Letterhead, MatterWording, compose
from tests.unit.notify.reports import (
    CASE_WITHDRAWN,
    CORRECTION,
    DECIDED,
    DECLINED,
    EXTENDED,
    HOURS,
    NUMBER,
    PAUSED,
    REFERRED,
    SUBMITTED,
    TEMPLATES,
    TOO_LATE,
    WITHDRAWN,
    Reports,
    acceptance,
    published,
)

NANHUAXI = Letterhead("南华西街道", "南华西街道办事处", "020-12345", "南华西街道政务服务中心", "工作日9:00-17:00")
WAITING, SENDING, SENT = MessageState.WAITING, MessageState.SENDING, MessageState.SENT


@dataclass
class Life:
    """One matter, reported stage by stage, with a gateway that a test lets answer."""

    of: Reports = field(default_factory=Reports)
    matter: MatterMessages = field(default_factory=MatterMessages)
    item: PublishedItem | None = field(default_factory=published)

    def intake(self, *stages: Stage) -> "Life":
        """Intake reports these stages."""
        return self._apply([self.of.intake(stage) for stage in stages])

    def approval(self, *stages: Stage) -> "Life":
        """Approval reports these stages."""
        return self._apply([self.of.approval(stage) for stage in stages])

    def take(self) -> StageMessage:
        """The one message that waits is taken for sending."""
        (message,) = [each for each in self.matter.messages.values() if each.state is WAITING]
        return self._set(message, SENDING)

    def answered(self, message: StageMessage, *, taken: bool) -> None:
        """The gateway has the message, or did not take it now."""
        self._set(message, SENT if taken else state_after_failed_try(message, self.matter, uncertain=False))

    @property
    def waiting(self) -> list[str]:
        """The templates of messages that wait."""
        return [each.template for each in self.matter.messages.values() if each.state is WAITING]

    @property
    def sent(self) -> list[str]:
        """The templates of messages that were sent."""
        return [each.template for each in self.matter.messages.values() if each.state is SENT]

    def _apply(self, reports: Sequence[StageReport]) -> "Life":
        for report in reports:
            self.matter = settled(after_report(self.matter, report, HOURS), self.item)
        return self

    def _set(self, message: StageMessage, state: MessageState) -> StageMessage:
        changed = replace(message, state=state)
        self.matter = replace(self.matter, messages={**self.matter.messages, message.message_id: changed})
        return changed


def test_a_matter_that_is_accepted_and_granted_gets_both_messages_when_each_is_sent_in_time() -> None:
    life = Life().intake(SUBMITTED, acceptance())
    assert life.waiting == ["N01"]
    life.answered(life.take(), taken=True)
    life.approval(DECIDED)
    assert (life.waiting, life.sent) == (["N07"], ["N01"])
    life.answered(life.take(), taken=True)
    assert (life.waiting, life.sent) == ([], ["N01", "N07"])


def test_a_matter_that_is_decided_before_its_first_message_went_out_gets_the_last_one_alone() -> None:
    life = Life().intake(SUBMITTED, CORRECTION, acceptance()).approval(PAUSED, EXTENDED, DECIDED)
    life.answered(life.take(), taken=True)
    assert (life.waiting, life.sent) == ([], ["N07"])


def test_a_correction_is_followed_by_the_acceptance() -> None:
    life = Life().intake(SUBMITTED, CORRECTION)
    assert life.waiting == ["N02"]
    life.intake(acceptance())
    assert life.waiting == ["N01"]


def test_a_matter_that_is_not_accepted_gets_one_message_and_no_delivery() -> None:
    life = Life().intake(SUBMITTED, DECLINED)
    assert life.waiting == ["N03"]
    assert decision_to_deliver(life.matter.matter) is None


def test_a_referred_matter_is_decided_by_the_district() -> None:
    life = Life().intake(SUBMITTED, acceptance()).approval(REFERRED)
    assert life.waiting == ["N04"]
    life.approval(DecisionStage("refused", DECIDED.decided_on))
    assert life.waiting == ["N07"]
    decision = decision_to_deliver(life.matter.matter)
    assert decision is not None and (decision.outcome, decision.number) == ("refused", NUMBER)


def test_a_withdrawal_before_acceptance_stops_the_request_for_corrections() -> None:
    assert Life().intake(SUBMITTED, CORRECTION, WITHDRAWN).waiting == []


def test_a_withdrawal_after_acceptance_stops_whatever_waits() -> None:
    life = Life().intake(SUBMITTED, acceptance()).approval(PAUSED, CASE_WITHDRAWN)
    assert life.waiting == ["N11"]


def test_a_withdrawal_that_came_too_late_leaves_the_decision_its_message_and_its_delivery() -> None:
    life = Life().intake(SUBMITTED, acceptance()).approval(DECIDED, TOO_LATE)
    assert life.waiting == ["N07", "N12"]
    assert decision_to_deliver(life.matter.matter) is not None


def test_a_message_on_its_way_is_sent_although_the_matter_goes_on() -> None:
    life = Life().intake(SUBMITTED, acceptance())
    on_its_way = life.take()
    life.approval(DECIDED)
    life.answered(on_its_way, taken=True)
    assert (life.waiting, life.sent) == (["N07"], ["N01"])


@pytest.mark.parametrize("stage", [DECIDED, WITHDRAWN, PAUSED], ids=["decided", "withdrawn", "paused"])
def test_a_message_that_was_not_taken_does_not_come_again_after_the_matter_went_on(stage: Stage) -> None:
    life = Life().intake(SUBMITTED, acceptance())
    on_its_way = life.take()
    life.approval(stage)
    life.answered(on_its_way, taken=False)
    assert "N01" not in life.waiting and life.sent == []


def test_a_message_that_was_not_taken_comes_again_while_nothing_else_happened() -> None:
    life = Life().intake(SUBMITTED, acceptance())
    life.answered(life.take(), taken=False)
    assert life.waiting == ["N01"]


@pytest.mark.parametrize("changes", [{"sms": False}, {"instant": True}], ids=["without messages", "instant"])
def test_an_item_without_messages_is_never_written_about(changes: dict[str, bool]) -> None:
    life = Life(item=published(**changes)).intake(SUBMITTED, CORRECTION)
    assert life.matter.messages == {}
    life.intake(acceptance(**changes)).approval(DECIDED)
    assert life.matter.messages == {}
    assert decision_to_deliver(life.matter.matter) is not None


def test_an_item_that_is_not_published_yet_keeps_its_message_until_the_acceptance_says_more() -> None:
    life = Life(item=None).intake(SUBMITTED, CORRECTION)
    assert (life.waiting, life.matter.matter.sms) == (["N02"], None)
    assert Life(item=None).intake(SUBMITTED, CORRECTION, acceptance(sms=False)).matter.messages == {}


TEXTS = {
    acceptance(): "【南华西街道】您申办的居住证核发已受理，办件编号尾号201603010007，我们承诺最迟2016年3月22日办结。"
    "凭受理回执上的编号和查询码ABCD2345可查进度，咨询020-12345。",
    CORRECTION: "【南华西街道】您申办的居住证核发还有2项材料需要补正，请在2016年3月31日前一次补齐，"
    "清单见《一次性告知书》440105008告〔2016〕0001号。咨询020-12345。",
    DECLINED: "【南华西街道】您申办的居住证核发不予受理，理由和救济途径见决定书440105008不受〔2016〕0001号，"
    "请到南华西街道政务服务中心领取。咨询020-12345。",
    REFERRED: "【南华西街道】您申办的居住证核发已通过街道审查，2016年3月1日转报区住房保障部门办理，您不需要再交材料。"
    "咨询020-12345。",
    PAUSED: "【南华西街道】您申办的居住证核发依法需要听证，预计10个工作日，所需时间不计入办理期限，详见书面告知。"
    "咨询020-12345。",
    EXTENDED: "【南华西街道】您申办的居住证核发经负责人批准延长5个工作日，承诺办结日顺延至2016年3月29日，"
    "理由见书面告知。咨询020-12345。",
    DECIDED: "【南华西街道】您申办的居住证核发已办结，请带身份证件和受理回执到南华西街道政务服务中心领取。"
    "办公时间：工作日9:00-17:00。咨询020-12345。",
}


@pytest.mark.parametrize("stage", TEXTS, ids=lambda stage: type(stage).__name__)
def test_the_applicant_reads_exactly_these_words(stage: Stage) -> None:
    content = message_for(Reports().intake(stage))
    assert content is not None
    matter = MatterWording("居住证核发", False, NUMBER, "ABCD2345")
    assert compose(TEMPLATES[content.template], NANHUAXI, matter, content.particulars) == TEXTS[stage]


def test_a_matter_of_which_only_the_decision_is_known_waits_for_its_acceptance() -> None:
    life = Life().approval(DECIDED)
    assert (life.waiting, decision_to_deliver(life.matter.matter)) == (["N07"], None)
    assert life.matter.matter == KnownMatter(outcome="granted", decided_on=DECIDED.decided_on)
    life.intake(SUBMITTED, acceptance())
    assert life.waiting == ["N07"]
    assert decision_to_deliver(life.matter.matter) is not None
