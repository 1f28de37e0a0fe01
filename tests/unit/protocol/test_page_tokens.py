"""Page tokens: read as written, and refused by their field when the method never gave them."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from onewindow.intake.v1 import application_pb2 as application_pb

from chassis.refusals import Invalid
from protocol import recount_calls
from protocol.recount_table import PagePlace
from protocol.requests import (
    ITEM_CODE_FORM,
    PAGE_BYTES,
    PAGE_TOKEN,
    decode_page_token,
    encode_page_token,
    page_that_fits,
)
from services.approval.adapters.case import requests as worklist
from services.intake.adapters.application import answers, requests
from services.intake.adapters.catalogue import rpc as catalogue
from services.metrics.adapters import rpc as metrics
from tests.unit.contracts.requests import METHODS

ID = UUID("01a20952-0787-704f-9bcc-4673d7edf70b")
CODE = "11440105MB2D01234X4440105008001"


def the_application_page() -> str:
    listed = SimpleNamespace(key=SimpleNamespace(file_id=ID))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answers, "_application", lambda _: application_pb.Application())
        return answers.applications(cast(Any, [listed]), 2, 1).next_page_token


READ: dict[str, tuple[Callable[[str], object], str]] = {
    "CatalogueService/ListItems": (catalogue._after_code, encode_page_token(CODE.encode())),
    "IntakeService/ListApplications": (requests._after_id, the_application_page()),
    "ApprovalService/ListWorklist": (
        lambda token: worklist.worklist_page(1, token),
        encode_page_token(
            worklist.key_behind(cast(Any, SimpleNamespace(promised_due_on=date(2016, 3, 1), case_id=ID)))
        ),
    ),
    "MetricsService/ListCasesBehind": (
        metrics._last_of_page,
        encode_page_token(metrics._key_of({"application_id": ID, "shown_number": CODE[:20]})),
    ),
    "RecountService/PreviewCalendar": (
        recount_calls._preview_place,
        recount_calls._preview_token("gov-2016.1", PagePlace(date(2016, 3, 1), "440105008", ID)),
    ),
    "RecountService/GetRecount": (recount_calls._changed_behind, recount_calls._changed_token(12)),
}
"""Each method with pages: its reading of a token, and a token of its own."""
LONG = encode_page_token(ID.bytes + (CODE + CODE).encode())
"""A number that no matter has."""
GARBAGE = ["eyJ9", "e30=", "W10=", "AAAA", "*", "%%%", "a", "ab=c", "页", "=", "MA==", "eA==", "_w==", "_____w==", LONG]
OWN = [token for _, token in READ.values()]


def refused_by(read: Callable[[str], object], token: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        read(token)
    return [fault.field for fault in refused.value.fields]


def test_each_method_with_pages_of_the_contract_is_here() -> None:
    paged = {name for name, method in METHODS.items() if PAGE_TOKEN in method.input_type.fields_by_name}
    assert paged == set(READ)


@pytest.mark.parametrize("method", READ)
@pytest.mark.parametrize("token", [*OWN, *GARBAGE])
def test_a_method_reads_its_own_tokens_and_no_others(method: str, token: str) -> None:
    read, own = READ[method]
    if token == own:
        read(token)
    else:
        assert refused_by(read, token) == [PAGE_TOKEN]


@pytest.mark.parametrize("method", READ)
@given(key=some.binary(max_size=80))
def test_no_bytes_make_another_error(method: str, key: bytes) -> None:
    try:
        READ[method][0](encode_page_token(key))
    except Invalid as refused:
        assert [fault.field for fault in refused.fields] == [PAGE_TOKEN]


@pytest.mark.parametrize("method", READ)
def test_without_a_token_the_first_page_is_read(method: str) -> None:
    READ[method][0]("")


@given(some.binary(max_size=80))
def test_a_token_leads_back_to_its_key(key: bytes) -> None:
    assert decode_page_token(encode_page_token(key), ".*") == key


@pytest.mark.parametrize("token", ["eB==", "eA==\n"])
def test_a_token_that_is_only_nearly_one_is_refused(token: str) -> None:
    assert refused_by(lambda text: decode_page_token(text, ".*"), token) == [PAGE_TOKEN]
    assert refused_by(lambda text: decode_page_token(text, ITEM_CODE_FORM), encode_page_token(b"X")) == [PAGE_TOKEN]


@given(some.lists(some.integers(0, 2 * PAGE_BYTES), max_size=12), some.integers(1, 12))
def test_a_page_ends_before_it_is_too_large_and_leads_to_the_next(sizes: list[int], size: int) -> None:
    rows, seen = list(enumerate(sizes)), 0
    while True:
        rest = rows[seen : seen + size]
        page, token = page_that_fits(
            rest, size, lambda row: application_pb.Application(item_name="x" * row[1]), lambda row: str(row[0]).encode()
        )
        answer = application_pb.ListApplicationsResponse(applications=page)
        assert len(page) == 1 or answer.ByteSize() <= PAGE_BYTES
        seen += len(page)
        if not token:
            break
        assert decode_page_token(token, ".*") == str(seen - 1).encode()
    assert seen == len(rows)
