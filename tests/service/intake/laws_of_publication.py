"""The law's rules for what a district publishes, each with its source and a way to break it.

The list is written from the statutes and standards that it cites, not from the code. A rule says which whole
publication it changes, how, and at which field the refusal has to point; `rule` is the id of the rule where the refusal
names one, else the refusal's own reason.
"""

from collections.abc import Callable
from datetime import date

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

from tests.service.intake.breaks import Law, added, limits, number, part, procedure, put, referred, seasons, without
from tests.service.intake.whole_publications import (
    BODY,
    CALENDAR,
    HOLIDAYS_2027,
    NEW_YEAR,
    SPRING,
    destination,
    forwarded,
    hall,
    instant,
    limit,
    notice,
    promised,
    step,
    street,
    window,
)

_PROMISE = "优化营商环境条例 36: 承诺时限应当短于法定时限"
_LICENCE = "行政许可法 42: 自受理之日起二十日内作出决定，法律、法规另有规定的依照其规定"
_ROUTE = "行政许可法 34, 37: 审查后由行政机关作出决定"
_FORWARD = "行政许可法 35, 43: 下级机关审查后报上级机关决定"
_HEAD = "行政许可法 37, 42: 行政机关负责人决定"
_PROCEDURE = "行政许可法 45: 听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审所需时间不计入期限"
_CODE = "GB/T 39554.1: 实施编码31位，主体、层级、区域、类型、序号"
_GROUND = "优化营商环境条例 36: 时限依据公开"
_MATERIAL = "行政许可法 30, 31: 材料目录公示，不得要求无关材料"
_POSTED = "行政许可法 30: 条件、数量、程序、期限公示"
_TEXT = "public text is text: no formula, no control sign, no address of a site"
_HOLIDAY = "全国年节及纪念日放假办法 2"
_NUMBER = "党政机关公文处理工作条例 9: 发文字号由机关代字、年份、发文顺序号组成"
_REVIEW = "行政许可法 43: 下级机关自受理之日起二十日内审查完毕"
_PARTS = "优化营商环境条例 36: each limit is published once, for the part that it binds"
_WHOLE = "行政许可法 35, 42, 43: the parts together are done within the whole"
_TOO_LATE = ("promised_limit.days", "PROMISED_WITHIN_LEGAL")
_TOO_LONG = ("legal_limit.days", "LICENCE_WITHIN_LAW")
_NAMES = (("name", "name"), ("result_name", "result_name"), ("materials.0.name", "materials[0].name"))

ITEM_LAWS = [
    # source, whole, break, field below item, rule
    Law(_PROMISE, promised, put("promised_limit.days", 21), *_TOO_LATE),
    Law(_PROMISE, promised, limits(limit(60, CALENDAR), limit(20)), *_TOO_LATE),
    Law(_PROMISE, promised, limits(limit(29, CALENDAR), limit(20)), *_TOO_LATE),
    Law(_PROMISE, promised, limits(limit(60), limit(5, CALENDAR), "公共服务"), *_TOO_LATE),
    Law(_PROMISE, promised, limits(limit(12), limit(15, CALENDAR), "公共服务"), *_TOO_LATE),
    Law(_PROMISE, promised, limits(limit(23), limit(30, CALENDAR), "公共服务"), *_TOO_LATE),
    Law(_PROMISE, promised, limits(limit(31, CALENDAR), limit(30, CALENDAR), "公共服务"), *_TOO_LATE),
    Law(_PROMISE, forwarded, put("promised_limit.days", 21), *_TOO_LATE),
    Law(_LICENCE, promised, put("legal_limit", limit(300, article="行政许可法 42")), *_TOO_LONG),
    Law(_LICENCE, promised, put("legal_limit", limit(21, article="行政许可法第四十二条")), *_TOO_LONG),
    Law(_LICENCE, promised, put("legal_limit", limit(30, article="行政许可法 42")), *_TOO_LONG),
    Law(_LICENCE, promised, put("legal_limit", limit(300, article="", assumed=True)), *_TOO_LONG),
    Law(_LICENCE, promised, put("legal_limit", limit(300, article="办事指南")), *_TOO_LONG),
    Law(_LICENCE, forwarded, put("legal_limit", limit(60, CALENDAR, "行政许可法 43")), *_TOO_LONG),
    Law(_REVIEW, forwarded, referred(put("legal_limit", limit(21, article="行政许可法 43"))), *_TOO_LONG),
    Law(_REVIEW, forwarded, referred(put("legal_limit", limit(45, article="行政许可法 42"))), *_TOO_LONG),
    Law(_LICENCE, forwarded, put("legal_limit", limit(41, article="行政许可法 42、43")), *_TOO_LONG),
    Law(_LICENCE, forwarded, put("district_part", part(limit(21, article="行政许可法 42"))),
        "district_part.legal.days", "LICENCE_WITHIN_LAW"),
    Law(_PARTS, promised, put("whole", part(limit(20))), "whole", "LIMIT_PART"),
    Law(_PARTS, promised, put("district_part", part(limit(20))), "district_part", "LIMIT_PART"),
    Law(_PARTS, forwarded, put("whole", part(limit(20))), "whole", "LIMIT_PART"),
    Law(_PARTS, forwarded, referred(put("street_part", part(limit(20)))), "street_part", "LIMIT_PART"),
    Law(_PARTS, forwarded, put("district_part", catalogue.PartLimits()), "district_part", "LIMIT_PART"),
    Law(_GROUND, forwarded, put("district_part", part(limit(0))), "district_part.legal.days", "LIMIT_DAYS"),
    Law(_GROUND, forwarded, put("district_part", part(limit(5, article=""))), "district_part.legal", "LIMIT_GROUND"),
    Law(_TEXT, forwarded, put("district_part", part(limit(5, article="=某条例第九条"))),
        "district_part.legal.article", "FORMULA"),
    Law(_PROMISE, forwarded, put("district_part", part(limit(5), limit(6))),
        "district_part.promised.days", "PROMISED_WITHIN_LEGAL"),
    Law(_WHOLE, forwarded, put("street_part", part(limit(21, article="某条例第九条"))),
        "street_part.legal.days", "PARTS_WITHIN_WHOLE"),
    Law(_WHOLE, forwarded, put("district_part", part(limit(30, CALENDAR))),
        "district_part.legal.days", "PARTS_WITHIN_WHOLE"),
    Law(_WHOLE, forwarded, referred(put("whole", part(limit(19)))), "legal_limit.days", "PARTS_WITHIN_WHOLE"),
    Law(_GROUND, promised, put("legal_limit", limit(20, article="")), "legal_limit", "LIMIT_GROUND"),
    Law(_GROUND, promised, put("promised_limit", limit(5, article="")), "promised_limit", "LIMIT_GROUND"),
    Law(_GROUND, promised, put("legal_limit.assumed", True), "legal_limit.assumed", "LIMIT_GROUND"),
    Law(_GROUND, promised, put("promised_limit", limit(0)), "promised_limit.days", "LIMIT_BY_KIND"),
    Law(_GROUND, promised, put("legal_limit", limit(0)), "legal_limit.days", "LIMIT_BY_KIND"),
    Law("行政许可法 34: 能够当场作出决定的，当场作出", instant, put("promised_limit", limit(3)),
        "promised_limit", "LIMIT_BY_KIND"),
    Law("the same", instant, put("route", [step("S1", 2, 2)]), "route", "ROUTE_BY_KIND"),
    Law("the same", instant, put("closes_on", catalogue.CLOSES_ON_DISTRICT_DECISION), "closes_on", "CLOSES_BY_KIND"),
    Law("the same", instant, put("closes_on", catalogue.CLOSES_ON_REFERRAL), "closes_on", "CLOSES_BY_KIND"),
    Law("the same", instant, put("decided_by", "区公安分局"), "decided_by", "DECIDED_BY_KIND"),
    Law(_FORWARD, forwarded, put("closes_on", catalogue.CLOSES_ON_DECISION), "closes_on", "CLOSES_BY_KIND"),
    Law(_PROCEDURE, promised, put("procedures", [procedure("publicity", "公示", "惯例")]),
        "procedures[0].article", "PROCEDURE_GROUND"),
    Law(_PROCEDURE, promised, put("procedures", [procedure("hearing", "拍卖")]),
        "procedures[0].name", "PROCEDURE_NAME"),
    Law(_PROCEDURE, promised, put("procedures", [procedure("hearing", "听证"), procedure("hearing", "听证")]),
        "procedures[1].code", "DUPLICATE_CODE"),
    Law(_FORWARD, promised, put("closes_on", catalogue.CLOSES_ON_REFERRAL), "closes_on", "CLOSES_BY_KIND"),
    Law(_FORWARD, promised, put("closes_on", catalogue.CLOSES_ON_DISTRICT_DECISION), "closes_on", "CLOSES_BY_KIND"),
    Law(_FORWARD, forwarded, put("decided_by", "street"), "decided_by", "DECIDED_BY_KIND"),
    Law(_FORWARD, promised, put("decided_by", "区公安分局"), "decided_by", "DECIDED_BY_KIND"),
    Law(_FORWARD, forwarded, put("refers_to", "nowhere"), "refers_to", "UNKNOWN_DESTINATION"),
    Law(_FORWARD, forwarded, put("refers_to", ""), "refers_to", "REFERRAL_TARGET"),
    Law(_FORWARD, forwarded, put("decided_by", "区民政局"), "refers_to", "REFERRAL_TARGET"),
    Law(_FORWARD, promised, put("refers_to", "housing"), "refers_to", "REFERRAL_TARGET"),
    Law(_FORWARD, forwarded, put("route.1.kind", catalogue.STEP_KIND_DECIDE), "route[1].kind", "ROUTE_BY_KIND"),
    Law(_ROUTE, promised, put("route", []), "route", "ROUTE_BY_KIND"),
    Law(_ROUTE, promised, put("route.1.kind", catalogue.STEP_KIND_REVIEW), "route[1].kind", "ROUTE_BY_KIND"),
    Law(_ROUTE, promised, put("route.1.kind", catalogue.STEP_KIND_REFER), "route[1].kind", "ROUTE_BY_KIND"),
    Law(_ROUTE, promised, put("route.0.kind", catalogue.STEP_KIND_REFER), "route[0].kind", "ROUTE_BY_KIND"),
    Law(_ROUTE, promised, put("route.1.code", "S1"), "route[1].code", "DUPLICATE_CODE"),
    Law(_HEAD, promised, put("route.1.post", catalogue.STEP_POST_REVIEWER), "route[1].post", "DECIDED_BY_HEAD"),
    Law(_HEAD, promised, put("route.1.staff", 2), "route[1].staff", "ONE_SIGNS"),
    Law(_HEAD, forwarded, put("route.1.staff", 2), "route[1].staff", "ONE_SIGNS"),
    Law(_PROMISE, promised, limits(limit(3), limit(20)), "route", "STAGES_WITHIN_PROMISE"),
    Law(_PROMISE, promised, put("route.0.days", 60), "route", "STAGES_WITHIN_PROMISE"),
    Law(_PROMISE, promised, limits(limit(3, CALENDAR), limit(20)), "route", "STAGES_WITHIN_PROMISE"),
    Law(_CODE, promised, put("code", "Z" * 31), "code", "CODE"),
    Law(_CODE, promised, put("code", "0" * 31), "code", "CODE"),
    Law(_CODE, promised, put("code", BODY.replace("57885", "57889") + "5440191001001"), "code", "CODE"),
    Law(_CODE, promised, put("code", BODY + "4440191001001"), "code", "CODE"),
    Law(_CODE, promised, put("code", BODY + "5450191001001"), "code", "CODE"),
    Law(_CODE, promised, put("code", BODY + "5442091001001"), "code", "CODE"),
    Law(_CODE, promised, put("code", BODY + "54401910010A1"), "code", "CODE"),
    Law("GB/T 39046 A.1: 事项类型", promised, put("nature", "审批"), "nature", "NATURE"),
    Law("行政许可法 32: 出具书面凭证", promised, put("receipt", False), "receipt", "TOLD_BY_KIND"),
    Law("行政许可法 32: 告知申请人", forwarded, put("sms", False), "sms", "TOLD_BY_KIND"),
    Law(_MATERIAL, promised, put("materials.1.code", "M01"), "materials[1].code", "DUPLICATE_CODE"),
    Law(_MATERIAL, promised, put("materials.1.name", "申请表"), "materials[1].name", "DUPLICATE_NAME"),
    Law(_MATERIAL, promised, put("materials.1.required", False), "materials[1].deferrable", "DEFERRABLE_REQUIRED"),
    Law(_MATERIAL, promised, put("materials.0.deferrable", True), "materials", "NOTHING_REQUIRED"),
    Law(_MATERIAL, promised, put("materials", []), "materials", "NOTHING_REQUIRED"),
    Law(_POSTED, promised, put("effective_to", "2015-12-31"), "effective_to", "EFFECTIVE_DATES"),
    Law(_POSTED, promised, put("status", catalogue.ITEM_STATUS_CANCELLED), "effective_to", "EFFECTIVE_DATES"),
    Law(_POSTED, promised, seasons(("2016-05-02", "2016-05-01")), "seasons[0].open_to", "SEASON_BACKWARDS"),
    Law("a day is of our time", promised, seasons(("0001-01-01", "2016-05-02")), "seasons[0].open_from", "YEAR"),
    Law("a day is of our time", promised, seasons(("2016-01-01", "9999-12-31")), "seasons[0].open_to", "YEAR"),
    Law("a day is of our time", promised, put("effective_from", "0001-01-01"), "effective_from", "YEAR"),
    Law("a day is of our time", promised, put("effective_to", "9999-12-31"), "effective_to", "YEAR"),
    Law(_POSTED, promised, seasons(("2015-05-01", "2015-05-02")), "seasons[0]", "SEASON_IN_FORCE"),
    Law(_POSTED, promised, seasons(("2016-05-01", "2016-05-31"), ("2016-05-31", "2016-06-02")),
        "seasons[1]", "SEASON_OVERLAP"),
    *(
        Law(_TEXT, promised, put(path, sign + "HYPERLINK(1,A1)"), field, "FORMULA")
        for sign in ("=", "+", "-", "@", "＝", "＋", "＠")
        for path, field in _NAMES
    ),
    Law(_TEXT, promised, put("route.0.name", "=1+1"), "route[0].name", "FORMULA"),
    Law(_TEXT, promised, put("legal_limit.article", "=行政许可法 42"), "legal_limit.article", "FORMULA"),
    Law(_TEXT, forwarded, put("decided_by", "@区住房保障办公室"), "decided_by", "FORMULA"),
    Law(_TEXT, promised, put("name", "\t=1+1"), "name", "INVISIBLE_SIGN"),
    Law(_TEXT, promised, put("name", "占道\n审批"), "name", "INVISIBLE_SIGN"),
    Law(_TEXT, promised, put("name", "占道\u202e审批"), "name", "INVISIBLE_SIGN"),
    Law(_TEXT, promised, put("materials.0.name", "申请\u0007表"), "materials[0].name", "INVISIBLE_SIGN"),
    Law(_TEXT, promised, put("name", "占道审批 "), "name", "BLANK"),
    Law(_TEXT, promised, put("result_name", "\u3000"), "result_name", "BLANK"),
    Law(_TEXT, promised, put("name", "占道审批见http://hall.example/x"), "name", "SITE_ADDRESS"),
    Law(_TEXT, promised, put("name", "占道审批（172.16.53.140）"), "name", "SITE_ADDRESS"),
    Law(_TEXT, promised, put("materials.0.name", "申请表ｗｗｗ.example.com"), "materials[0].name", "SITE_ADDRESS"),
    *(
        Law(_TEXT, promised, put(path, blanks), field, "STRING_PATTERN")
        for blanks in (" ", "\u3000\u3000", "\u3164")
        for path, field in (*_NAMES[:1], *_NAMES[2:], ("route.0.name", "route[0].name"))
    ),
    Law(_TEXT, promised, put("name", ""), "name", "STRING_PATTERN"),
]  # fmt: skip # one broken rule a line reads as a table

CALENDAR_LAWS = [
    # source, whole, break, field below notice, rule
    *(Law(_HOLIDAY, notice, without(day), "days_off", "STATUTORY_DAY_MISSING") for day in HOLIDAYS_2027),
    Law(_HOLIDAY, notice, put("days_off", []), "days_off", "STATUTORY_DAY_MISSING"),
    Law(_HOLIDAY, notice, put("days_off", [NEW_YEAR]), "days_off", "STATUTORY_DAY_MISSING"),
    Law("a day is off or worked, not both", notice, added("makeup_days", "2027-10-02"), "makeup_days", "DUPLICATE_DAY"),
    Law("调休上班 is at a weekend", notice, added("makeup_days", "2027-03-02"), "makeup_days", "MAKEUP_WEEKDAY"),
    Law("all days of the Spring Festival", notice, without(*SPRING), "days_off", "STATUTORY_DAY_MISSING"),
    Law("a notice orders its year and the December before", notice, added("days_off", "2028-01-01"),
        "days_off", "OTHER_YEAR"),
    Law("the same", notice, added("days_off", "2026-11-30"), "days_off", "OTHER_YEAR"),
    Law("the same", notice, added("makeup_days", "2028-01-08"), "makeup_days", "OTHER_YEAR"),
    *(
        Law("a number belongs to one year, however it is spelled", notice, number(text), "number", "NUMBER")
        for text in (
            "国办发明电〔2016〕17号", "国办发明电[2016]17号", "国办发明电（2016）17号", "国办发明电(2016)17号",
            "国办发明电 〔2016〕 17 号", "国办发明电〔２０１６〕１７号", "国办发明电【2016】17号",
            "国办发明电\u3000﹝2016﹞17号", "国办发明电〔2016〕\u200b17号",
            "国办发明电〔2025〕7号", "国办发明电〔 2025 〕７号",
        )
    ),
    *(
        Law(_NUMBER, notice, number(text), "number", "NUMBER")
        for text in (
            "测试", "1号", "国办发明电2026年9号", "〔2026〕9号", "国办发明电〔2026〕号", "=1+1",
            "国办发明电〔2026〕9号附件",
        )
    ),
    *(
        Law("a notice is signed in its year or the year before", notice, number(f"国办发明电〔{year}〕99号"),
            "number", "NUMBER")
        for year in (2015, 2024, 2025, 2028)
    ),
]  # fmt: skip # one broken rule a line reads as a table

WINDOW_LAWS = [
    # source, whole, break, field below window, rule
    Law("行政许可法 26: a window belongs to the district's own halls", window, put("street", "440104001"),
        "street", "WRONG_PLACE"),
    Law("a window stands in a street that exists", window, put("street", "440105888"),
        "street", "UNKNOWN_STREET"),
    Law("a day is of our time", window, put("open_from", "0001-01-01"), "open_from", "YEAR"),
    Law("a day is of our time", window, put("open_to", "9999-12-31"), "open_to", "YEAR"),
    Law("999 is reserved", window, put("street", "440105999"), "street", "STREET_CODE"),
    Law(_POSTED, window, put("open_to", "2015-12-31"), "open_to", "WINDOW_DATES"),
    Law(_TEXT, window, put("name", "=1号窗"), "name", "FORMULA"),
    Law(_TEXT, window, put("name", "＋1号窗"), "name", "FORMULA"),
    Law(_TEXT, window, put("name", "1号\u0008窗"), "name", "INVISIBLE_SIGN"),
    Law(_TEXT, window, put("name", "1号窗 http://hall.example"), "name", "SITE_ADDRESS"),
    Law(_TEXT, window, put("name", "\u3000"), "name", "STRING_PATTERN"),
    Law("report of 2016: 综合窗与专窗 each serve lines of the hall", window, put("lines", []),
        "lines", "REPEATED_MIN_ITEMS"),
    Law("a day is one of the calendar", window, put("open_from", "2016-02-30"), "open_from", "INVALID"),
]  # fmt: skip # one broken rule a line reads as a table

_CLOSING = "民法典 203: 有业务时间的，停止业务活动的时间为截止时间"

HALL_LAWS = [
    # source, whole, break, field below hall, rule
    Law("行政许可法 26: a hall belongs to a street of the district", hall, put("street", "440104001"),
        "street", "WRONG_PLACE"),
    Law("000 is the district itself", hall, put("street", "440105000"), "street", "STREET_CODE"),
    Law("999 is reserved", hall, put("street", "440105999"), "street", "STREET_CODE"),
    Law("a hall stands in a street that exists", hall, put("street", "440105888"), "street", "UNKNOWN_STREET"),
    Law(_CLOSING, hall, put("hours", []), "hours", "REPEATED_MIN_ITEMS"),
    Law(_CLOSING, hall, put("hours.1.closes_at", "14:00"), "hours[1].closes_at", "HOURS"),
    Law(_CLOSING, hall, put("hours.1.closes_at", "24:00"), "hours[1].closes_at", "STRING_PATTERN"),
    Law(_CLOSING, hall, put("hours.1.opens_at", "11:59"), "hours[1]", "HOURS_OVERLAP"),
    Law(_CLOSING, hall, put("hours.1.effective_to", "2016-02-30"), "hours[1].effective_to", "INVALID"),
    Law(_CLOSING, hall, put("hours.2.day", catalogue.SERVICE_DAY_UNSPECIFIED), "hours[2].day", "ENUM_NOT_IN"),
    Law(_POSTED, hall, put("hours.2.effective_to", "2016-02-29"), "hours[2].effective_to", "EFFECTIVE_DATES"),
    Law("a day is of our time", hall, put("hours.2.effective_from", "0001-01-01"),
        "hours[2].effective_from", "DAY_IN_RANGE"),
    Law("a closure begins and ends", hall, put("closures.0.ends_at", ""), "closures[0].ends_at", "CLOSURE_TIMES"),
    Law("a closure begins and ends", hall, put("closures.0.ends_at", "16:30"), "closures[0].ends_at", "HOURS"),
    Law("a closure of whole days has an end", hall,
        lambda message: message.closures.add(says="维修", effective_from="2016-08-01"),
        "closures[1].effective_to", "CLOSURE_END"),
    Law("a closure is of a weekday", hall, put("closures.0.weekday", 8), "closures[0].weekday", "INT32_GTE_LTE"),
    Law(_TEXT, hall, put("closures.0.says", "=1+1"), "closures[0].says", "FORMULA"),
    Law(_TEXT, hall, put("closures.0.says", "学习 http://hall.example"), "closures[0].says", "SITE_ADDRESS"),
]  # fmt: skip # one broken rule a line reads as a table

PLACE_LAWS = [
    # source, whole, break, field below street or destination, rule
    Law("GB/T 10114: a street's code begins with its district's", street, put("code", "440106011"),
        "code", "STREET_CODE"),
    Law("000 is the district itself", street, put("code", "440105000"), "code", "STREET_CODE"),
    Law("999 is reserved", street, put("code", "440105999"), "code", "STREET_CODE"),
    *(
        Law(_TEXT, whole, put("name", name), "name", broken)
        for whole in (street, destination)
        for name, broken in (
            ("=1+1", "FORMULA"), ("＠街道", "FORMULA"), ("街道\u202e", "INVISIBLE_SIGN"),
            ("街道 http://hall.example", "SITE_ADDRESS"), (" 街道", "BLANK"),
        )
    ),
    Law(_TEXT, street, put("name", "\u3000"), "name", "STRING_PATTERN"),
    Law(_TEXT, destination, put("name", "\u3000"), "name", "STRING_PATTERN"),
]  # fmt: skip # one broken rule a line reads as a table

LAWFUL_ITEMS: list[tuple[str, Callable[[], catalogue.Item]]] = [
    ("a licence within 20 working days", promised),
    ("a licence that the district decides", forwarded),
    ("a service on the spot", instant),
]
LAWFUL_LIMITS = [
    # promise, legal limit: no pair ends later on more than half of the days of a year
    (limit(10), limit(15, CALENDAR)),
    (limit(20), limit(30, CALENDAR)),
    (limit(20), limit(20, article="行政许可法 42")),
    (limit(45), limit(45, article="行政许可法 42")),
    (limit(20), limit(60, article="某条例第九条")),
    (limit(14, CALENDAR), limit(15, CALENDAR)),
    (limit(5), limit(15, CALENDAR)),
    (limit(24, CALENDAR), limit(20, article="行政许可法 42")),
]
NOTICES_AGAIN = date(2027, 5, 4)
"""A bridge that a second notice of the year may add."""
