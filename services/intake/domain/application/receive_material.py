"""上传: the bytes of an electronic paper arrive, before or after it is named in what is handed in. (行政许可法 29)"""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.application.facts import HandedIn, MaterialForm, MaterialUploaded
from services.intake.domain.application.papers import UnknownMaterial
from services.intake.domain.application.stages import ApplicationAct, allow
from services.intake.domain.application.state import Application
from services.intake.domain.catalogue.item import CatalogueItem


class DigestDiffers(NotAllowed):
    """The bytes are not those of the paper that was handed in. (行政许可法 29)"""

    sentence = "上传内容的SHA-256与已登记的材料{code}不一致。"


@dataclass(frozen=True, slots=True)
class ArrivedPaper:
    """An electronic paper that arrived with all its bytes."""

    material_code: str
    sha256: str
    size: int
    media_type: str


def receive_material(
    application: Application, arrived: ArrivedPaper, item: CatalogueItem, today: date
) -> MaterialUploaded:
    """The arrival of the paper; raises NotAtThisStage, UnknownMaterial, DigestDiffers."""
    allow(application, ApplicationAct.RECEIVE)
    code = arrived.material_code
    if item.material(code) is None:
        raise UnknownMaterial("material_code", code=code)
    named = {paper.sha256 for paper in application.materials if paper.material_code == code and paper.sha256}
    if named and arrived.sha256 not in named and code not in application.still_missing:
        raise DigestDiffers("sha256", code=code)
    paper = HandedIn(code, MaterialForm.ELECTRONIC, 1, arrived.sha256)
    return MaterialUploaded(today, paper, arrived.size, arrived.media_type)
