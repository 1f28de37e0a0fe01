"""Documents of matters at the reserved place: no system of residents gets them, whatever code it shows."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from onewindow.notify.v1 import notify_event_pb2 as event
from onewindow.notify.v1 import notify_service_pb2 as pb

from chassis.event_store import FileKey, Scope
from chassis.refusals import NotYetHere, Refusal
from chassis.rpc.identity.caller import DISTRICT, EVERY_STREET, Caller, set_caller
from chassis.rpc.limits import RateLimit
from chassis.vault import code_digest
from law.not_allowed import WrongDesk
from protocol.query_codes import WrongCodes, WrongQueryCode
from services.notify.adapters.rpc import NotifyServicer
from services.notify.usecases.document import DocumentNotIssued, DocumentSetAside
from services.notify.usecases.matter import CodeCheck, MatterAccess, UnknownApplication
from tests.support.caught_up import CAUGHT_UP
from tests.unit.notify.matter_events import CODE, PEPPER

PORTAL = Caller("portal", True, frozenset(), "440105", EVERY_STREET, DISTRICT, system="PORTAL")
OUTCOMES = [None, DocumentNotIssued(), DocumentSetAside(), NotYetHere()]


class OneMatter:
    """One matter at a street, and its code."""

    def __init__(self, street: str) -> None:
        self.key = FileKey("440105", street, uuid4())

    async def find(self, _: Scope, application_id: UUID) -> Any:
        return SimpleNamespace(key=self.key) if application_id == self.key.file_id else None

    async def code_digest(self, key: FileKey) -> bytes:
        return code_digest(PEPPER, key.file_id, CODE)


class NoWait:
    """Every position is reached."""

    async def until_reached(self, _: str) -> None:
        return


class Reader:
    """Answers with a document, or refuses."""

    def __init__(self, refusal: Refusal | None) -> None:
        self.refusal = refusal

    async def read(self, *_: object) -> tuple[Any, bytes]:
        if self.refusal is not None:
            raise self.refusal
        return SimpleNamespace(document_number="1", sha256="", occurred_on=date(2016, 3, 1)), b"%PDF-"


@pytest.fixture(autouse=True)
def portal() -> Iterator[None]:
    """Every call is made by the portal."""
    set_caller(PORTAL)
    yield
    set_caller(None)


async def document(street: str, outcome: Refusal | None, code: str = CODE, matter: UUID | None = None) -> bytes:
    matters = OneMatter(street)
    codes = CodeCheck(matters, lambda: PEPPER, WrongCodes(RateLimit(6, 10), RateLimit(60, 100)))
    access = MatterAccess(cast(Any, matters), cast(Any, NoWait()), codes, CAUGHT_UP)
    servicer = NotifyServicer(access, cast(Any, Reader(outcome)), cast(Any, None), cast(Any, None))
    request = pb.GetDocumentRequest(
        application_id=str(matter or matters.key.file_id), kind=event.DOCUMENT_KIND_RECEIPT, query_code=code
    )
    return (await servicer.GetDocument(request, None)).pdf


@pytest.mark.parametrize("code", [CODE, "WRONG234", ""])
@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_a_matter_at_the_reserved_place_is_for_no_portal(outcome: Refusal | None, code: str) -> None:
    with pytest.raises(WrongDesk) as refused:
        await document("440105999", outcome, code)
    assert refused.value.field == "application_id"


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_at_a_street_the_portal_is_answered(outcome: Refusal | None) -> None:
    if outcome is None:
        assert await document("440105008", outcome) == b"%PDF-"
        return
    with pytest.raises(type(outcome)):
        await document("440105008", outcome)


async def test_an_unknown_matter_is_answered_as_a_wrong_code() -> None:
    with pytest.raises(WrongQueryCode):
        await document("440105008", UnknownApplication(), matter=uuid4())
