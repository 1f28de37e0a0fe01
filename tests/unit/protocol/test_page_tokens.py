"""Page tokens: read as written, and refused by their field when they were never given."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chassis.refusals import Invalid
from protocol.requests import decode_page_token, encode_page_token


@given(some.binary(max_size=80))
def test_a_token_leads_back_to_its_key(key: bytes) -> None:
    assert decode_page_token(encode_page_token(key)) == key


@pytest.mark.parametrize("token", ["*", "a", "ab=c", "页"])
def test_a_token_that_no_answer_gave_is_refused_by_its_field(token: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_page_token(token)
    assert [fault.field for fault in refused.value.fields] == ["page_token"]
