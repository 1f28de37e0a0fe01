"""What was decided is handed out at a window, to the applicant or an agent. (行政许可法 44)"""

from dataclasses import dataclass
from datetime import date

from law import identity
from law.not_allowed import Malformed, NotAllowed
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import ResultDelivered
from services.notify.domain.stages import require_ready
from services.notify.domain.words import DeliveryWay

_FIELD = "receiver_identity_number"


class NotTheApplicant(NotAllowed):
    """Who comes in person shows the identity number under which the application was handed in."""

    sentence = "所持证件与申请人不符，不能作为本人领取；代领请按代理人登记。"
    article = "行政许可法 44"


@dataclass(frozen=True, slots=True)
class Collection:
    """Who stands at which window; the numbers by their blind indexes."""

    receiver_index: str
    applicant_index: str
    in_person: bool
    window: str


def receiver(number: str, in_person: bool, today: date) -> str:
    """The receiver's number in its normal form: the applicant's kind of number, or an agent's as a citizen.

    Raises the Malformed that tells what is wrong with it.
    """
    try:
        return identity.check(number, today).value if in_person else identity.citizen(number, today)
    except Malformed as wrong:
        wrong.field = _FIELD
        raise


def collect(dossier: Dossier, collection: Collection, today: date) -> ResultDelivered:
    """The delivery; raises NothingToCollect, AlreadyDelivered, NotTheApplicant."""
    require_ready(dossier)
    if collection.in_person and collection.receiver_index != collection.applicant_index:
        raise NotTheApplicant(_FIELD)
    delivery = dossier.delivery
    return ResultDelivered(
        occurred_on=today,
        way=DeliveryWay.PICK_UP,
        in_person=collection.in_person,
        receiver_index=collection.receiver_index,
        window=collection.window,
        on_time=delivery is not None and today <= delivery.deliver_by,
    )
