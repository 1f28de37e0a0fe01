"""A message comes to an end once: the gateway has it, or somebody must tell the applicant by hand."""

from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import NoticeFailed, NoticeSent


def tell(dossier: Dossier, ended: NoticeSent | NoticeFailed) -> list[NoticeSent | NoticeFailed]:
    """The end of a message; nothing when it is on file already."""
    return [] if ended.notice_id in dossier.notices else [ended]
