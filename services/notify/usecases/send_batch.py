"""A batch of messages in one call to the gateway, each of them carried once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.notify.ports import GatewayAnswer, MessageGateway, NotTaken, OutcomeUnknown
from services.notify.usecases.template import ComposedMessage


async def send_batch(gateway: MessageGateway, batch: Sequence[ComposedMessage]) -> Mapping[UUID, GatewayAnswer]:
    """The gateway's answer for each message.

    Messages that an earlier try may have brought to the gateway are looked up before the call, messages whose outcome
    this call leaves unknown are looked up after it: one look-up for each group. A message that the gateway has is never
    offered again.
    """
    found = await _find(gateway, [each.due.message_id for each in batch if each.due.uncertain])
    missing = [each.outgoing for each in batch if found.get(each.due.message_id) in (None, NotTaken.UNAVAILABLE)]
    offered = await gateway.offer(missing) if missing else {}
    unknown = [each.message_id for each in missing if offered[each.message_id] is NotTaken.UNKNOWN]
    return {**found, **offered, **await _find(gateway, unknown)}


async def _find(gateway: MessageGateway, message_ids: Sequence[UUID]) -> Mapping[UUID, GatewayAnswer]:
    """UNAVAILABLE for a message that the gateway does not have, UNKNOWN for all while it does not answer."""
    if not message_ids:
        return {}
    try:
        taken = await gateway.find(message_ids)
    except OutcomeUnknown:
        return dict.fromkeys(message_ids, NotTaken.UNKNOWN)
    return {each: taken.get(each, NotTaken.UNAVAILABLE) for each in message_ids}
