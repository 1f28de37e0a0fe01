"""The closed sets that facts of a case speak in; names and numbers are those of the contract."""

from enum import IntEnum


class Leg(IntEnum):
    """Which part of one matter a file is."""

    STREET = 1  # 街道
    DISTRICT = 2  # 区


class Opinion(IntEnum):
    """What a reviewer thinks."""

    AGREE = 1  # 同意
    DISAGREE = 2  # 不同意


class Outcome(IntEnum):
    """How a case is decided. (行政许可法 38)"""

    GRANTED = 1  # 准予
    REFUSED = 2  # 不予


class SpecialProcedure(IntEnum):
    """Why the clock stops. (行政许可法 45)"""

    HEARING = 1  # 听证
    INSPECTION = 2  # 检验, 检测, 检疫
    APPRAISAL = 3  # 鉴定
    EXPERT_REVIEW = 4  # 专家评审


class CardLevel(IntEnum):
    """What supervision issues, once per case and level; the numbers are those of the lamp."""

    WARNING = 1  # 预警
    YELLOW = 2  # 黄牌
    RED = 3  # 红牌


class Line(IntEnum):
    """The business line of the hall."""

    CIVIL_AFFAIRS = 1  # 民政
    FLOATING_POPULATION = 2  # 来穗人员管理
    LABOUR = 3  # 劳动保障
    RETIREES = 4  # 社会化退休管理
    FAMILY_PLANNING = 5  # 计生


class ItemKind(IntEnum):
    """How a matter of the item ends."""

    INSTANT = 1  # 即办件
    PROMISED = 2  # 承诺件
    FORWARDED = 3  # 上报件


class ClosesOn(IntEnum):
    """When the street's matter counts as closed."""

    DECISION = 1  # when the street decides
    REFERRAL = 2  # 转报办结
    DISTRICT_DECISION = 3  # when the district's decision is on file


class LimitUnit(IntEnum):
    """What the days of a limit are."""

    WORKING_DAYS = 1
    CALENDAR_DAYS = 2


class StepKind(IntEnum):
    """What a step of the route is for."""

    REVIEW = 1  # 审查 (行政许可法 34)
    DECIDE = 2  # 决定 (行政许可法 37, 38)
    REFER = 3  # 转报 (行政许可法 35)


class StepPost(IntEnum):
    """The post that takes a step."""

    REVIEWER = 1
    HEAD = 2


class AcceptanceGround(IntEnum):
    """Why a matter was accepted."""

    COMPLETE = 1  # 材料齐全
    CORRECTED = 2  # 补正齐全
    DEEMED = 3  # 视为受理
