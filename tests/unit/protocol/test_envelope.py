"""Envelopes: one encoder, one decoder, and a form that the last release reads."""

import json
from uuid import UUID

import pytest
from onewindow.sealed.v1.envelope_pb2 import Envelope

from chassis.event_store import FileKey
from protocol.envelope import APPLICANT, CORRECTION, WrongEnvelope, bound_place, decode_envelope, encode_envelope

KEY = FileKey("440105", "440105008", UUID("0195a1f0-0000-7000-8000-000000000001"))
OTHER = FileKey("440105", "440105008", UUID("0195a1f0-0000-7000-8000-000000000002"))
CONTENT = Envelope(
    kind=APPLICANT, name="陈示例", phone="13800000000", identity_masked="440105********0027", query_code="ABCD2345"
)


def test_an_envelope_is_read_as_it_was_written() -> None:
    read = decode_envelope(KEY, encode_envelope(KEY, CONTENT))
    assert (read.name, read.phone, read.query_code) == ("陈示例", "13800000000", "ABCD2345")
    assert (read.v, read.application_id) == (1, str(KEY.file_id))


def test_the_last_release_finds_the_fields_it_reads() -> None:
    written = json.loads(encode_envelope(KEY, CONTENT))
    assert written["kind"] == "applicant"
    assert written["application_id"] == str(KEY.file_id)
    assert (written["name"], written["query_code"]) == ("陈示例", "ABCD2345")
    assert (written["v"], written["identity_masked"]) == (1, "440105********0027")


def test_an_envelope_of_the_last_release_is_read() -> None:
    old = {
        "v": 1, "application_id": str(KEY.file_id), "kind": "applicant", "name": "陈示例", "phone": "", "address": "",
        "agent": "", "identity_masked": "4401**27", "identity_index": "ab", "query_code": "ABCD2345",
    }  # fmt: skip # the fields in the order in which they were written
    assert decode_envelope(KEY, json.dumps(old).encode()).identity_masked == "4401**27"


def test_texts_of_letters_keep_their_names() -> None:
    content = Envelope(kind=CORRECTION, texts={"correction.M01": "缺少签名"})
    assert dict(decode_envelope(KEY, encode_envelope(KEY, content)).texts) == {"correction.M01": "缺少签名"}


def test_the_binary_form_is_read_too() -> None:
    whole = decode_envelope(KEY, encode_envelope(KEY, CONTENT))
    assert decode_envelope(KEY, whole.SerializeToString()) == whole


def test_a_field_of_a_newer_release_is_ignored() -> None:
    newer = json.loads(encode_envelope(KEY, CONTENT)) | {"language": "zh"}
    assert decode_envelope(KEY, json.dumps(newer).encode()).name == "陈示例"


@pytest.mark.parametrize("payload", [b"{", b'{"v": "one"}', b"\xff\xff\xff", b"{}", b""])
def test_what_is_no_envelope_is_refused(payload: bytes) -> None:
    with pytest.raises(WrongEnvelope):
        decode_envelope(KEY, payload)


def test_an_envelope_of_another_matter_is_refused() -> None:
    with pytest.raises(WrongEnvelope, match="another matter"):
        decode_envelope(OTHER, encode_envelope(KEY, CONTENT))


def test_an_envelope_is_bound_to_its_place() -> None:
    assert bound_place(KEY) == f"440105/440105008/{KEY.file_id}".encode()
    assert bound_place(KEY) != bound_place(OTHER)
