"""Every call that changes something meets the others in the pairs, or says why it does not."""

from collections.abc import Iterator

from google.protobuf.descriptor import MethodDescriptor
from onewindow.approval.v1 import approval_service_pb2, district_gateway_service_pb2
from onewindow.district.v1 import district_service_pb2
from onewindow.intake.v1 import catalogue_service_pb2, hall_service_pb2, intake_service_pb2
from onewindow.metrics.v1 import metrics_service_pb2
from onewindow.notify.v1 import notify_service_pb2
from onewindow.recount.v1 import recount_service_pb2

from tests.pairs.acts import DEEMED, LAPSED, STAGES
from tools.check import ROOT

_CONTRACTS = (
    approval_service_pb2,
    district_gateway_service_pb2,
    district_service_pb2,
    catalogue_service_pb2,
    hall_service_pb2,
    intake_service_pb2,
    metrics_service_pb2,
    notify_service_pb2,
    recount_service_pb2,
)
_READING = ("Get", "List", "Watch", "Preview")
_NO_PAIR = {
    "Submit": "It begins the matter: before it there is nothing on which two acts could meet.",
    "TakeTicket": "A ticket belongs to the queue of a hall, and to no matter.",
    "CallTicket": "A ticket belongs to the queue of a hall, and to no matter.",
    "PublishItem": "A matter keeps the version of the item by which it was handed in.",
    "PublishWindow": "It changes no matter: a window is looked up by the acts that name it.",
    "PublishStreet": "It changes no matter, and a street never goes.",
    "PublishDestination": "It changes no matter: a referral keeps the destination of its item.",
    "PublishHall": "It changes no matter: receipts of later days are dated by it.",
    "PublishCalendar": "It moves many files at once: the pairs play it beside all acts in a test of its own.",
    "ReceiveCase": "The district's own system answers it; its promises are those of the district's contract.",
    "WithdrawCase": "The district's own system answers it; its promises are those of the district's contract.",
}
"""Calls that change something and meet no other, each with the reason."""


def test_every_call_that_changes_something_is_in_the_pairs_or_says_why_not() -> None:
    played = {act.name for stage in (*STAGES, DEEMED, LAPSED) for act in stage.acts}
    changing = {method.name for method in _methods() if not method.name.startswith(_READING)}
    assert changing - played == _NO_PAIR.keys()


def _methods() -> Iterator[MethodDescriptor]:
    for contract in _CONTRACTS:
        for service in contract.DESCRIPTOR.services_by_name.values():
            yield from service.methods


def test_no_contract_is_left_out() -> None:
    listed = {contract.DESCRIPTOR.name for contract in _CONTRACTS}
    on_disk = {str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto").rglob("*_service.proto")}
    assert on_disk == listed
