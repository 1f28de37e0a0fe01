"""Streams come in any order and messages go out in between: the same matter and messages stand at the end.

Each stream keeps its own order; the streams of intake, approval and the catalogue are interleaved at will. Without a
sender every interleaving ends in the same state. With a sender that sends whatever waits, at any moment, no message is
sent that the rules forbid at that moment, and no message waits at the end that a rule suppresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.delivery.open_delivery import decision_to_deliver
from services.notify.domain.facts import MessageCode
from services.notify.domain.message.plan_messages import after_report, settled
from services.notify.domain.message.state import MatterMessages, MessageState
from services.notify.domain.message.suppression import state_after_failed_try
from services.notify.domain.stage_reports import PublishedItem, Stage, StageReport
from tests.support.examples import examples
from tests.unit.notify.reports import (
    CASE_WITHDRAWN,
    CORRECTION,
    DECIDED,
    DECLINED,
    EXTENDED,
    HOURS,
    PAUSED,
    REFERRED,
    SUBMITTED,
    TOO_LATE,
    WITHDRAWN,
    Reports,
    acceptance,
    published,
)

News: TypeAlias = StageReport | PublishedItem

ENDS = {MessageCode.DECIDED, MessageCode.WITHDRAWN, MessageCode.WITHDRAWAL_TOO_LATE}
ACCEPTED = acceptance()

WINDOW: list[list[Stage]] = [
    [SUBMITTED],
    [SUBMITTED, CORRECTION],
    [SUBMITTED, CORRECTION, WITHDRAWN],
    [SUBMITTED, DECLINED],
    [SUBMITTED, ACCEPTED],
    [SUBMITTED, CORRECTION, ACCEPTED],
]
DESKS: list[list[Stage]] = [
    [],
    [PAUSED],
    [PAUSED, EXTENDED, DECIDED],
    [REFERRED],
    [REFERRED, DECIDED],
    [PAUSED, CASE_WITHDRAWN],
    [REFERRED, CASE_WITHDRAWN],
    [DECIDED, TOO_LATE],
    [REFERRED, TOO_LATE],
]
# An acceptance copies the version that the catalogue published, so the two never contradict each other.
ITEMS = [{}, {"sms": False}, {"instant": True}]


@dataclass(frozen=True, slots=True)
class Streams:
    """The stages that intake and approval report of one matter, and the publication of its item, if any."""

    window: list[Stage]
    desks: list[Stage]
    item: dict[str, bool]
    published: bool

    def news(self) -> list[list[News]]:
        """The news of each stream, in its order."""
        of = Reports()
        window = [acceptance(**self.item) if stage is ACCEPTED else stage for stage in self.window]
        items = [published(version=2), published(**self.item)] if self.published else []
        return [[of.intake(each) for each in window], [of.approval(each) for each in self.desks], [*items]]


streams = st.builds(Streams, st.sampled_from(WINDOW), st.sampled_from(DESKS), st.sampled_from(ITEMS), st.booleans())
turns = st.lists(st.integers(0, 2), min_size=10, max_size=14)


def interleaved(chosen: Sequence[Sequence[News]], order: Sequence[int]) -> list[News]:
    """The news of all streams, each stream in its own order, the streams taking turns."""
    left = [list(stream) for stream in chosen]
    news = []
    for turn in [*order, *list(range(len(left))) * 8]:
        if left[turn]:
            news.append(left[turn].pop(0))
    return news


class Table:
    """A matter as it is stored: an item that was published once is found again with every later report."""

    def __init__(self) -> None:
        self.matter = MatterMessages()
        self.items: list[PublishedItem] = []

    def apply(self, batch: Sequence[News]) -> None:
        """Apply a batch as the projector does: every report, then the rules."""
        for each in batch:
            if isinstance(each, PublishedItem):
                self.items.append(each)
            else:
                self.matter = after_report(self.matter, each, HOURS)
        wanted = (self.matter.matter.item_code, self.matter.matter.item_version)
        item = next((item for item in self.items if (item.code, item.version) == wanted), None)
        self.matter = settled(self.matter, item)

    def send_all(self, outcome: MessageState) -> list[str]:
        """Every message that may go out is tried and ends so; the templates that were sent."""
        sent = []
        for message in list(self.matter.messages.values()):
            if message.state is MessageState.WAITING and self.matter.matter.sms:
                state = outcome
                if outcome is MessageState.WAITING:
                    state = state_after_failed_try(message, self.matter, uncertain=False)
                changed = replace(message, state=state)
                self.matter = replace(self.matter, messages={**self.matter.messages, message.message_id: changed})
                sent += [message.template] if state is MessageState.SENT else []
        return sent


def applied(batches: Sequence[Sequence[News]]) -> MatterMessages:
    table = Table()
    for batch in batches:
        table.apply(batch)
    return table.matter


def batched(news: Sequence[News], sizes: Sequence[int]) -> list[list[News]]:
    """The news in batches of these sizes, the rest in one."""
    batches, rest = [], list(news)
    for size in sizes:
        batches.append(rest[:size])
        rest = rest[size:]
    return [*batches, rest]


@settings(max_examples=examples(300), deadline=None)
@given(streams, turns, st.lists(st.integers(0, 4), max_size=6))
def test_every_interleaving_in_any_batches_ends_in_the_same_state(
    chosen: Streams, order: list[int], sizes: list[int]
) -> None:
    news = chosen.news()
    in_line = [each for stream in news for each in stream]
    one_by_one = applied([[each] for each in in_line])
    assert applied(batched(interleaved(news, order), sizes)) == one_by_one
    assert applied([in_line]) == one_by_one


@settings(max_examples=examples(300), deadline=None)
@given(
    streams,
    turns,
    st.lists(st.sampled_from([None, MessageState.SENT, MessageState.FAILED, MessageState.WAITING]), max_size=16),
)
def test_with_a_sender_in_between_nothing_forbidden_is_sent_and_nothing_suppressed_waits(
    chosen: Streams, order: list[int], tries: list[MessageState | None]
) -> None:
    table, outcomes, sent = Table(), iter(tries), list[str]()
    for each in interleaved(chosen.news(), order):
        table.apply([each])
        outcome = next(outcomes, None)
        if outcome is not None:
            now_sent = table.send_all(outcome)
            stages = set(now_sent) - {MessageCode.WITHDRAWAL_TOO_LATE}
            assert len(stages) <= 1  # of a matter only its latest stage waits
            assert not table.matter.matter.withdrawn or stages <= ENDS
            sent += now_sent
    left = [message for message in table.matter.messages.values() if message.state is MessageState.WAITING]
    assert len({message.template for message in left} - {MessageCode.WITHDRAWAL_TOO_LATE}) <= 1
    assert len(sent) == len(set(sent))
    if table.matter.matter.withdrawn:
        assert {message.template for message in left} <= ENDS
    if table.matter.matter.sms is False:
        assert table.matter.messages == {}


@settings(max_examples=examples(200), deadline=None)
@given(streams, turns)
def test_a_delivery_opens_with_the_same_decision_in_every_interleaving(chosen: Streams, order: list[int]) -> None:
    decision = decision_to_deliver(applied([interleaved(chosen.news(), order)]).matter)
    assert (decision is not None) == (ACCEPTED in chosen.window and DECIDED in chosen.desks)
    if decision is not None:
        assert (decision.decided_on, decision.outcome) == (DECIDED.decided_on, DECIDED.outcome)
