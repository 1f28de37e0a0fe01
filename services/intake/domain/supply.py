"""补交: the applicant supplies what the notice demanded; once all is there the five days run anew. (行政许可法 32)"""

from collections.abc import Sequence

from law.not_allowed import NotAllowed
from services.intake.domain import papers
from services.intake.domain.application import Application
from services.intake.domain.facts import CorrectionSupplied, HandedIn
from services.intake.domain.item import Item
from services.intake.domain.office_day import OfficeDay
from services.intake.domain.stages import Act, allow


class NotInNotice(NotAllowed):
    """What is supplied is what the notice demanded. (行政许可法 32(4))"""

    article = "行政许可法 32"
    sentence = "一次性告知书没有要求材料{code}。"


class SuppliedTooLate(NotAllowed):
    """The last day on which the correction could be supplied has passed."""

    sentence = "补正期限已于{supply_by}届满。"


def supply(application: Application, materials: Sequence[HandedIn], item: Item, day: OfficeDay) -> CorrectionSupplied:
    """What was supplied and what is still missing; raises NotAtThisStage, SuppliedTooLate, NotInNotice, a Malformed."""
    allow(application, Act.SUPPLY)
    assert application.correction is not None, "a correction is waited for"
    if day.on > application.correction.supply_by:
        raise SuppliedTooLate(supply_by=application.correction.supply_by)
    papers.check(materials, item, "materials")
    _demand_noticed(application, materials)
    there = {paper.material_code for paper in materials}
    still_missing = tuple(code for code in application.still_missing if code not in there)
    answer_due_on = None if still_missing else day.answer_due().due_on
    return CorrectionSupplied(day.on, tuple(materials), still_missing, answer_due_on)


def _demand_noticed(application: Application, materials: Sequence[HandedIn]) -> None:
    assert application.correction is not None
    noticed = {shortfall.material_code for shortfall in application.correction.shortfalls}
    for index, paper in enumerate(materials):
        if paper.material_code not in noticed:
            raise NotInNotice(f"materials[{index}].material_code", code=paper.material_code)
