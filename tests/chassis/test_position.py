"""A position that no answer carried is the caller's mistake, never the service's."""

from uuid import UUID

import pytest

from chassis.event_store.model import FileKey
from chassis.event_store.position import Position, read_positions
from chassis.refusals import Invalid

FILE = "01a20952-0787-704f-9bcc-4673d7edf70b"


@pytest.mark.parametrize(
    "text", ["garbage", f"intake/440105/440105008/{FILE}/2147483648", f"intake/440105/440105008/{FILE}/-1"]
)
def test_a_position_that_no_answer_carried_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_positions(text)
    assert [fault.field for fault in refused.value.fields] == ["after"]


def test_a_position_is_read_as_it_was_written() -> None:
    text = f"intake/440105/440105008/{FILE}/2147483647"
    assert read_positions(text) == [Position("intake", FileKey("440105", "440105008", UUID(FILE)), 2**31 - 1)]
