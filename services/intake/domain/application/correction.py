"""Correction of an application: put right at the window, or demanded once in writing, supplied, or lapsed.

当场更正: an error is put right at the window with the applicant's consent. (行政许可法 32(3))
一次性告知: everything missing or defective is demanded once, in writing, within five days. (行政许可法 32(4), 72(4))
补交: the applicant supplies what the notice demands; once all is supplied the five days run anew. (行政许可法 32)
补充告知: what was supplied and is still defective is demanded again, within these five days, as a supplement to the
same notice; nothing may be added to it. (行政许可法 72(4))
补正不来办结: what is not supplied in time ends the application.

Example: the clerk's notice of 9 March names a missing form and a copy without a seal; both must be in
it, since there is no second notice (72(4)). On 16 March the applicant supplies the form, and one paper
is still missing. On 18 March the copy comes: everything is there, and the five days to answer run from
the 18th. If nothing more had come by the last day of the notice, the application would have ended by
the sweep of the next day. On 21 March the desk sees that the copy still has no seal: a supplement, which
has the number of the notice and a last day of its own, names the copy. It cannot name the form, since
the silence about it has ended that demand, nor any paper that the notice did not demand.

A supply is in time until the end of the last day, whatever the hour: where it is taken, business has not
stopped (民法典 203). From when it counts as received is another question: after closing time or on a rest
day, from the next working day of the hall, as a submission does.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from law.not_allowed import NotAllowed
from law.workdays import Calendar
from services.intake.domain.application import papers
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import (
    CorrectedOnTheSpot,
    CorrectionLapsed,
    CorrectionRequested,
    CorrectionSupplied,
    HandedIn,
    Shortfall,
    VaultText,
)
from services.intake.domain.application.papers import MaterialTwice, UnknownMaterial
from services.intake.domain.application.stages import (
    ApplicationAct,
    allow,
    allow_answer,
    last_to_supply,
)
from services.intake.domain.application.state import Application, ApplicationStage
from services.intake.domain.catalogue.item import CatalogueItem


class CorrectionRequestedBefore(NotAllowed):
    """All that is missing is demanded once; a supplement repeats unmet demands and adds none. (行政许可法 72(4))"""

    article = "行政许可法 72"
    sentence = "已经一次性告知过，不得再次要求补正{also}。"


class NoticeIncomplete(NotAllowed):
    """A notice that leaves out a missing paper would make a second one needed. (行政许可法 32(4))"""

    article = "行政许可法 32"
    sentence = "一次性告知应列明全部缺少的材料，还应列入：{names}。"


class NotInNotice(NotAllowed):
    """Only papers that the notice demanded are supplied on it. (行政许可法 32(4))"""

    article = "行政许可法 32"
    sentence = "一次性告知书没有要求材料{code}。"


class SuppliedTooLate(NotAllowed):
    """The last day on which the correction could be supplied has passed. (行政许可法 32)"""

    sentence = "补正期限已于{supply_by}届满。"


class CorrectionNotOverdue(NotAllowed):
    """No correction is awaited, or it can still be supplied. (行政许可法 32)"""

    sentence = "补正期限未满或无需补正，不能按补正不来办结。"


@dataclass(frozen=True, slots=True)
class WindowCorrection:
    """A correction at the window: the papers put right or added, and what was changed."""

    materials: tuple[HandedIn, ...]
    change: VaultText


@dataclass(frozen=True, slots=True)
class CorrectionNotice:
    """The notice as the desk writes it: its number, and the defect of each paper by code."""

    letter_number: str
    defects: tuple[tuple[str, VaultText], ...]


def correct_on_the_spot(
    application: Application, correction: WindowCorrection, item: CatalogueItem, day: OfficeDay
) -> CorrectedOnTheSpot:
    """The papers put right; raises NotAtThisStage, AnswerTooLate, UnknownMaterial, MaterialTwice, DigestMissing.

    It moves no day: neither the five days nor the day from which the application would be deemed accepted, since
    nothing was demanded. A greater defect is named in the notice.
    """
    allow_answer(application, ApplicationAct.CORRECT, day.on, day.calendar)
    papers.check(correction.materials, item)
    return CorrectedOnTheSpot(day.on, correction.materials, correction.change)


def request_correction(
    application: Application, notice: CorrectionNotice, item: CatalogueItem, day: OfficeDay
) -> CorrectionRequested:
    """The notice with its last day, or the next supplement to the one on file, under the number of that one.

    Raises NotAtThisStage, AnswerTooLate, CorrectionRequestedBefore, UnknownMaterial, MaterialTwice, NoticeIncomplete.
    """
    earlier = application.correction
    if earlier is not None and application.stage is not ApplicationStage.SUBMITTED:
        raise CorrectionRequestedBefore(also="")
    allow_answer(application, ApplicationAct.REQUEST_CORRECTION, day.on, day.calendar)
    shortfalls = _shortfalls(notice, item)
    demanded = {shortfall.material_code for shortfall in shortfalls}
    if earlier is not None:
        _require_unmet(demanded, earlier, item)
        return _requested(earlier.letter_number, shortfalls, day, supplement_after(application))
    left_out = [code for code in application.missing if code not in demanded]
    if left_out:
        raise NoticeIncomplete("shortfalls", names=papers.named(left_out, item))
    return _requested(notice.letter_number, shortfalls, day, 0)


def supplement_after(application: Application) -> int:
    """Number of the next demand: 0 for the notice, n for the n-th supplement to the notice on file."""
    return 0 if application.correction is None else application.correction.supplement + 1


def correction_text_name(material_code: str, supplement: int) -> str:
    """Name of the text of a defect: a supplement says something else of the same paper, and no text is replaced."""
    return f"correction.{supplement}.{material_code}" if supplement else f"correction.{material_code}"


def supply_correction(
    application: Application, materials: Sequence[HandedIn], item: CatalogueItem, day: OfficeDay
) -> CorrectionSupplied:
    """The papers supplied and the codes still missing.

    Raises NotAtThisStage, SuppliedTooLate, NotInNotice, UnknownMaterial, MaterialTwice, DigestMissing.
    """
    allow(application, ApplicationAct.SUPPLY)
    correction = application.correction
    assert correction is not None, "at this stage a correction is awaited"
    if day.on > last_to_supply(correction, day.calendar):
        raise SuppliedTooLate(supply_by=correction.supply_by)
    papers.check(materials, item)
    demanded = {shortfall.material_code for shortfall in correction.shortfalls}
    for index, paper in enumerate(materials):
        if paper.material_code not in demanded:
            raise NotInNotice(f"materials[{index}].material_code", code=paper.material_code)
    supplied = {paper.material_code for paper in materials}
    still_missing = tuple(code for code in application.still_missing if code not in supplied)
    if still_missing:
        return CorrectionSupplied(day.on, tuple(materials), still_missing, None, day.received_on)
    due = day.answer_due()
    return CorrectionSupplied(
        day.on,
        tuple(materials),
        still_missing,
        due.due_on,
        day.received_on,
        provisional=due.provisional,
        calendar_version=day.calendar_version,
    )


def lapse(application: Application, today: date, calendar: Calendar) -> CorrectionLapsed:
    """The end of an application whose correction was not supplied; raises CorrectionNotOverdue."""
    correction = application.correction
    waits = correction is not None and application.stage is ApplicationStage.CORRECTION
    if not waits or correction is None or today <= last_to_supply(correction, calendar):
        raise CorrectionNotOverdue
    return CorrectionLapsed(today, correction.supply_by)


def _requested(
    letter_number: str, shortfalls: tuple[Shortfall, ...], day: OfficeDay, supplement: int
) -> CorrectionRequested:
    due = day.supply_due()
    return CorrectionRequested(
        day.on,
        letter_number,
        shortfalls,
        due.due_on,
        supplement,
        supply_days=day.supply_days,
        provisional=due.provisional,
        calendar_version=day.calendar_version,
    )


def _require_unmet(demanded: Set[str], earlier: CorrectionRequested, item: CatalogueItem) -> None:
    """Passes a supplement to what was demanded last; raises CorrectionRequestedBefore, which names everything else."""
    repeated = {shortfall.material_code for shortfall in earlier.shortfalls}
    if added := demanded - repeated:
        names = papers.named(sorted(added), item)
        raise CorrectionRequestedBefore("shortfalls", also=f"；补充告知只能重复尚未满足的要求，不得列入：{names}")


def _shortfalls(notice: CorrectionNotice, item: CatalogueItem) -> tuple[Shortfall, ...]:
    shortfalls: dict[str, Shortfall] = {}
    for index, (code, defect) in enumerate(notice.defects):
        material, field = item.material(code), f"shortfalls[{index}].material_code"
        if material is None:
            raise UnknownMaterial(field, code=code)
        if code in shortfalls:
            raise MaterialTwice(field, code=code)
        shortfalls[code] = Shortfall(code, material.name, defect)
    return tuple(shortfalls.values())
