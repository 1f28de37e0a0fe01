"""The district of the histories: its places, its people, its items, and the keys of its services."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path, PosixPath
from typing import Any

from chassis.clock import SHANGHAI
from chassis.process.parts import ServiceContext
from chassis.rpc.identity.caller import DISTRICT as DISTRICT_LEVEL
from chassis.rpc.identity.caller import Caller, level_of
from embedded import keys
from embedded.data_dir import DataDir
from protocol.known_places import ReceivedPlaces
from services.approval.settings import ApprovalSettings
from services.intake.domain.catalogue.item import (
    AcceptPoint,
    CatalogueItem,
    ClosesOn,
    Destination,
    Extension,
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
from services.intake.settings import IntakeSettings
from services.metrics import app as metrics_app
from services.metrics.settings import MetricsSettings
from services.notify.domain.template.text import Letterhead
from services.notify.settings import NotifySettings

DISTRICT = "440105"
STREET, OTHER_STREET, DISTRICT_PLACE = "440105008", "440105009", "440105000"
PERSON, ANOTHER = "11010519491231002X", "440105184912310027"
DESTINATION, DISTRICT_SYSTEM = "district_decisions", "district-system"
FIRST_MORNING = datetime(2016, 9, 12, 9, 0, tzinfo=SHANGHAI)

_REVIEW = Step("S1", "科室审核", StepKind.REVIEW, StepPost.REVIEWER)
_REFER = Step("S2", "转报", StepKind.REFER, StepPost.HEAD)
_DECIDE = Step("S2", "领导审批", StepKind.DECIDE, StepPost.HEAD)
_MATERIALS = (Material("M01", "申请表", required=True), Material("M02", "居民身份证", required=True))

PROMISED = CatalogueItem(
    code="11440105K3160578855442106001001",
    name="灵活就业登记",
    version=1,
    line=Line.LABOUR,
    kind=ItemKind.PROMISED,
    nature="公共服务",
    decided_by="street",
    closes_on=ClosesOn.DECISION,
    legal_limit=Limit(12, LimitUnit.WORKING_DAYS, "行政许可法 42"),
    promised_limit=Limit(4, LimitUnit.WORKING_DAYS, assumed=True),
    materials=_MATERIALS,
    accept_points=(AcceptPoint.WINDOW, AcceptPoint.ONLINE),
    route=(_REVIEW, _DECIDE),
    seasons=(),
    effective_from=date(2015, 10, 8),
    effective_to=None,
    status=ItemStatus.ACTIVE,
    receipt=True,
    sms=True,
    sensitive=False,
    result_name="登记凭证",
    refers_to="",
    extension=Extension(10, LimitUnit.WORKING_DAYS, "行政许可法 42"),
)
CALENDAR = replace(
    PROMISED,
    code="11440105K3160578855442106002001",
    name="残疾人证办理",
    legal_limit=Limit(30, LimitUnit.CALENDAR_DAYS, "残疾人证管理办法 8"),
    promised_limit=Limit(15, LimitUnit.CALENDAR_DAYS, assumed=True),
)
INSTANT = replace(
    PROMISED,
    code="11440105K3160578855442092004001",
    name="就业登记查询证明",
    kind=ItemKind.INSTANT,
    legal_limit=Limit(0),
    promised_limit=Limit(0),
    extension=None,
    route=(),
    receipt=False,
    sms=False,
    result_name="查询结果",
)
REFERRED = replace(
    PROMISED,
    code="11440105K3160578855442106003001",
    name="再生育登记",
    kind=ItemKind.FORWARDED,
    decided_by="区行政审批局",
    closes_on=ClosesOn.REFERRAL,
    route=(_REVIEW, _REFER),
    refers_to=DESTINATION,
)
AT_DISTRICT = replace(
    REFERRED,
    code="11440105K3160578855442106004001",
    name="居住证核发",
    closes_on=ClosesOn.DISTRICT_DECISION,
)
ITEMS: Mapping[str, CatalogueItem] = {
    "promised": PROMISED,
    "calendar": CALENDAR,
    "instant": INSTANT,
    "referred": REFERRED,
    "at_district": AT_DISTRICT,
}
"""Items of the histories by short names."""
HALL = Street(STREET, "南华西街道")
RECEIVER = Destination(DESTINATION, "区行政审批局")
WINDOW = Window("W1", "综合1号窗", STREET, True, (), date(2015, 10, 8), None)


def staff(number: str, *posts: str, street: str = STREET) -> Caller:
    """A member of staff."""
    return Caller(number, False, frozenset(posts), DISTRICT, street, level_of(street), street)


CALLERS: Mapping[str, Caller] = {
    "clerk": staff("NHX-001", "CLERK"),
    "clerk2": staff("NHX-002", "CLERK"),
    "reviewer": staff("NHX-101", "REVIEWER"),
    "reviewer2": staff("NHX-102", "REVIEWER"),
    "head": staff("NHX-201", "HEAD"),
    "stranger": staff("QT-001", "CLERK", "REVIEWER", "HEAD", street=OTHER_STREET),
    "configurator": staff("HZQ-001", "CONFIGURATOR", street=DISTRICT_PLACE),
    "supervisor": staff("HZQ-301", "SUPERVISOR", street=DISTRICT_PLACE),
    "district": Caller(
        DISTRICT_SYSTEM,
        True,
        frozenset(),
        DISTRICT,
        "*",
        DISTRICT_LEVEL,
        system="DISTRICT_SYSTEM",
        destinations=frozenset({DESTINATION}),
    ),
}
"""Callers by short names."""


class StandingFile(PosixPath):
    """A file that nothing replaces: it is looked at and read once for the process."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """What the first look saw."""
        return _looked_at(str(self))

    def read_bytes(self) -> bytes:
        """The content."""
        return _content(str(self))


@cache
def _looked_at(path: str) -> os.stat_result:
    return Path(path).stat()


@cache
def _content(path: str) -> bytes:
    return Path(path).read_bytes()


@cache
def _keys() -> DataDir:
    folder = tempfile.mkdtemp(prefix="onewindow-simulation-")
    home = DataDir(Path(folder))
    home.keys.mkdir(parents=True)
    keys.provide(home)
    return home


@cache
def settings_of(service: str) -> Any:
    """The settings of a service; its keys are made once for every history of the process."""
    folder = _keys().keys
    shared: dict[str, Any] = {
        "district": DISTRICT,
        "token_issuer": keys.ISSUER,
        "vault_key_file": StandingFile(folder / keys.VAULT),
        "query_code_pepper_file": StandingFile(folder / keys.PEPPER),
        "objects_url": "memory://",
    }
    match service:
        case "intake":
            return IntakeSettings.model_construct(
                **shared,
                seal_public_key_file=StandingFile(folder / keys.SEAL_PUBLIC),
                read_pass_public_key_file=StandingFile(folder / keys.READ_PASS_PUBLIC),
            )
        case "approval":
            return ApprovalSettings.model_construct(
                **shared,
                read_pass_private_key_file=StandingFile(folder / keys.READ_PASS_PRIVATE),
                district_target="district:1",
            )
        case "notify":
            return NotifySettings.model_construct(
                **shared,
                seal_private_key_file=StandingFile(folder / keys.SEAL_PRIVATE),
                sms_url="http://gateway",
                office=Letterhead(signature="南华西街道", phone="020-12345", hall="政务服务中心"),
            )
    return MetricsSettings.model_construct(**shared)


def received_places(service: str, context: ServiceContext[Any]) -> ReceivedPlaces:
    """Streets and windows as a service that receives intake knows them."""
    places = ReceivedPlaces(context.waiter, context.worker, DISTRICT, context.catch_up)
    return metrics_app.known_places(context) if service == "metrics" else places
