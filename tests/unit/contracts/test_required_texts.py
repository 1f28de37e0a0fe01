"""Required texts have a visible sign: by one pattern in the contract, by one rule in the code."""

from collections.abc import Iterator

import pytest
from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from onewindow.approval.v1 import approval_service_pb2, district_gateway_service_pb2
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import catalogue_service_pb2, hall_service_pb2, intake_service_pb2
from onewindow.notify.v1 import notify_service_pb2

from chassis.refusals import Invalid
from chassis.rpc.validation import check, has_visible

SERVICES = (
    intake_service_pb2,
    hall_service_pb2,
    catalogue_service_pb2,
    approval_service_pb2,
    district_gateway_service_pb2,
    notify_service_pb2,
)
VISIBLE = r"[^\s\p{Z}\p{Cc}\p{Cf}\p{M}\x{115F}\x{1160}\x{2800}\x{3164}\x{FFA0}]"
READ_OTHERWISE = {"identity_number", "receiver_identity_number", "read_pass"}
"""Numbers with a check digit and signed passes: what is wrong with one has a name of its own."""
BLANK = ["\u200b", " \u3000\t\n", "\u00a0\u2009", "\ufeff\u2060", "\u3164", "\u2800", "\ufe0f\u0301", "\u00ad\u202e"]
WRITTEN = ["张", "\u200b张\u200b", "Ann", "é", "0", "·", "㐱", "\U0002a6a5", "\ue000"]


def _requests() -> Iterator[Descriptor]:
    waiting = [
        method.input_type
        for module in SERVICES
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    ]
    seen: set[str] = set()
    while waiting:
        message = waiting.pop()
        if message.full_name not in seen:
            seen.add(message.full_name)
            yield message
            waiting += [field.message_type for field in message.fields if field.message_type is not None]


def _required_texts() -> dict[str, FieldDescriptor]:
    return {
        field.full_name: field
        for message in _requests()
        for field in message.fields
        if field.GetOptions().Extensions[validate_pb2.field].string.min_len and field.name not in READ_OTHERWISE
    }


def test_every_required_text_of_a_call_is_held_to_the_one_pattern_or_to_its_own_signs() -> None:
    patterns = {
        name: field.GetOptions().Extensions[validate_pb2.field].string.pattern
        for name, field in _required_texts().items()
    }
    assert {name for name, pattern in patterns.items() if pattern != VISIBLE and not pattern.startswith("^")} == set()
    assert len([pattern for pattern in patterns.values() if pattern == VISIBLE]) >= 16


@pytest.mark.parametrize("text", BLANK, ids=ascii)
def test_what_cannot_be_seen_is_not_written(text: str) -> None:
    assert not has_visible(text)
    with pytest.raises(Invalid) as refused:
        check(intake_service_pb2.ShortfallInput(material_code="M01", defect=text))
    assert [fault.field for fault in refused.value.fields] == ["defect"]
    named = catalogue_pb2.Step(code="S1", name=text, kind=catalogue_pb2.STEP_KIND_DECIDE, staff=1)
    with pytest.raises(Invalid) as refused:
        check(named)
    assert "name" in [fault.field for fault in refused.value.fields]


@pytest.mark.parametrize("text", WRITTEN, ids=ascii)
def test_one_sign_that_can_be_seen_is_enough(text: str) -> None:
    assert has_visible(text)
    check(intake_service_pb2.ShortfallInput(material_code="M01", defect=text))
