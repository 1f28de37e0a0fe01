"""上传: the bytes of an electronic paper arrive, before or after it is named in what is handed in. (行政许可法 29)"""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.application import Application
from services.intake.domain.facts import HandedIn, MaterialForm, MaterialUploaded
from services.intake.domain.item import Item
from services.intake.domain.papers import UnknownMaterial
from services.intake.domain.stages import Act, allow


class DigestDiffers(NotAllowed):
    """The bytes are not those of the paper that was handed in."""

    sentence = "上传内容的SHA-256与已登记的材料{code}不一致。"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An electronic paper that lies in the object store."""

    material_code: str
    sha256: str
    size: int
    media_type: str


def receive(application: Application, arrival: Arrival, item: Item, today: date) -> MaterialUploaded:
    """The arrival of the paper; raises NotAtThisStage, UnknownMaterial, DigestDiffers."""
    allow(application, Act.RECEIVE)
    code = arrival.material_code
    if item.material(code) is None:
        raise UnknownMaterial("header.material_code", code=code)
    named = {paper.sha256 for paper in application.materials if paper.material_code == code and paper.sha256}
    if named and arrival.sha256 not in named and code not in application.still_missing:
        raise DigestDiffers("header.sha256", code=code)
    paper = HandedIn(code, MaterialForm.ELECTRONIC, 1, arrival.sha256)
    return MaterialUploaded(today, paper, arrival.size, arrival.media_type)
