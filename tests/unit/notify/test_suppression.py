"""Suppression of messages: which message a later stage, a withdrawal or an item without messages stops."""

from uuid import uuid4

import pytest

from services.notify.domain.matter import KnownMatter
from services.notify.domain.message.state import MatterMessages, MessageState, StageMessage
from services.notify.domain.message.suppression import (
    dropped_without_messages,
    state_after_failed_try,
    suppressed,
    suppressed_by_later_stage,
    suppressed_by_withdrawal,
)
from services.notify.domain.stage_reports import Phase, StageRank

ACCEPTED, WITHDRAWN = KnownMatter(sms=True), KnownMatter(sms=True, withdrawn=True)
WAITING, SENDING, SENT, FAILED, SUPERSEDED = MessageState
NOT_WAITING = [SENDING, SENT, FAILED, SUPERSEDED]


def message(template: str, revision: int, phase: Phase = Phase.INTAKE, state: MessageState = WAITING) -> StageMessage:
    return StageMessage(uuid4(), template, StageRank(phase, revision), state)


def matter(*messages: StageMessage, known: KnownMatter = ACCEPTED) -> MatterMessages:
    return MatterMessages(known, {each.message_id: each for each in messages})


def states(found: MatterMessages) -> dict[str, MessageState]:
    return {each.template: each.state for each in suppressed(found).values()}


def test_the_message_of_a_later_stage_suppresses_one_that_waits() -> None:
    correction, accepted = message("N02", 2), message("N01", 4)
    assert suppressed_by_later_stage(correction, [correction, accepted])
    assert not suppressed_by_later_stage(accepted, [correction, accepted])
    assert states(matter(correction, accepted)) == {"N02": SUPERSEDED, "N01": WAITING}


def test_a_stage_of_approval_is_later_than_every_stage_of_intake() -> None:
    late_in_intake, early_in_approval = message("N01", 9), message("N05", 1, Phase.APPROVAL)
    assert suppressed_by_later_stage(late_in_intake, [early_in_approval])
    assert not suppressed_by_later_stage(early_in_approval, [late_in_intake])


def test_two_messages_of_one_stage_do_not_suppress_each_other() -> None:
    first, second = message("N01", 3), message("N02", 3)
    assert states(matter(first, second)) == {"N01": WAITING, "N02": WAITING}


@pytest.mark.parametrize("state", NOT_WAITING)
def test_a_later_message_suppresses_whatever_its_own_state_is(state: MessageState) -> None:
    assert states(matter(message("N01", 3), message("N07", 1, Phase.APPROVAL, state)))["N01"] is SUPERSEDED


@pytest.mark.parametrize("state", NOT_WAITING)
def test_a_message_that_does_not_wait_any_more_is_not_suppressed(state: MessageState) -> None:
    found = states(matter(message("N01", 3, state=state), message("N07", 1, Phase.APPROVAL), known=WITHDRAWN))
    assert found == {"N01": state, "N07": WAITING}


def test_a_withdrawal_stops_every_message_but_that_of_the_decision() -> None:
    accepted, decided = message("N01", 3), message("N07", 2, Phase.APPROVAL)
    assert suppressed_by_withdrawal(accepted, WITHDRAWN)
    assert not suppressed_by_withdrawal(accepted, ACCEPTED)
    assert not suppressed_by_withdrawal(decided, WITHDRAWN)


@pytest.mark.parametrize("template", ["N01", "N02", "N03", "N04", "N05", "N06"])
def test_after_a_withdrawal_the_last_message_is_stopped_although_no_later_one_exists(template: str) -> None:
    assert states(matter(message(template, 3), known=WITHDRAWN)) == {template: SUPERSEDED}


def test_a_decision_is_announced_although_the_matter_was_withdrawn() -> None:
    found = states(matter(message("N01", 3), message("N07", 2, Phase.APPROVAL), known=WITHDRAWN))
    assert found == {"N01": SUPERSEDED, "N07": WAITING}


def test_the_end_by_a_withdrawal_is_announced_and_suppresses_what_waits() -> None:
    found = states(matter(message("N04", 2, Phase.APPROVAL), message("N11", 4, Phase.APPROVAL), known=WITHDRAWN))
    assert found == {"N04": SUPERSEDED, "N11": WAITING}


def test_a_withdrawal_that_came_too_late_is_answered_beside_the_announcement_of_the_decision() -> None:
    messages = [message("N04", 2, Phase.APPROVAL), message("N07", 3, Phase.APPROVAL), message("N12", 4, Phase.APPROVAL)]
    assert states(matter(*messages)) == {"N04": SUPERSEDED, "N07": WAITING, "N12": WAITING}
    assert states(matter(messages[0], messages[2])) == {"N04": WAITING, "N12": WAITING}


@pytest.mark.parametrize(("sms", "dropped"), [(True, False), (False, True), (None, False)])
def test_an_item_without_messages_has_none_and_an_unknown_item_keeps_them(sms: bool | None, dropped: bool) -> None:
    known = KnownMatter(sms=sms)
    assert dropped_without_messages(known) is dropped
    assert (states(matter(message("N01", 3), known=known)) == {}) is dropped


@pytest.mark.parametrize("state", list(MessageState))
def test_an_item_without_messages_drops_them_in_every_state(state: MessageState) -> None:
    assert states(matter(message("N01", 3, state=state), known=KnownMatter(sms=False))) == {}


def test_suppressing_again_changes_nothing() -> None:
    once = matter(message("N02", 2), message("N01", 4), message("N05", 1, Phase.APPROVAL))
    after = MatterMessages(once.matter, suppressed(once))
    assert suppressed(after) == after.messages


def test_after_a_failed_try_a_message_waits_for_the_next() -> None:
    sending = message("N01", 3, state=SENDING)
    assert state_after_failed_try(sending, matter(sending), uncertain=False) is WAITING


def test_after_a_failed_try_a_message_gives_way_to_a_later_stage() -> None:
    sending = message("N01", 3, state=SENDING)
    found = matter(sending, message("N07", 1, Phase.APPROVAL))
    assert state_after_failed_try(sending, found, uncertain=False) is SUPERSEDED


def test_after_a_failed_try_a_message_gives_way_to_a_withdrawal() -> None:
    sending = message("N01", 3, state=SENDING)
    assert state_after_failed_try(sending, matter(sending, known=WITHDRAWN), uncertain=False) is SUPERSEDED


def test_a_message_that_the_gateway_may_have_is_not_suppressed() -> None:
    sending = message("N01", 3, state=SENDING)
    found = matter(sending, message("N07", 1, Phase.APPROVAL), known=WITHDRAWN)
    assert state_after_failed_try(sending, found, uncertain=True) is SENDING
