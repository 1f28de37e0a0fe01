"""A refused call tells a person what is wrong, and where."""

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2
from grpc.aio import AioRpcError, Metadata

from client.office import refusal_sentence
from tests.support.wire_refusal import error_of


def refused(sentence: str, **blamed: str) -> AioRpcError:
    """A refusal as a service makes it."""
    faults = [
        error_details_pb2.BadRequest.FieldViolation(field=name, description=sentence)
        for name, sentence in blamed.items()
    ]
    details = [Any(), Any()]
    details[0].Pack(error_details_pb2.ErrorInfo(reason="INVALID"))
    details[1].Pack(error_details_pb2.BadRequest(field_violations=faults))
    code = grpc.StatusCode.INVALID_ARGUMENT
    status = status_pb2.Status(code=code.value[0], message=sentence, details=details)
    return error_of(status)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            refused("填写内容不符合要求。", number="须为二十九位数字。"),
            "填写内容不符合要求。\n    number：须为二十九位数字。",
        ),
        (refused("未找到该申请。", number="未找到该申请。"), "未找到该申请。"),
        (AioRpcError(grpc.StatusCode.UNAVAILABLE, Metadata(), Metadata(), "refused", None), "refused"),
        (ValueError("no call"), "no call"),
    ],
)
def test_the_fields_that_are_blamed_stand_below_the_sentence(error: BaseException, text: str) -> None:
    assert refusal_sentence(error) == text
