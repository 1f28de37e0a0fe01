"""一次性告知: all that is missing or defective is told once, in writing, within five days. (行政许可法 32(4), 72(4))"""

from dataclasses import dataclass

from law.not_allowed import NotAllowed
from services.intake.domain import papers
from services.intake.domain.application import Application
from services.intake.domain.facts import CorrectionRequested, Shortfall, VaultText
from services.intake.domain.item import Item
from services.intake.domain.office_day import OfficeDay
from services.intake.domain.papers import MaterialTwice, UnknownMaterial
from services.intake.domain.stages import Act, allow_answer


class CorrectionRequestedBefore(NotAllowed):
    """All that is missing is told once; a second demand breaks the law. (行政许可法 72(4))"""

    article = "行政许可法 72"
    sentence = "已经一次性告知过，不得再次要求补正。"


class NoticeIncomplete(NotAllowed):
    """A notice that leaves out a missing paper would make a second one needed. (行政许可法 32(4))"""

    article = "行政许可法 32"
    sentence = "一次性告知应列明全部缺少的材料，还应列入：{names}。"


@dataclass(frozen=True, slots=True)
class CorrectionNotice:
    """The notice as the desk writes it: its number, and what is wrong with which paper."""

    letter_number: str
    defects: tuple[tuple[str, VaultText], ...]


def request_correction(
    application: Application, notice: CorrectionNotice, item: Item, day: OfficeDay
) -> CorrectionRequested:
    """The notice with its last day.

    Raises NotAtThisStage, AnswerTooLate, CorrectionRequestedBefore, UnknownMaterial, MaterialTwice, NoticeIncomplete.
    """
    if application.correction is not None:
        raise CorrectionRequestedBefore
    allow_answer(application, Act.REQUEST_CORRECTION, day.on)
    shortfalls = _shortfalls(notice, item)
    demanded = {shortfall.material_code for shortfall in shortfalls}
    left_out = [code for code in application.missing if code not in demanded]
    if left_out:
        raise NoticeIncomplete("shortfalls", names=papers.named(left_out, item))
    return CorrectionRequested(day.on, notice.letter_number, shortfalls, day.supply_by())


def _shortfalls(notice: CorrectionNotice, item: Item) -> tuple[Shortfall, ...]:
    shortfalls: dict[str, Shortfall] = {}
    for index, (code, defect) in enumerate(notice.defects):
        material, field = item.material(code), f"shortfalls[{index}].material_code"
        if material is None:
            raise UnknownMaterial(field, code=code)
        if code in shortfalls:
            raise MaterialTwice(field, code=code)
        shortfalls[code] = Shortfall(code, material.name, defect)
    return tuple(shortfalls.values())
