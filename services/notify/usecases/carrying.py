"""Messages reach the gateway once each, many of them in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.wording import Template
from services.notify.ports import Answer, DueNotice, Gateway, Message, OutcomeUnknown, Untaken


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was composed."""

    notice: DueNotice
    template: Template
    text: str

    @property
    def message(self) -> Message:
        """As the gateway is handed it."""
        return Message(self.notice.notice_id, self.notice.phone, self.text)


async def carry(gateway: Gateway, letters: Sequence[Letter]) -> Mapping[UUID, Answer]:
    """What became of each message, in one call for all of them.

    Of those that an earlier try may have brought there the gateway is asked before, of those whose outcome this try
    left unknown after it: one question each for all. What it has is never offered again.
    """
    found = await _find(gateway, [letter.notice.notice_id for letter in letters if letter.notice.uncertain])
    open_ = [each.message for each in letters if found.get(each.notice.notice_id) in (None, Untaken.UNAVAILABLE)]
    offered = await gateway.offer(open_) if open_ else {}
    unknown = [each.notice_id for each in open_ if offered[each.notice_id] is Untaken.UNKNOWN]
    return {**found, **offered, **await _find(gateway, unknown)}


async def _find(gateway: Gateway, notice_ids: Sequence[UUID]) -> Mapping[UUID, Answer]:
    """Of messages that may be there: UNAVAILABLE is one that is not, UNKNOWN all of them while it does not say."""
    if not notice_ids:
        return {}
    try:
        there = await gateway.ask(notice_ids)
    except OutcomeUnknown:
        return dict.fromkeys(notice_ids, Untaken.UNKNOWN)
    return {each: there.get(each, Untaken.UNAVAILABLE) for each in notice_ids}
