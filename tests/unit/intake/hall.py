"""The hall as tests need it: items, windows, a day at the office, applications brought to a stage by real acts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time

from law.hall_hours import HallHours, OpeningHours, ServiceDay
from law.notices import statutory_days
from law.workdays import state_council
from services.intake.domain.application.accept import accept, complete
from services.intake.domain.application.correction import CorrectionNotice, request_correction
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.facts import ApplicantKind, ApplicationFact, HandedIn, MaterialForm, VaultText
from services.intake.domain.application.state import BLANK, Application, fold
from services.intake.domain.application.submit import ReceiptMarks, Submission, submit
from services.intake.domain.catalogue.item import (
    AcceptPoint,
    CatalogueItem,
    Channel,
    ClosesOn,
    HolidayNotice,
    ItemKind,
    ItemStatus,
    Limit,
    LimitUnit,
    Line,
    Material,
    Step,
    StepKind,
    StepPost,
    Street,
    Window,
)
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry

STREET = "440105008"
RECEIVED_ON = date(2016, 9, 14)
"""The Wednesday before the Mid-Autumn holiday of 2016; five working days end on Thursday 22 September."""
NUMBER = "11440105K316057885544210600100120160914" + "0001"
CREDIT_CODE, PERSON = "12441500196720244T", "11010519491231002X"
AGENT = "110105195001010039"

PROMISED = CatalogueItem(
    code="11440105K3160578855442106001001",
    name="计划生育服务证办理",
    version=1,
    line=Line.FAMILY_PLANNING,
    kind=ItemKind.PROMISED,
    nature="公共服务",
    decided_by="street",
    closes_on=ClosesOn.DECISION,
    legal_limit=Limit(20, LimitUnit.WORKING_DAYS, "行政许可法 42"),
    promised_limit=Limit(10, LimitUnit.WORKING_DAYS, assumed=True),
    materials=(
        Material("M01", "申请表", required=True),
        Material("M02", "居民身份证", required=True),
        Material("M03", "居民户口簿", required=True, deferrable=True),
        Material("M04", "委托书"),
    ),
    accept_points=(AcceptPoint.WINDOW, AcceptPoint.ONLINE),
    route=(
        Step("S1", "科室审核", StepKind.REVIEW, StepPost.REVIEWER),
        Step("S9", "领导审批", StepKind.DECIDE, StepPost.HEAD),
    ),
    seasons=(),
    effective_from=date(2015, 10, 8),
    effective_to=None,
    status=ItemStatus.ACTIVE,
    receipt=True,
    sms=True,
    sensitive=False,
    result_name="计划生育服务证",
    refers_to="",
)
INSTANT = replace(
    PROMISED,
    code="11440105K3160578855442092004001",
    name="居住登记信息查询证明",
    line=Line.FLOATING_POPULATION,
    kind=ItemKind.INSTANT,
    legal_limit=Limit(0),
    promised_limit=Limit(0),
    route=(),
    receipt=False,
    sms=False,
    result_name="居住登记信息查询结果",
)
GENERAL = Window("W1", "综合1号窗", STREET, True, (Line.CIVIL_AFFAIRS,), date(2015, 10, 8), None)
SPECIAL = Window("W2", "计生专窗", STREET, False, (Line.FAMILY_PLANNING,), date(2015, 10, 8), date(2016, 9, 30))

CATALOGUE = Catalogue.of(
    state_council(),
    [
        CatalogueEntry(items=(PROMISED,)),
        CatalogueEntry(items=(INSTANT,)),
        CatalogueEntry(window=GENERAL),
        CatalogueEntry(street=Street(STREET, "南华西街道")),
        CatalogueEntry(street=Street("440105009", "龙凤街道")),
        CatalogueEntry(window=SPECIAL),
    ],
)
DUES = DueDates(state_council())
AT_OPENING, AFTER_HOURS = time(8, 30), time(17, 30)
HOURS = HallHours(
    (
        OpeningHours(ServiceDay.WORKING_DAY, AT_OPENING, time(12)),
        OpeningHours(ServiceDay.WORKING_DAY, time(14), AFTER_HOURS),
    )
)
REASON = VaultText("reason", "ab" * 32)


def day(on: date = RECEIVED_ON, *, after_hours: bool = False) -> OfficeDay:
    """A day at the office."""
    return OfficeDay(on, DUES, AFTER_HOURS if after_hours else AT_OPENING, HOURS)


def paper(code: str, form: MaterialForm = MaterialForm.ORIGINAL, sha256: str = "") -> HandedIn:
    """One paper that is handed in."""
    return HandedIn(code, form, 1, sha256)


def papers(*codes: str) -> tuple[HandedIn, ...]:
    """Papers that are handed in."""
    return tuple(paper(code) for code in codes)


def handed_in(*codes: str, item: CatalogueItem = PROMISED, channel: Channel = Channel.WINDOW) -> Submission:
    """What is handed in at the first window, or outside the hall."""
    window = GENERAL.code if channel is Channel.WINDOW else ""
    return Submission(item.code, channel, window, "", ApplicantKind.PERSON, papers(*codes))


def marks(serial: int = 1) -> ReceiptMarks:
    """Marks that the office gives an application."""
    return ReceiptMarks(f"4401050080006001001160914{serial:04d}", "cd" * 32, "ef" * 32)


def submitted(*codes: str, item: CatalogueItem = PROMISED, on: OfficeDay | None = None) -> Application:
    """An application with these papers."""
    return after(BLANK, [submit(handed_in(*codes, item=item), item, marks(), on or day())])


def whole(item: CatalogueItem = PROMISED) -> Application:
    """An application with everything that acceptance needs."""
    return submitted("M01", "M02", item=item)


def demanded(*codes: str, on: date = RECEIVED_ON, item: CatalogueItem = PROMISED) -> Application:
    """An application without papers whose notice demands these."""
    notice = CorrectionNotice("440105008补告〔2016〕0001号", tuple((code, REASON) for code in codes))
    state = submitted(item=item)
    return after(state, [request_correction(state, notice, item, day(on))])


def accepted(item: CatalogueItem = PROMISED) -> Application:
    """An application that lies with the desks."""
    return after(whole(item), [accept(whole(item), item, NUMBER, day())])


def completed() -> Application:
    """An instant matter that was handed out at the window."""
    return after(whole(INSTANT), complete(whole(INSTANT), INSTANT, NUMBER, day()))


def after(state: Application, facts: Iterable[ApplicationFact]) -> Application:
    """The state after some facts."""
    for fact in facts:
        state = fold(state, fact)
    return state


def holiday_notice(year: int, *more: date, makeup: tuple[date, ...] = ()) -> HolidayNotice:
    """A notice of a year with its statutory days and some more."""
    days_off = tuple(sorted({*statutory_days(year), *more}))
    return HolidayNotice(year, f"国办发明电〔{year - 1}〕9号", days_off, makeup)
