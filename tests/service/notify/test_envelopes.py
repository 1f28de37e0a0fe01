"""Envelopes from intake: stored encrypted, one text for each kind, and only for the matter they belong to."""

import json
from uuid import uuid4

import pytest
from onewindow.sealed.v1.envelope_pb2 import Envelope

from chassis.inbox import InboxTransaction
from protocol.envelope import CORRECTION, WrongEnvelope, correction_kind, encode_envelope
from tests.service.notify.room import Room
from tests.unit.notify.matter_events import MatterEvents


async def stored(room: Room, matter: MatterEvents) -> list[str]:
    rows = await room.rows("select name from vault_text where file_id = $1 order by name", matter.application_id)
    return [row["name"] for row in rows]


async def test_envelopes_of_one_matter_are_stored_side_by_side(room: Room) -> None:
    matter = MatterEvents()
    texts = encode_envelope(matter.key, Envelope(kind=CORRECTION, texts={"correction.M01": "缺少签名"}))
    await room.receive(matter.envelope())
    await room.receive(matter.sealed(texts, revision=2))
    assert await stored(room, matter) == ["applicant", "correction"]
    assert await room.matters.matters.phone(matter.key) == "13800138000"


async def test_each_supplement_to_a_notice_is_stored_beside_it(room: Room) -> None:
    matter = MatterEvents()
    for supplement in range(3):
        content = Envelope(kind=correction_kind(supplement), texts={f"correction.{supplement}.M01": "缺少签名"})
        await room.receive(matter.sealed(encode_envelope(matter.key, content), revision=2 + supplement))
    assert await stored(room, matter) == ["correction", "correction.1", "correction.2"]


async def test_two_envelopes_of_one_matter_in_one_batch_have_one_key(room: Room) -> None:
    matter = MatterEvents()
    texts = encode_envelope(matter.key, Envelope(kind=CORRECTION, texts={"correction.M01": "缺少签名"}))
    async with room.pool.acquire() as connection, connection.transaction():
        events = [matter.envelope(), matter.sealed(texts)]
        await room.subscription("sealed").apply(InboxTransaction(connection), events)
    assert await stored(room, matter) == ["applicant", "correction"]


async def test_an_envelope_of_the_first_release_is_read(room: Room) -> None:
    matter = MatterEvents()
    content = {
        "v": 1, "kind": "applicant", "application_id": str(matter.application_id), "name": "陈大文",
        "phone": "13900139000", "query_code": "ABCD2345",
    }  # fmt: skip # as intake wrote it
    await room.receive(matter.sealed(json.dumps(content).encode()))
    assert await room.matters.matters.phone(matter.key) == "13900139000"


async def test_an_envelope_of_another_matter_is_refused(room: Room) -> None:
    matter = MatterEvents()
    other = json.dumps({"v": 1, "kind": "applicant", "application_id": str(uuid4())}).encode()
    with pytest.raises(WrongEnvelope, match="another matter"):
        async with room.pool.acquire() as connection, connection.transaction():
            await room.subscription("sealed").apply(InboxTransaction(connection), [matter.sealed(other)])
    assert await stored(room, matter) == []


async def test_without_an_envelope_no_telephone_is_known(room: Room) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted())
    assert await room.matters.matters.phone(matter.key) == ""
