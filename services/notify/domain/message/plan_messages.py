"""Planning of messages: a report of a stage, or a published item, changes a matter and its messages.

Whatever the order in which the streams report, the same matter and the same messages stand at the end.
"""

from dataclasses import replace
from uuid import UUID, uuid5

from law.not_allowed import rule
from services.notify.domain.matter import joined, joined_with_item
from services.notify.domain.message.message_for_stage import message_for
from services.notify.domain.message.sending_time import SendingHours, held_to_daytime
from services.notify.domain.message.state import MatterMessages, MessagePlan, StageMessage
from services.notify.domain.message.suppression import suppressed
from services.notify.domain.stage_reports import PublishedItem, StageReport


def after_report(matter: MatterMessages, report: StageReport, hours: SendingHours) -> MatterMessages:
    """The matter after one more stage, with the message about it."""
    changed = replace(matter, matter=joined(matter.matter, report.stage))
    content = message_for(report)
    if content is None:
        return changed
    message_id = one_message_of_a_stage(report, content.template)
    if message_id in matter.messages:
        return changed
    plan = MessagePlan(report.occurred_on, content.particulars, held_to_daytime(report.recorded_at, hours))
    message = StageMessage(message_id, content.template, report.rank, plan=plan)
    return replace(changed, messages={**matter.messages, message_id: message})


def settled(matter: MatterMessages, item: PublishedItem | None = None) -> MatterMessages:
    """The matter with its item, if the catalogue has published it, and its messages after the rules of suppression."""
    known = replace(matter, matter=joined_with_item(matter.matter, item))
    return replace(known, messages=suppressed(known))


@rule()
def one_message_of_a_stage(report: StageReport, template: str) -> UUID:
    """A stage has one message: the same fact gives the same id, also when it is received again."""
    return uuid5(report.application_id, f"{template}/{report.rank.revision}")
