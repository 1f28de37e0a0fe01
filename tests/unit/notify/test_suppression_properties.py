"""Properties of suppression over any messages of any matter."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.facts import MessageCode
from services.notify.domain.matter import KnownMatter
from services.notify.domain.message.state import MatterMessages, MessageState, StageMessage
from services.notify.domain.message.suppression import state_after_failed_try, suppressed
from services.notify.domain.stage_reports import Phase, StageRank
from tests.support.examples import examples

TOO_LATE = MessageCode.WITHDRAWAL_TOO_LATE
"""The answer to a withdrawal that came too late, which is no stage."""
WAITING, SUPERSEDED = MessageState.WAITING, MessageState.SUPERSEDED

ranks = st.builds(StageRank, st.sampled_from(Phase), st.integers(1, 6))
messages = st.lists(
    st.builds(
        StageMessage,
        st.uuids(),
        st.sampled_from([code.value for code in MessageCode]),
        ranks,
        st.sampled_from(MessageState),
    ),
    max_size=6,
    unique_by=(lambda each: each.message_id, lambda each: each.rank),
)
matters = st.builds(
    lambda found, sms, withdrawn: MatterMessages(
        KnownMatter(sms=sms, withdrawn=withdrawn), {each.message_id: each for each in found}
    ),
    messages,
    st.sampled_from([True, None]),
    st.booleans(),
)


def changed(matter: MatterMessages) -> dict[UUID, tuple[MessageState, MessageState]]:
    """The state before and after of each message whose state changes."""
    after = suppressed(matter)
    return {
        message_id: (message.state, after[message_id].state)
        for message_id, message in matter.messages.items()
        if after[message_id] != message
    }


@settings(max_examples=examples(200))
@given(matters)
def test_only_a_message_that_waits_changes_and_only_to_suppressed(matter: MatterMessages) -> None:
    assert set(changed(matter).values()) <= {(WAITING, SUPERSEDED)}


@settings(max_examples=examples(200))
@given(matters)
def test_no_message_appears_or_disappears_while_the_item_has_messages(matter: MatterMessages) -> None:
    assert set(suppressed(matter)) == set(matter.messages)


@settings(max_examples=examples(200))
@given(matters)
def test_at_most_the_message_of_the_latest_stage_still_waits(matter: MatterMessages) -> None:
    beside = (TOO_LATE, MessageCode.PROMISE_MOVED, MessageCode.SUPPLY_MOVED)
    stages = [each for each in matter.messages.values() if each.template not in beside]
    left = [each for each in suppressed(matter).values() if each.state is WAITING and each.template not in beside]
    assert len(left) <= 1
    assert all(each.rank == max(other.rank for other in stages) for each in left)


@settings(max_examples=examples(200))
@given(matters)
def test_suppression_is_done_once(matter: MatterMessages) -> None:
    once = MatterMessages(matter.matter, suppressed(matter))
    assert suppressed(once) == once.messages


@settings(max_examples=examples(200))
@given(matters)
def test_without_a_withdrawal_the_message_of_the_latest_stage_is_never_suppressed(matter: MatterMessages) -> None:
    if not matter.matter.withdrawn and matter.messages:
        latest = max(matter.messages.values(), key=lambda each: each.rank)
        assert suppressed(matter)[latest.message_id] == latest


@settings(max_examples=examples(200))
@given(matters)
def test_a_failed_try_ends_as_if_the_message_had_waited(matter: MatterMessages) -> None:
    after = suppressed(matter)
    for message in matter.messages.values():
        if message.state is WAITING:
            assert state_after_failed_try(message, matter, uncertain=False) is after[message.message_id].state
        assert state_after_failed_try(message, matter, uncertain=True) is MessageState.SENDING


@settings(max_examples=examples(100))
@given(messages, st.booleans())
def test_an_item_without_messages_leaves_none(found: list[StageMessage], withdrawn: bool) -> None:
    known = KnownMatter(sms=False, withdrawn=withdrawn)
    assert suppressed(MatterMessages(known, {each.message_id: each for each in found})) == {}


@settings(max_examples=examples(100))
@given(ranks, ranks)
def test_stages_are_ranked_by_phase_then_revision(first: StageRank, second: StageRank) -> None:
    assert (first < second) == ((first.phase, first.revision) < (second.phase, second.revision))
    assert StageRank(Phase.INTAKE, 99) < StageRank(Phase.APPROVAL, 1)
