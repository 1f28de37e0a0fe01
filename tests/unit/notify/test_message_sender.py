"""A round of messages: each ends, or comes again later; no message is offered to a gateway that has it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from services.notify.adapters.parts import shipped_templates
from services.notify.domain.facts import MessageFailed, MessageSent, UnsentReason
from services.notify.domain.message.sending_time import RETRIES
from services.notify.domain.template.text import Letterhead
from services.notify.ports import DueMessage, GatewayAnswer
from services.notify.usecases.message import Letterheads, MessageSender, MessageTexts, SendingSettings
from tests.support.ledger import MORNING, StillClock
from tests.unit.notify.gateways import (
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    MemoryMessageQueue,
    PlainIndexes,
    ScriptedGateway,
    due_message,
)

LETTERHEADS = Letterheads({"440105009": Letterhead(signature="江南中街道")}, Letterhead(signature="南华西街道"))
TEXTS = MessageTexts(shipped_templates(), LETTERHEADS)


async def sent(
    queue: MemoryMessageQueue,
    gateway: ScriptedGateway,
    settings: SendingSettings | None = None,
    clock: StillClock | None = None,
) -> int:
    sender = MessageSender(queue, gateway, TEXTS, PlainIndexes(), clock or StillClock(), settings or SendingSettings())
    return await sender.round()


def failures(queue: MemoryMessageQueue) -> list[tuple[UnsentReason, int]]:
    ends = [each.fact for each in queue.ended]
    return [(fact.reason, fact.tries) for fact in ends if isinstance(fact, MessageFailed)]


async def test_a_message_is_sent_with_digest_and_template() -> None:
    due = due_message(tries=2)
    queue, gateway = MemoryMessageQueue([due]), ScriptedGateway()
    assert await sent(queue, gateway) == 1
    (ended,) = queue.ended
    text = TEXTS.composed(due, MORNING.date()).text
    assert ended.key == due.key
    assert ended.fact == MessageSent(
        MORNING.date(), due.message_id, "N01", "2", PlainIndexes().keyed_digest(text).hex(), "G-0", 2
    )


@pytest.mark.parametrize(("late", "promises"), [(0, True), (1, False)], ids=["on the last day", "on the day after"])
async def test_a_message_promises_no_day_that_has_passed_at_the_try_that_sends_it(late: int, promises: bool) -> None:
    due = due_message(tries=3)  # composed anew at each try
    clock = StillClock()
    clock.instant = datetime.combine(date(2016, 3, 22) + timedelta(days=late), MORNING.timetz())
    queue = MemoryMessageQueue([due])
    await sent(queue, ScriptedGateway(), clock=clock)
    (ended,) = queue.ended
    assert isinstance(ended.fact, MessageSent)
    text = TEXTS.composed(due, clock.today()).text
    assert ("最迟2016年3月22日办结" in text) == promises and "已受理" in text and "ABCD2345" in text
    assert ended.fact.text_digest == PlainIndexes().keyed_digest(text).hex()


async def test_an_empty_queue_calls_nobody() -> None:
    queue, gateway = MemoryMessageQueue(), ScriptedGateway()
    assert await sent(queue, gateway) == 0
    assert (gateway.offers, queue.ended, queue.held) == ([], [], [])


@pytest.mark.parametrize("hour", [0, 8, 21, 23])
async def test_in_quiet_hours_messages_are_held_and_none_is_sent(hour: int) -> None:
    clock = StillClock()
    clock.instant = MORNING.replace(hour=hour)
    queue, gateway = MemoryMessageQueue([due_message()]), ScriptedGateway()
    assert await sent(queue, gateway, clock=clock) == 0
    ((now, until),) = queue.held
    assert now == clock.instant and (until.hour, until.minute) == (8, 30)
    assert gateway.offers == []


async def test_without_a_telephone_the_message_fails() -> None:
    queue, gateway = MemoryMessageQueue([due_message(phone="")]), ScriptedGateway()
    await sent(queue, gateway)
    assert failures(queue) == [(UnsentReason.NO_PHONE, 1)]
    assert gateway.offers == []


async def test_a_refused_message_fails() -> None:
    due = due_message()
    queue = MemoryMessageQueue([due])
    await sent(queue, ScriptedGateway({due.message_id: REFUSED}))
    assert failures(queue) == [(UnsentReason.REJECTED, 1)]


@pytest.mark.parametrize(("answer", "uncertain"), [(UNAVAILABLE, False), (UNKNOWN, True)])
async def test_a_message_that_was_not_taken_comes_again_after_a_minute(answer: GatewayAnswer, uncertain: bool) -> None:
    due = due_message()
    queue = MemoryMessageQueue([due])
    await sent(queue, ScriptedGateway({due.message_id: answer}, silent=True))
    (postponed,) = queue.postponed
    assert (postponed.key, postponed.message_id) == (due.key, due.message_id)
    assert (postponed.again_at, postponed.uncertain) == (MORNING + timedelta(minutes=1), uncertain)
    assert postponed.real_seconds is None


async def test_where_the_office_clock_stands_the_wait_is_also_in_real_seconds() -> None:
    due = due_message(tries=2)
    queue = MemoryMessageQueue([due])
    await sent(queue, ScriptedGateway({due.message_id: UNAVAILABLE}), SendingSettings(standing_minute=2.0))
    assert queue.postponed[0].real_seconds == 2.0 * 5


async def test_after_the_fifth_try_a_message_is_given_up() -> None:
    due = due_message(tries=5)
    queue = MemoryMessageQueue([due])
    await sent(queue, ScriptedGateway({due.message_id: UNAVAILABLE}))
    assert failures(queue) == [(UnsentReason.GAVE_UP, 5)]


@pytest.mark.parametrize("changes", [{"template": "N99"}, {"particulars": {}}], ids=["template", "placeholder"])
async def test_a_message_that_cannot_be_composed_comes_again_and_stops_no_other(changes: dict[str, object]) -> None:
    bad, good = due_message(**changes), due_message()
    queue = MemoryMessageQueue([bad, good])
    assert await sent(queue, ScriptedGateway()) == 2
    assert [each.message_id for each in queue.postponed] == [bad.message_id]
    assert queue.postponed[0].uncertain
    assert [each.fact.message_id for each in queue.ended] == [good.message_id]


async def test_a_call_that_raises_postpones_its_own_messages_alone() -> None:
    messages = [due_message() for _ in range(4)]
    gateway = ScriptedGateway({messages[0].message_id: RuntimeError("a fault of the program")})
    queue = MemoryMessageQueue(list(messages))
    assert await sent(queue, gateway, SendingSettings(call=2)) == 4
    assert {each.message_id for each in queue.postponed} == {each.message_id for each in messages[:2]}
    assert {each.fact.message_id for each in queue.ended} == {each.message_id for each in messages[2:]}


@pytest.mark.parametrize(("call", "calls"), [(1, [1] * 5), (2, [2, 2, 1]), (50, [5])])
async def test_messages_go_out_in_calls_of_the_size_that_is_set(call: int, calls: list[int]) -> None:
    gateway = ScriptedGateway()
    await sent(MemoryMessageQueue([due_message() for _ in range(5)]), gateway, SendingSettings(call=call))
    assert [len(offer) for offer in gateway.offers] == calls


async def test_a_round_takes_no_more_than_a_batch() -> None:
    queue = MemoryMessageQueue([due_message() for _ in range(5)])
    assert await sent(queue, ScriptedGateway(), SendingSettings(batch=3)) == 3
    assert len(queue.due) == 2


async def uncertain_round(gateway: ScriptedGateway, messages: Sequence[DueMessage]) -> MemoryMessageQueue:
    queue = MemoryMessageQueue(list(messages))
    await sent(queue, gateway)
    return queue


def ids(messages: Sequence[DueMessage]) -> list[UUID]:
    return [each.message_id for each in messages]


async def test_a_message_that_the_gateway_may_have_is_looked_up_and_not_offered_again() -> None:
    had, new = due_message(uncertain=True), due_message()
    gateway = ScriptedGateway(has={had.message_id})
    queue = await uncertain_round(gateway, [had, new])
    assert (gateway.finds, gateway.offers) == ([[had.message_id]], [[new.message_id]])
    assert {each.fact.message_id for each in queue.ended} == set(ids([had, new]))


async def test_a_message_that_the_gateway_does_not_have_is_offered_with_the_new_ones() -> None:
    lost, new = due_message(uncertain=True), due_message()
    gateway = ScriptedGateway()
    queue = await uncertain_round(gateway, [lost, new])
    assert gateway.offers == [ids([lost, new])]
    assert len(queue.ended) == 2


async def test_a_suppressed_message_that_the_gateway_does_not_have_is_not_offered() -> None:
    late = due_message(uncertain=True, suppressed=True, tries=len(RETRIES) + 1)
    gateway = ScriptedGateway()
    queue = await uncertain_round(gateway, [late])
    assert gateway.offers == []
    assert [(each.message_id, each.uncertain) for each in queue.postponed] == [(late.message_id, False)]
    assert queue.ended == []


async def test_a_suppressed_message_that_the_gateway_has_was_sent() -> None:
    had = due_message(uncertain=True, suppressed=True)
    queue = await uncertain_round(ScriptedGateway(has={had.message_id}), [had])
    assert isinstance(queue.ended[0].fact, MessageSent)


async def test_while_the_gateway_is_silent_only_new_messages_are_offered() -> None:
    unknown, new = due_message(uncertain=True), due_message()
    gateway = ScriptedGateway(silent=True)
    queue = await uncertain_round(gateway, [unknown, new])
    assert gateway.offers == [[new.message_id]]
    assert [(each.message_id, each.uncertain) for each in queue.postponed] == [(unknown.message_id, True)]


async def test_messages_whose_outcome_a_call_left_unknown_are_looked_up_after_it() -> None:
    taken, lost = due_message(), due_message()
    gateway = ScriptedGateway({taken.message_id: UNKNOWN, lost.message_id: UNKNOWN}, has={taken.message_id})
    queue = await uncertain_round(gateway, [taken, lost])
    assert gateway.finds == [ids([taken, lost])]
    assert [each.fact.message_id for each in queue.ended] == [taken.message_id]
    assert [(each.message_id, each.uncertain) for each in queue.postponed] == [(lost.message_id, False)]


async def test_each_street_signs_its_own_messages() -> None:
    here = due_message()
    there = due_message(key=here.key.__class__(here.key.district, "440105009", here.key.file_id))
    assert TEXTS.composed(here, MORNING.date()).text.startswith("【南华西街道】")
    assert TEXTS.composed(there, MORNING.date()).text.startswith("【江南中街道】")
