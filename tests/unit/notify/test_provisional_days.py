"""暂定: a message and a receipt that name a last day which a notice may still move say so; the day is read back."""

from dataclasses import replace
from datetime import date

import pytest

from services.notify.domain.document.receipt import promised_day_on
from services.notify.domain.message.message_for_stage import (
    acceptance_message,
    correction_message,
    extension_message,
    resumption_message,
)
from services.notify.domain.template.text import (
    Letterhead,
    MatterWording,
    MessageTemplate,
    compose,
    provisional_mark,
    wording_on,
)
from tests.unit.notify.reports import CORRECTION, EXTENDED, RESUMED, TEMPLATES, acceptance
from tests.unit.notify.test_documents import ACCEPTANCE

TEMPLATE = MessageTemplate("N01", "2", "最迟{date}办结", "将尽快办结")
WORDING = MatterWording("事项", False, "N", "C")


@pytest.mark.parametrize(("provisional", "told"), [(True, "（暂定）"), (False, "")])
def test_a_provisional_promise_is_told_as_one(provisional: bool, told: str) -> None:
    accepted = acceptance(provisional=provisional)
    for content in (
        acceptance_message(accepted),
        correction_message(replace(CORRECTION, provisional=provisional)),
        extension_message(replace(EXTENDED, provisional=provisional)),
        resumption_message(replace(RESUMED, provisional=provisional)),
    ):
        assert provisional_mark(provisional) == told
        text = compose(TEMPLATE, Letterhead(), WORDING, content.particulars)
        assert text == f"【街道政务服务中心】最迟{content.particulars['date']}{told}办结"
        assert wording_on(TEMPLATE, content.particulars, date(2016, 1, 1)) == TEMPLATE
    receipt = replace(ACCEPTANCE, provisional=provisional)
    assert promised_day_on(receipt, receipt.promised_due_on).endswith(told or "日")


@pytest.mark.parametrize(
    "template", [each for each in TEMPLATES.values() if each.late_text], ids=lambda each: each.code
)
def test_every_text_that_names_a_last_day_tells_when_it_is_provisional(template: MessageTemplate) -> None:
    """A text of the product with a late_text names a last day, so the mark has to come with it."""
    particulars = {
        "date": "2027年1月5日",
        "mark": provisional_mark(True),
        "n": "2",
        "doc": "D",
        "days": "3",
        "kind": "听证",
        "org": "区人民政府",
    }
    assert "2027年1月5日（暂定）" in compose(template, Letterhead(), WORDING, particulars)
