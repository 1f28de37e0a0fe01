"""Invented residents: region 440105, birth years before 1900, so that no number belongs to a real person."""

import random
from dataclasses import dataclass

from stdnum.cn import ric

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = "安邦昌达恩芳桂海慧嘉建静君康兰丽明宁平琴荣瑞淑婷文霞秀燕英玉珍志"
_STREETS = ("同福西路", "南华西路", "洪德路", "宝岗大道", "河南正街", "万松园路")


@dataclass(frozen=True, slots=True)
class Resident:
    """An applicant."""

    name: str
    identity_number: str
    phone: str
    address: str


def resident(seed: int, number: int) -> Resident:
    """The resident with that number; the same for the same seed."""
    draw = random.Random(f"resident/{seed}/{number}")
    name = draw.choice(_FAMILY) + "".join(draw.choices(_GIVEN, k=draw.randint(1, 2)))
    body = f"440105{draw.randint(1800, 1899)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{draw.randint(1, 999):03}"
    return Resident(
        name=name,
        identity_number=body + ric.calc_check_digit(f"{body}0"),
        phone=f"13{draw.randint(0, 999_999_999):09}",
        address=f"海珠区{draw.choice(_STREETS)}{draw.randint(1, 300)}号",
    )
