"""Sealed envelopes from intake to notify: the one encoder, the one decoder, and the place to which each is bound."""

import json

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from onewindow.sealed.v1.envelope_pb2 import Envelope

from chassis.event_store import FileKey

KIND = "envelope"
"""The kind in the headers of every envelope."""
APPLICANT, CORRECTION, DECLINE = "applicant", "correction", "decline"
"""What an envelope holds."""
_VERSION = 1
_FIELDS = frozenset(field.name for field in Envelope.DESCRIPTOR.fields)


class WrongEnvelope(ValueError):
    """The content is no envelope, or belongs to another matter than the one it came with."""


def correction_kind(supplement: int) -> str:
    """The kind of an envelope with a correction notice, or its n-th supplement: each is stored beside the others."""
    return f"{CORRECTION}.{supplement}" if supplement else CORRECTION


def bound_place(key: FileKey) -> bytes:
    """The place to which an envelope is bound: opened under another one, it does not open."""
    return f"{key.district}/{key.street}/{key.file_id}".encode()


def encode_envelope(key: FileKey, content: Envelope) -> bytes:
    """The content for sealing, in JSON with the field names of the contract: the last release reads it as well."""
    whole = Envelope()
    whole.CopyFrom(content)
    whole.v, whole.application_id = _VERSION, str(key.file_id)
    return json_format.MessageToJson(whole, preserving_proto_field_name=True, indent=None, ensure_ascii=False).encode()


def decode_envelope(key: FileKey, payload: bytes) -> Envelope:
    """The content of an opened envelope, in either form. Raises WrongEnvelope."""
    try:
        content = _from_json(payload) if payload.startswith(b"{") else Envelope.FromString(payload)
    except (ValueError, TypeError, DecodeError) as error:
        raise WrongEnvelope("the payload is no envelope") from error
    if content.application_id != str(key.file_id):
        raise WrongEnvelope("the envelope belongs to another matter")
    return content


def _from_json(payload: bytes) -> Envelope:
    """The JSON form as a message. Raises ValueError, TypeError.

    Numbers, texts and a map of texts need no more; json_format takes four times as long, and every message and every
    receipt opens an envelope.
    """
    return Envelope(**{name: value for name, value in json.loads(payload).items() if name in _FIELDS})
