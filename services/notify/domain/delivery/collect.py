"""Offer of a decision to the applicant, and its collection at a window, by the applicant or an agent. (行政许可法 44)

The ten days are the office's, so they are kept when it has offered the result within them: the gateway took the message
that the result is ready, a member of staff told the applicant, the post office has it, or it was collected. Who comes
on day eleven after an offer on day two is late himself. A result that no message told of, since the applicant left no
number or the carrier refused it, is offered by a call, by the post, or by its collection alone.
"""

from dataclasses import dataclass
from datetime import date

from law import identity, term_clock, terms
from law.identity import Identity, IdentityKind
from law.not_allowed import Malformed, NotAllowed, rule
from law.term_clock import TermClock
from law.workdays import Calendar
from services.notify.domain.dossier import DecisionDelivery
from services.notify.domain.facts import DecisionOffered, DeliveryOpened, DeliveryWay, OfferWay, ResultDelivered

_FIELD = "receiver_identity_number"


class NothingToCollect(NotAllowed):
    """A matter that is not decided has nothing to hand out."""

    sentence = "该件尚未办结，没有可领取的办理结果。"
    article = "行政许可法 44"


class AlreadyDelivered(NotAllowed):
    """A decision is handed out once."""

    sentence = "办理结果已于{on}领取，不能重复领取。"
    article = "行政许可法 44"


class NotTheApplicant(NotAllowed):
    """Collection in person needs the identity number under which the application was submitted."""

    sentence = "所持证件与申请人不符，不能作为本人领取；代领请按代理人登记。"
    article = "行政许可法 44"


@dataclass(frozen=True, slots=True)
class Collection:
    """A receiver at a window; identity numbers by their blind indexes."""

    receiver_index: str
    applicant_index: str
    in_person: bool
    window: str


def receiver_number(number: str, in_person: bool, today: date) -> str:
    """The receiver's number in its normal form: the applicant's kind of number, or an agent's as a citizen.

    Raises ChildAlone, ChildAsAgent, or the Malformed that names the fault of the number.
    """
    try:
        found = identity.check(number, today) if in_person else _agent(number, today)
    except Malformed as wrong:
        wrong.field = _FIELD
        raise
    if found.kind is IdentityKind.CITIZEN and identity.is_child(found.value, today):
        raise identity.ChildAlone(_FIELD) if in_person else identity.ChildAsAgent(_FIELD)
    return found.value


def require_ready(delivery: DecisionDelivery) -> DeliveryOpened:
    """The opened delivery while the decision waits. Raises NothingToCollect, AlreadyDelivered."""
    if delivery.delivered is not None:
        raise AlreadyDelivered(on=delivery.delivered.occurred_on)
    if delivery.opened is None:
        raise NothingToCollect
    return delivery.opened


@rule("行政许可法 44")
def offered_in_time(delivery: DecisionDelivery, opened: DeliveryOpened, today: date, calendar: Calendar) -> bool:
    """The ten days are kept when the first offer was within them, or what happens today is the first and is.

    A provisional last day makes no office late while a coming notice may still move it behind the offer.
    """
    last_on = opened.deliver_by
    if opened.provisional:
        term = TermClock.of(terms.DELIVERY, opened.occurred_on)
        last_on = max(last_on, term_clock.latest_due_on(term, calendar))
    return min(delivery.offered_on or today, today) <= last_on


def offer(delivery: DecisionDelivery, way: OfferWay, today: date, calendar: Calendar) -> DecisionOffered:
    """The offer by a member of staff. Raises NothingToCollect, AlreadyDelivered."""
    opened = require_ready(delivery)
    return DecisionOffered(today, way, offered_in_time(delivery, opened, today, calendar))


def collect(delivery: DecisionDelivery, collection: Collection, today: date, calendar: Calendar) -> ResultDelivered:
    """The delivery at the window. Raises NothingToCollect, AlreadyDelivered, NotTheApplicant."""
    opened = require_ready(delivery)
    if collection.in_person and collection.receiver_index != collection.applicant_index:
        raise NotTheApplicant(_FIELD)
    return ResultDelivered(
        occurred_on=today,
        way=DeliveryWay.PICK_UP,
        in_person=collection.in_person,
        receiver_index=collection.receiver_index,
        window=collection.window,
        on_time=offered_in_time(delivery, opened, today, calendar),
        offered_on=delivery.offered_on,
    )


def _agent(number: str, today: date) -> Identity:
    return Identity(IdentityKind.CITIZEN, identity.citizen(number, today))
