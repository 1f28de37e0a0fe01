"""Whole publications of a district, each within the law: what the rule breaker changes."""

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

WORKING, CALENDAR = catalogue.LIMIT_UNIT_WORKING_DAYS, catalogue.LIMIT_UNIT_CALENDAR_DAYS
BODY = "11440105K316057885"
"""Implementing body of the samples, with its check digit. (GB 32100)"""
NEW_YEAR, SPRING = "2027-01-01", ("2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08")
HOLIDAYS_2027 = (
    *(NEW_YEAR, *SPRING, "2027-04-05", "2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15"),
    *("2027-10-01", "2027-10-02", "2027-10-03"),
)
"""Statutory days of 2027: 初一 is 6 February, 端午 9 June, 中秋 15 September. (全国年节及纪念日放假办法 2, 2024)"""


def promised() -> catalogue.Item:
    """A licence that the street decides."""
    return catalogue.Item(
        code=BODY + "5440191001001",
        name="临时占道审批",
        line=catalogue.LINE_CIVIL_AFFAIRS,
        kind=catalogue.ITEM_KIND_PROMISED,
        nature="行政许可",
        decided_by="street",
        closes_on=catalogue.CLOSES_ON_DECISION,
        legal_limit=catalogue.Limit(days=20, unit=WORKING, article="行政许可法 42"),
        promised_limit=catalogue.Limit(days=10, unit=WORKING, assumed=True),
        materials=[
            catalogue.Material(code="M01", name="申请表", required=True),
            catalogue.Material(code="M02", name="身份证明", required=True, deferrable=True),
        ],
        accept_points=[catalogue.ACCEPT_POINT_WINDOW],
        route=[
            step("S1", catalogue.STEP_KIND_REVIEW, catalogue.STEP_POST_REVIEWER, days=3),
            step("S2", catalogue.STEP_KIND_DECIDE, catalogue.STEP_POST_HEAD, days=2),
        ],
        effective_from="2016-01-01",
        status=catalogue.ITEM_STATUS_ACTIVE,
        receipt=True,
        sms=True,
        result_name="许可决定书",
    )


def forwarded() -> catalogue.Item:
    """A licence that the street reviews first and the district decides."""
    item = promised()
    item.MergeFrom(
        catalogue.Item(
            code=BODY + "5440191001002",
            name="公共租赁住房初审",
            kind=catalogue.ITEM_KIND_FORWARDED,
            decided_by="区住房保障办公室",
            closes_on=catalogue.CLOSES_ON_DISTRICT_DECISION,
            refers_to="housing",
        )
    )
    item.route[1].kind = catalogue.STEP_KIND_REFER
    return item


def instant() -> catalogue.Item:
    """A service that is completed at the window."""
    item = promised()
    item.MergeFrom(
        catalogue.Item(
            code=BODY + "5442091001003", name="登记信息查询", kind=catalogue.ITEM_KIND_INSTANT, nature="公共服务"
        )
    )
    for spot in (item.legal_limit, item.promised_limit):
        spot.CopyFrom(catalogue.Limit(unit=WORKING))
    del item.route[:]
    item.receipt = item.sms = False
    return item


def notice() -> catalogue.HolidayNotice:
    """The holidays of 2027 with two bridges and their make-up days."""
    return catalogue.HolidayNotice(
        year=2027,
        number="国办发明电〔2026〕9号",
        days_off=sorted({*HOLIDAYS_2027, "2027-05-03", "2027-10-04"}),
        makeup_days=["2027-05-08", "2027-10-09"],
    )


def window() -> catalogue.Window:
    """A window for every line."""
    return catalogue.Window(
        code="W7",
        name="综合7号窗",
        street="440105008",
        general=True,
        lines=[catalogue.LINE_CIVIL_AFFAIRS],
        open_from="2016-01-01",
    )


def hall() -> catalogue.Hall:
    """A hall with a morning, an afternoon, service on Saturdays and a study hour."""
    working, saturday = catalogue.SERVICE_DAY_WORKING_DAY, catalogue.SERVICE_DAY_SATURDAY
    return catalogue.Hall(
        street="440105008",
        hours=[
            catalogue.OpeningHours(day=working, opens_at="08:30", closes_at="12:00", effective_from="2016-01-01"),
            catalogue.OpeningHours(day=working, opens_at="14:00", closes_at="17:30", effective_from="2016-01-01"),
            catalogue.OpeningHours(day=saturday, opens_at="09:00", closes_at="12:00", effective_from="2016-03-01"),
        ],
        closures=[
            catalogue.HallClosure(
                says="业务学习", weekday=5, begins_at="16:30", ends_at="17:30", effective_from="2016-07-01"
            )
        ],
    )


def street() -> catalogue.Street:
    """A street of the district."""
    return catalogue.Street(code="440105011", name="江南中街道")


def destination() -> catalogue.Destination:
    """A department to which streets refer matters."""
    return catalogue.Destination(code="housing", name="区住房保障办公室")


def step(code: str, kind: int, post: int, days: int = 0, staff: int = 1) -> catalogue.Step:
    """A step of a route."""
    return catalogue.Step(code=code, name=f"环节{code}", kind=kind, post=post, days=days, staff=staff)  # type: ignore[arg-type] # numbers of enums


def limit(days: int, unit: int = WORKING, article: str = "某条例第九条", assumed: bool = False) -> catalogue.Limit:
    """A limit with its ground."""
    return catalogue.Limit(days=days, unit=unit, article=article, assumed=assumed)  # type: ignore[arg-type] # a number of an enum
