"""What still works at each stage of a delivery."""

from law.not_allowed import NotAllowed
from services.notify.domain.dossier import Dossier, Stage


class NothingToCollect(NotAllowed):
    """Nothing was decided yet, so nothing can be handed out."""

    sentence = "该件尚未办结，没有可领取的办理结果。"
    article = "行政许可法 44"


class AlreadyDelivered(NotAllowed):
    """What was decided is handed out once."""

    sentence = "办理结果已于{on}领取，不能重复领取。"
    article = "行政许可法 44"


def require_ready(dossier: Dossier) -> None:
    """Pass while what was decided waits for the applicant; raises NothingToCollect or AlreadyDelivered."""
    if dossier.stage is Stage.UNDECIDED:
        raise NothingToCollect
    if dossier.delivered is not None:
        raise AlreadyDelivered(on=dossier.delivered.occurred_on)
