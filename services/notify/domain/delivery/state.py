"""The delivery of one decision and its stage."""

from dataclasses import dataclass
from enum import StrEnum

from services.notify.domain.delivery.facts import DeliveryOpened, ResultDelivered


class DeliveryStage(StrEnum):
    """The stage of a delivery."""

    UNDECIDED = "未办结"
    READY = "待领取"
    DELIVERED = "已送达"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one decision: opened, then delivered."""

    opened: DeliveryOpened | None = None
    delivered: ResultDelivered | None = None

    @property
    def stage(self) -> DeliveryStage:
        """The stage that its facts have reached."""
        if self.delivered is not None:
            return DeliveryStage.DELIVERED
        return DeliveryStage.UNDECIDED if self.opened is None else DeliveryStage.READY


UNDECIDED = Delivery()
"""The delivery of a matter without a decision."""
