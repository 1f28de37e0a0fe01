"""Planning of messages: reports and published items change a matter and its messages, one rule a test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.notify.domain.matter import KnownMatter
from services.notify.domain.message.plan_messages import after_report, one_message_of_a_stage, settled
from services.notify.domain.message.state import MatterMessages, MessageState, StageMessage
from services.notify.domain.stage_reports import PublishedItem, StageReport
from tests.unit.notify.reports import (
    CORRECTION,
    DAY,
    DECIDED,
    EXTENDED,
    HOURS,
    NINE,
    PAUSED,
    REFERRED,
    RESERVED,
    SUBMITTED,
    WITHDRAWN,
    Reports,
    acceptance,
    published,
)

WAITING, SUPERSEDED = MessageState.WAITING, MessageState.SUPERSEDED


def planned(reports: Sequence[StageReport], item: PublishedItem | None = None) -> MatterMessages:
    matter = MatterMessages()
    for report in reports:
        matter = after_report(matter, report, HOURS)
    return settled(matter, item)


def states(matter: MatterMessages) -> dict[str, MessageState]:
    return {message.template: message.state for message in matter.messages.values()}


def only(matter: MatterMessages) -> StageMessage:
    (message,) = matter.messages.values()
    return message


def test_an_acceptance_plans_its_message() -> None:
    of = Reports()
    message = only(planned([of.intake(SUBMITTED), of.intake(acceptance())]))
    assert message.plan is not None
    assert (message.template, message.state, message.rank.revision) == ("N01", WAITING, 2)
    assert (message.plan.stage_on, message.plan.not_before) == (DAY, NINE)


def test_a_submission_alone_plans_nothing() -> None:
    assert planned([Reports().intake(SUBMITTED)]).messages == {}


def test_each_later_stage_leaves_one_message_that_waits() -> None:
    of = Reports()
    matter = planned(
        [
            *(of.intake(stage) for stage in (SUBMITTED, CORRECTION, acceptance())),
            *(of.approval(stage) for stage in (PAUSED, EXTENDED, REFERRED, DECIDED)),
        ]
    )
    assert states(matter) == dict.fromkeys(["N02", "N01", "N05", "N06", "N04"], SUPERSEDED) | {"N07": WAITING}


def test_a_stage_that_is_reported_again_has_one_message() -> None:
    of = Reports()
    report = of.intake(acceptance())
    assert planned([report, report]) == planned([report])


def test_a_stored_message_keeps_its_state_when_its_stage_is_reported_again() -> None:
    report = Reports().intake(acceptance())
    once = planned([report])
    sent = replace(only(once), state=MessageState.SENT, plan=None)
    stored = replace(once, messages={sent.message_id: sent})
    assert settled(after_report(stored, report, HOURS)).messages == {sent.message_id: sent}


def test_the_id_of_a_message_depends_on_matter_template_and_revision() -> None:
    of, other = Reports(), Reports()
    first, second = of.intake(acceptance()), of.intake(acceptance())
    ids = {
        one_message_of_a_stage(first, "N01"),
        one_message_of_a_stage(second, "N01"),
        one_message_of_a_stage(first, "N02"),
        one_message_of_a_stage(other.intake(acceptance()), "N01"),
    }
    assert len(ids) == 4
    assert one_message_of_a_stage(first, "N01") in ids


def test_ids_of_messages_are_those_of_the_first_release() -> None:
    of = Reports(application_id=UUID("0195a1f0-0000-7000-8000-000000000001"))
    of.intake(SUBMITTED)
    expected = UUID("54f8ddca-59b3-53e0-a8e2-9694c7327878")
    assert one_message_of_a_stage(of.intake(acceptance()), "N01") == expected


def test_a_stage_recorded_at_night_is_held_to_the_morning() -> None:
    message = only(planned([Reports(recorded_at=NINE.replace(hour=23)).intake(acceptance())]))
    assert message.plan is not None
    assert message.plan.not_before == NINE.replace(hour=8, minute=30) + timedelta(days=1)


def test_the_reserved_place_has_no_messages_but_a_known_matter() -> None:
    matter = planned([Reports(RESERVED).intake(acceptance())])
    assert matter.messages == {} and matter.matter.number


def test_a_withdrawal_stops_the_message_that_waits() -> None:
    of = Reports()
    assert states(planned([of.intake(acceptance()), of.intake(WITHDRAWN)])) == {"N01": SUPERSEDED}


def test_a_stage_reported_after_the_withdrawal_is_stopped_as_well() -> None:
    of = Reports()
    accepted, withdrawn = of.intake(acceptance()), of.intake(WITHDRAWN)
    assert states(planned([withdrawn, accepted])) == {"N01": SUPERSEDED}


def test_an_item_without_messages_plans_none() -> None:
    assert planned([Reports().intake(acceptance(sms=False))]).messages == {}


def test_an_instant_item_plans_none() -> None:
    assert planned([Reports().intake(acceptance(instant=True))]).messages == {}


def test_a_message_before_acceptance_waits_for_the_catalogue() -> None:
    of = Reports()
    reports = [of.intake(SUBMITTED), of.intake(CORRECTION)]
    unknown, known = planned(reports), planned(reports, published())
    assert (unknown.matter.sms, known.matter.sms) == (None, True)
    assert states(unknown) == states(known) == {"N02": WAITING}


@pytest.mark.parametrize("item", [published(sms=False), published(instant=True)], ids=["without messages", "instant"])
def test_the_catalogue_can_drop_a_message_before_acceptance(item: PublishedItem) -> None:
    of = Reports()
    assert planned([of.intake(SUBMITTED), of.intake(CORRECTION)], item).messages == {}


def test_the_catalogue_does_not_overrule_the_acceptance() -> None:
    matter = planned([Reports().intake(acceptance(item_name="原名"))], published(name="新名", sms=False))
    assert states(matter) == {"N01": WAITING}
    assert matter.matter.item_name == "原名"


def test_the_acceptance_overrules_the_catalogue_and_drops_what_was_planned() -> None:
    of = Reports()
    before = planned([of.intake(SUBMITTED), of.intake(CORRECTION)], published())
    after = settled(after_report(before, of.intake(acceptance(sms=False)), HOURS))
    assert after.messages == {} and after.matter.sms is False


def test_a_known_matter_without_reports_stays_as_it_is() -> None:
    matter = MatterMessages(KnownMatter(sms=True))
    assert settled(matter, published()) == matter
