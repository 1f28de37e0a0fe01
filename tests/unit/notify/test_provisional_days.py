"""暂定: a message and a receipt that name a last day which a notice may still move say so; the day is read back."""

from dataclasses import replace
from datetime import date

import pytest

from services.notify.domain.document.receipt import promised_day_on
from services.notify.domain.message.message_for_stage import acceptance_message, extension_message
from services.notify.domain.template.text import Letterhead, MatterWording, MessageTemplate, compose, wording_on
from tests.unit.notify.reports import EXTENDED, acceptance
from tests.unit.notify.test_documents import ACCEPTANCE

TEMPLATE = MessageTemplate("N01", "2", "最迟{date}办结", "将尽快办结")
WORDING = MatterWording("事项", False, "N", "C")


@pytest.mark.parametrize(("provisional", "told"), [(True, "（暂定）"), (False, "")])
def test_a_provisional_promise_is_told_as_one(provisional: bool, told: str) -> None:
    accepted = acceptance(provisional=provisional)
    for content in (acceptance_message(accepted), extension_message(replace(EXTENDED, provisional=provisional))):
        text = compose(TEMPLATE, Letterhead(), WORDING, content.particulars)
        assert text == f"【街道政务服务中心】最迟{content.particulars['date']}{told}办结"
        assert wording_on(TEMPLATE, content.particulars, date(2016, 1, 1)) == TEMPLATE
    receipt = replace(ACCEPTANCE, provisional=provisional)
    assert promised_day_on(receipt, receipt.promised_due_on).endswith(told or "日")
