"""A whole, valid request of every method of the contracts, as it is written in JSON."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from onewindow.approval.v1 import approval_service_pb2, district_gateway_service_pb2
from onewindow.district.v1 import district_service_pb2
from onewindow.intake.v1 import catalogue_service_pb2, hall_service_pb2, intake_service_pb2
from onewindow.metrics.v1 import metrics_service_pb2
from onewindow.notify.v1 import notify_service_pb2
from onewindow.recount.v1 import recount_service_pb2

MODULES: tuple[ModuleType, ...] = (
    intake_service_pb2,
    catalogue_service_pb2,
    hall_service_pb2,
    approval_service_pb2,
    district_gateway_service_pb2,
    metrics_service_pb2,
    notify_service_pb2,
    recount_service_pb2,
    district_service_pb2,
)

REQUEST, FILE = "request-0001", "01957a3e-7c00-7000-8000-000000000001"
ITEM_CODE = "11440105K3160578855442106001001"
NUMBER = ITEM_CODE + "201609140001"
DIGEST = "ab" * 32
PLACE = {"district": "440105", "street": "440105008"}
ON_FILE = {"request_id": REQUEST, "application_id": FILE, "revision": 3}
APPROVAL = {"number": "海珠府函〔2016〕12号", "approved_on": "2016-03-10", "approved_by": "海珠区人民政府"}
ON_CASE = {"request_id": REQUEST, "case_id": FILE, "revision": 3}
PAPER = {"material_code": "M01", "form": "MATERIAL_FORM_ELECTRONIC", "copies": 1, "sha256": DIGEST}
LIMIT = {"days": 20, "unit": "LIMIT_UNIT_WORKING_DAYS", "article": "行政许可法 42"}
STEP = {
    "code": "S1",
    "name": "科室审核",
    "kind": "STEP_KIND_REVIEW",
    "post": "STEP_POST_REVIEWER",
    "staff": 1,
    "days": 5,
}
APPLICANT = {
    "kind": "APPLICANT_KIND_PERSON",
    "name": "张三",
    "identity_number": "11010519491231002X",
    "phone": "13800000000",
    "address": "南华西街道",
}
SUBMISSION = {
    "place": PLACE,
    "item_code": ITEM_CODE,
    "channel": "CHANNEL_WINDOW",
    "window": "W1",
    "ticket_id": FILE,
    "applicant": APPLICANT,
    "agent": {"name": "李四", "identity_number": "11010519491231002X", "phone": "13900000000"},
    "materials": [PAPER],
}
ACCEPTED_ITEM = {
    "code": ITEM_CODE,
    "name": "计划生育服务证办理",
    "version": 1,
    "line": "LINE_FAMILY_PLANNING",
    "kind": "ITEM_KIND_FORWARDED",
    "closes_on": "CLOSES_ON_REFERRAL",
    "legal_limit": LIMIT,
    "promised_limit": LIMIT,
    "route": [STEP],
    "decided_by": "区卫生健康局",
    "refers_to": "health",
    "result_name": "计划生育服务证",
}
ITEM = ACCEPTED_ITEM | {
    "nature": "行政许可",
    "materials": [{"code": "M01", "name": "申请表", "required": True}],
    "accept_points": ["ACCEPT_POINT_WINDOW"],
    "seasons": [{"open_from": "2016-03-01", "open_to": "2016-03-31"}],
    "effective_from": "2015-10-08",
    "effective_to": "2017-10-08",
    "status": "ITEM_STATUS_ACTIVE",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "IntakeService/Submit": {"request_id": REQUEST, "submission": SUBMISSION, "after": "x"},
    "IntakeService/UploadMaterial": {
        "header": {
            "request_id": REQUEST,
            "application_id": FILE,
            "material_code": "M01",
            "media_type": "application/pdf",
            "sha256": DIGEST,
            "place": PLACE,
        }
    },
    "IntakeService/CorrectOnTheSpot": ON_FILE
    | {"materials": [PAPER], "change": "更正了出生日期", "applicant_consents": True},
    "IntakeService/Accept": ON_FILE,
    "IntakeService/Decline": ON_FILE
    | {"ground": "DECLINE_GROUND_NOT_OURS", "reason": "不属于本机关职权", "proper_organ": "区人社局"},
    "IntakeService/RequestCorrection": ON_FILE | {"shortfalls": [{"material_code": "M01", "defect": "未签名"}]},
    "IntakeService/SupplyCorrection": ON_FILE | {"materials": [PAPER], "place": PLACE},
    "IntakeService/CompleteOnTheSpot": {"request_id": REQUEST, "application_id": FILE, "revision": 3, "after": "x"},
    "IntakeService/Withdraw": ON_FILE | {"reason": "不再需要", "place": PLACE, "after": "x"},
    "IntakeService/Rate": {
        "request_id": REQUEST,
        "application_id": FILE,
        "grade": 1,
        "remark": "很好",
        "place": PLACE,
        "after": "x",
    },
    "IntakeService/GetApplication": {"application_id": FILE, "after": "x", "place": PLACE},
    "IntakeService/ListApplications": {
        "stage": "APPLICATION_STAGE_SUBMITTED",
        "item_code": ITEM_CODE,
        "page_size": 50,
        "page_token": "x",
        "after": "x",
    },
    "IntakeService/GetApplicant": {"read_pass": "a.b.c", "application_id": FILE, "after": "x"},
    "CatalogueService/PublishItem": {"request_id": REQUEST, "item": ITEM},
    "CatalogueService/PublishCalendar": {
        "request_id": REQUEST,
        "notice": {
            "year": 2027,
            "number": "甲〔2026〕1号",
            "days_off": ["2027-01-01"],
            "makeup_days": ["2027-01-03"],
        },
    },
    "CatalogueService/GetCalendar": {"year": 2016},
    "RecountService/PreviewCalendar": {
        "notice": {"year": 2027, "number": "甲〔2026〕1号", "days_off": ["2027-01-01"]},
        "page_size": 50,
        "page_token": "x",
    },
    "RecountService/GetRecount": {"calendar_version": "2026+2027.1", "page_size": 50, "page_token": "x"},
    "CatalogueService/PublishStreet": {
        "request_id": REQUEST,
        "street": {"code": "440105008", "name": "南华西街道"},
    },
    "CatalogueService/PublishDestination": {
        "request_id": REQUEST,
        "destination": {"code": "housing", "name": "区住房保障办公室"},
    },
    "CatalogueService/PublishWindow": {
        "request_id": REQUEST,
        "window": {
            "code": "W1",
            "name": "综合1号窗",
            "street": "440105008",
            "lines": ["LINE_LABOUR"],
            "open_from": "2015-10-08",
            "open_to": "2017-10-08",
        },
    },
    "CatalogueService/PublishHall": {
        "request_id": REQUEST,
        "hall": {
            "street": "440105008",
            "hours": [
                {
                    "day": "SERVICE_DAY_WORKING_DAY",
                    "opens_at": "08:30",
                    "closes_at": "17:30",
                    "effective_from": "2015-10-08",
                    "effective_to": "2100-10-08",
                }
            ],
            "closures": [
                {
                    "says": "业务学习",
                    "weekday": 5,
                    "begins_at": "16:30",
                    "ends_at": "17:30",
                    "effective_from": "2016-07-01",
                    "effective_to": "2017-07-01",
                }
            ],
        },
    },
    "CatalogueService/GetHall": {"street": "440105008", "after": "x"},
    "CatalogueService/GetItem": {"item_code": ITEM_CODE, "on": "2016-03-01", "after": "x"},
    "CatalogueService/ListItems": {"page_size": 50, "page_token": "x", "after": "x"},
    "IntakeService/GetTermProof": {"number": NUMBER, "after": "x", "place": PLACE, "query_code": "ABCD2345"},
    "HallService/TakeTicket": {"request_id": REQUEST, "place": PLACE, "line": "LINE_LABOUR"},
    "HallService/CallTicket": {"request_id": REQUEST, "ticket_id": FILE, "window": "W1"},
    "HallService/GetQueue": {"place": PLACE},
    "ApprovalService/ListWorklist": {"post": "POST_HEAD", "page_size": 50, "page_token": "x", "after": "x"},
    "ApprovalService/Claim": ON_CASE | {"after": "x"},
    "ApprovalService/Release": ON_CASE | {"after": "x"},
    "ApprovalService/CompleteStep": ON_CASE | {"opinion": "OPINION_AGREE", "remark": "同意", "after": "x"},
    "ApprovalService/Refer": ON_CASE | {"opinion": "同意转报", "after": "x"},
    "ApprovalService/Decide": ON_CASE | {"outcome": "OUTCOME_GRANTED", "reasons": "符合条件", "after": "x"},
    "ApprovalService/Extend": ON_CASE | {"days": 5, "reason": "案情复杂", "after": "x", "approval": APPROVAL},
    "ApprovalService/Pause": ON_CASE
    | {"procedure": "SPECIAL_PROCEDURE_HEARING", "expected_days": 10, "reason": "依法听证", "after": "x"}
    | {"kind": "hearing", "first_on": "2016-03-08", "expected_end_on": "2016-03-21", "last_on": "2016-03-22"},
    "ApprovalService/ApprovePause": ON_CASE | {"after": "x"},
    "ApprovalService/DeclinePause": ON_CASE | {"reason": "无需听证", "after": "x"},
    "ApprovalService/Resume": ON_CASE | {"last_on": "2016-03-22", "after": "x"},
    "ApprovalService/GetCase": {"case_id": FILE, "after": "x"},
    "ApprovalService/GetTermProof": {"case_id": FILE, "after": "x"},
    "DistrictGatewayService/ReportProgress": {"report_key": "report-01", "case_id": FILE, "stage": "REVIEWING"},
    "DistrictGatewayService/ReportDecision": {
        "report_key": "report-01",
        "case_id": FILE,
        "outcome": "OUTCOME_REFUSED",
        "decided_on": "2016-03-14",
        "reasons": "不符合条件",
    },
    "DistrictGatewayService/ReturnCase": {
        "report_key": "report-01",
        "case_id": FILE,
        "reasons": "材料不全",
        "returned_on": "2016-03-14",
    },
    "DistrictGatewayService/ReportPause": {
        "report_key": "report-01",
        "case_id": FILE,
        "procedure": "SPECIAL_PROCEDURE_APPRAISAL",
        "kind": "appraisal",
        "first_on": "2016-03-10",
        "reason": "需要鉴定",
    },
    "DistrictGatewayService/ReportResumption": {"report_key": "report-01", "case_id": FILE, "last_on": "2016-03-14"},
    "DistrictGatewayService/ReportExtension": {
        "report_key": "report-01",
        "case_id": FILE,
        "days": 5,
        "approval": APPROVAL,
        "decided_on": "2016-03-14",
        "reason": "情况复杂",
    },
    "DistrictGatewayService/IssueSupervisionOrder": {
        "order_key": "order-001",
        "case_id": FILE,
        "content": "请说明超期原因",
        "due_on": "2016-03-18",
    },
    "MetricsService/GetProgress": {"number": NUMBER, "query_code": "ABCD2345", "after": "x"},
    "MetricsService/GetReport": {
        "kind": "PERIOD_KIND_MONTH",
        "period": "2016-03",
        "street": "440105008",
        "after": "x",
    },
    "MetricsService/ListCasesBehind": {
        "kind": "PERIOD_KIND_MONTH",
        "period": "2016-03",
        "street": "440105008",
        "indicator": "on_time",
        "side": "SIDE_REST",
        "page_size": 50,
        "page_token": "x",
        "after": "x",
    },
    "MetricsService/WatchBoard": {"street": "440105008"},
    "NotifyService/GetDocument": {
        "application_id": FILE,
        "kind": "DOCUMENT_KIND_RECEIPT",
        "after": "x",
    },
    "NotifyService/GetTermProof": {"application_id": FILE, "after": "x"},
    "NotifyService/ListNotices": {"application_id": FILE, "after": "x"},
    "NotifyService/OfferDecision": {
        "request_id": REQUEST,
        "application_id": FILE,
        "way": "OFFER_WAY_CALL",
        "after": "x",
    },
    "NotifyService/RecordCollection": {
        "request_id": REQUEST,
        "application_id": FILE,
        "receiver_identity_number": "11010519491231002X",
        "in_person": True,
        "window": "W1",
        "after": "x",
    },
    "DistrictApprovalService/ReceiveCase": {
        "key": "handoff-01",
        "case_id": FILE,
        "number": NUMBER,
        "item": ACCEPTED_ITEM,
        "from": PLACE,
        "destination": "health",
        "referred_on": "2016-03-08",
        "opinion": "同意转报",
        "materials": [{"material_code": "M01", "copies": 1, "sha256": DIGEST}],
        "package_digest": DIGEST,
        "read_pass": "a.b.c",
        "promised_due_on": "2016-04-07",
        "application_id": FILE,
    },
    "DistrictApprovalService/GetCase": {"key": "handoff-01"},
    "DistrictApprovalService/ListCaseChanges": {"cursor": "x", "page_size": 100},
    "DistrictApprovalService/WithdrawCase": {"key": "handoff-01", "case_id": FILE, "withdrawn_on": "2016-03-14"},
}


def methods() -> Iterator[tuple[str, MethodDescriptor]]:
    """Every method of the contracts by its service and its name."""
    for module in MODULES:
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                yield f"{service.name}/{method.name}", method


METHODS = dict(methods())


def example(name: str) -> Message:
    """The request of a method, whole and valid."""
    return ParseDict(EXAMPLES[name], message_factory.GetMessageClass(METHODS[name].input_type)())


def awaiting(service: str, position: str) -> dict[str, Message]:
    """The requests of a service's methods that wait for a position, for this one; by the names of the methods."""
    requests = {}
    for name, method in METHODS.items():
        if name.startswith(f"{service}/") and "after" in method.input_type.fields_by_name:
            request: Any = example(name)
            request.after = position
            if "page_token" in method.input_type.fields_by_name:
                request.page_token = ""
            requests[method.name] = request
    return requests
