"""Events of one matter for tests of notify, as intake and approval publish them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1.desk_pb2 import Actor, Place
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.sealed.v1.envelope_pb2 import Envelope

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from chassis.vault import code_digest, seal_to
from protocol.envelope import APPLICANT, KIND, bound_place, encode_envelope
from protocol.identifiers import catalogue_entry_id, district_leg_id, street_leg_id
from tests.support.ledger import DISTRICT, MORNING, STREET

ITEM = "11440105K316057885442014001001A"
PHONE = "13800138000"
IDENTITY = "440105184912310027"
CODE = "ABCD2345"
PEPPER = b"pepper of the query codes"

_private = X25519PrivateKey.generate()
PRIVATE_KEY = _private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC_KEY = _private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass
class MatterEvents:
    """One matter; each method is the next event of one of its files."""

    street: str = STREET
    item: Mapping[str, Any] = field(default_factory=dict)
    applicant_index: str = "aa"
    recorded_at: datetime = MORNING
    staff_no: str = "S0031"
    application_id: UUID = field(default_factory=uuid4)
    _revisions: dict[UUID, int] = field(default_factory=dict)

    @property
    def key(self) -> FileKey:
        """The dossier."""
        return FileKey(DISTRICT, self.street, self.application_id)

    @property
    def case_id(self) -> UUID:
        """The street's leg."""
        return street_leg_id(self.application_id)

    def submitted(self) -> InboxEvent:
        """收件."""
        return self._intake(
            application_submitted=intake.ApplicationSubmitted(
                item_code=ITEM,
                item_version=1,
                item_name="居住证核发",
                line=catalogue.LINE_LABOUR,
                query_code_digest=code_digest(PEPPER, self.application_id, CODE).hex(),
            )
        )

    def correction_requested(self, supplement: int = 0) -> InboxEvent:
        """一次性告知, or a supplement to it."""
        fact = intake.CorrectionRequested(
            letter_number="440105008告〔2016〕0001号",
            shortfalls=[intake.Shortfall(material_code="M01"), intake.Shortfall(material_code="M02")],
            supply_by="2016-03-31",
            supplement=supplement,
        )
        return self._intake(correction_requested=fact)

    def accepted(self) -> InboxEvent:
        """受理."""
        fact = intake.ApplicationAccepted(
            number=f"{ITEM}201603010007",
            serial_number="4401050080000010011603010007",
            ground=intake.ACCEPTANCE_GROUND_COMPLETE,
            item=self._accepted_item(),
            received_on="2016-03-01",
            accepted_on="2016-03-01",
            promised_due_on="2016-03-22",
            legal_due_on="2016-03-29",
            window="W3",
            materials=[intake.HandedIn(material_code="M01", form=intake.MATERIAL_FORM_COPY, copies=1)],
            applicant_index=self.applicant_index,
        )
        return self._intake(application_accepted=fact)

    def declined(self) -> InboxEvent:
        """不予受理."""
        fact = intake.ApplicationDeclined(
            ground=intake.DECLINE_GROUND_NOT_OURS, letter_number="440105008不受〔2016〕0001号"
        )
        return self._intake(application_declined=fact)

    def withdrawn(self, *, after_acceptance: bool = False) -> InboxEvent:
        """撤回."""
        fact = intake.ApplicationWithdrawn(after_acceptance=after_acceptance)
        return self._intake(application_withdrawn=fact)

    def item_published(self) -> InboxEvent:
        """A version of the item, at the district's place."""
        item = catalogue.Item(
            code=ITEM,
            name="居住证核发",
            version=1,
            kind=catalogue.ITEM_KIND_PROMISED,
            sms=self.item.get("sms", True),
            sensitive=self.item.get("sensitive", False),
            materials=[catalogue.Material(code="M01", name="居民身份证")],
        )
        return item_event(item)

    def envelope(self, phone: str = PHONE) -> InboxEvent:
        """Whose matter it is, sealed as intake seals it."""
        content = Envelope(
            kind=APPLICANT,
            name="陈大文",
            phone=phone,
            identity_masked="440105**********27",
            identity_index=self.applicant_index,
            query_code=CODE,
        )
        return self.sealed(encode_envelope(self.key, content))

    def sealed(self, content: bytes, revision: int = 1) -> InboxEvent:
        """An envelope with this content, bound to the matter."""
        body = seal_to(PUBLIC_KEY, content, bound_place(self.key))
        return InboxEvent("sealed", self.key, revision, uuid4(), KIND, body)

    def referred(self) -> InboxEvent:
        """转报."""
        return self._approval(case_referred=approval.CaseReferred(item=self._accepted_item()))

    def paused(self, procedure: Any = approval.SPECIAL_PROCEDURE_HEARING) -> InboxEvent:
        """特别程序."""
        fact = approval.TermPaused(procedure=procedure, expected_days=10)
        return self._approval(term_paused=fact)

    def paused_until(self) -> InboxEvent:
        """特别程序 of the item's own law, with its expected end."""
        kind = catalogue.ProcedureKind(code="publicity", name="公示", article="社会救助暂行办法 11")
        expected = approval.ExpectedEnd(on="2016-03-21", days=10, overdue_on="2016-03-22", provisional=True)
        fact = approval.TermPaused(
            procedure=approval.SPECIAL_PROCEDURE_OTHER, expected_days=10, kind=kind, expected=expected
        )
        return self._approval(term_paused=fact)

    def resumed(self) -> InboxEvent:
        """恢复计时."""
        kind = catalogue.ProcedureKind(code="hearing", name="听证", article="行政许可法 45")
        term = approval.Term(promised_due_on="2016-03-30", provisional=True)
        return self._approval(term_resumed=approval.TermResumed(kind=kind, term=term))

    def returned(
        self,
        promised_due_on: str = "2016-03-30",
        *,
        broken: bool = False,
        dated: bool = True,
        provisional: bool = False,
    ) -> InboxEvent:
        """退回, on the street's leg; undated as releases up to 0.2.0 wrote it."""
        fact = approval.CaseReturned(leg=approval.LEG_STREET, returned_on="2016-03-10", attempt=1)
        if dated:
            ledger = approval.TermLedger(promise_broken=broken)
            fact.term.CopyFrom(
                approval.Term(
                    promised_due_on=promised_due_on,
                    legal_due_on="2016-04-13",
                    provisional=provisional,
                    ledger=ledger,
                )
            )
        return self._approval(case_returned=fact)

    def extended(self) -> InboxEvent:
        """延期."""
        return self._approval(
            term_extended=approval.TermExtended(days=5, term=approval.Term(promised_due_on="2016-03-29"))
        )

    def extended_jointly(self) -> InboxEvent:
        """延期 of organs that act together."""
        approved = approval.GovernmentApproval(
            number="海珠府函〔2016〕12号", approved_on="2016-03-01", approved_by="海珠区人民政府"
        )
        ledger = approval.TermLedger(extension_days=15, promise_extension_days=15, extension_approval=approved)
        term = approval.Term(promised_due_on="2016-04-06", ledger=ledger)
        return self._approval(term_extended=approval.TermExtended(days=15, term=term))

    def decided(self) -> InboxEvent:
        """准予."""
        fact = approval.CaseDecided(outcome=approval.OUTCOME_GRANTED, leg=approval.LEG_STREET)
        return self._approval(case_decided=fact)

    def decided_by_district(self, *, closes: bool) -> InboxEvent:
        """区办理结果, on the street's leg."""
        fact = approval.DistrictDecided(
            outcome=approval.OUTCOME_REFUSED, decided_on="2016-02-29", closes=closes, leg=approval.LEG_STREET
        )
        return self._approval(district_decided=fact)

    def case_withdrawn(self) -> InboxEvent:
        """撤回, after acceptance."""
        return self._approval(case_withdrawn=approval.CaseWithdrawn())

    def withdrawal_too_late(self) -> InboxEvent:
        """撤回不生效."""
        return self._approval(withdrawal_too_late=approval.WithdrawalTooLate(withdrawn_on="2016-02-29"))

    def decided_on_the_districts_leg(self) -> InboxEvent:
        """A fact of the district's leg, which is no message of the street."""
        leg = district_leg_id(self.application_id, 1)
        fact = approval.CaseDecided(outcome=approval.OUTCOME_GRANTED, leg=approval.LEG_DISTRICT)
        event = approval.ApprovalEvent(application_id=str(self.application_id), case_decided=fact)
        return self._next("approval", leg, event)

    def _accepted_item(self) -> catalogue.AcceptedItem:
        limit = catalogue.Limit(days=15, unit=catalogue.LIMIT_UNIT_WORKING_DAYS)
        fields: dict[str, Any] = {
            "code": ITEM,
            "name": "居住证核发",
            "version": 1,
            "kind": catalogue.ITEM_KIND_PROMISED,
            "legal_limit": limit,
            "promised_limit": limit,
            "receipt": True,
            "sms": True,
            "decided_by": "区住房保障部门",
        }
        return catalogue.AcceptedItem(**{**fields, **self.item})

    def _intake(self, **fact: Any) -> InboxEvent:
        return self._next("intake", self.application_id, intake.IntakeEvent(**fact))

    def _approval(self, **fact: Any) -> InboxEvent:
        event = approval.ApprovalEvent(application_id=str(self.application_id), **fact)
        return self._next("approval", self.case_id, event)

    def _next(self, source: str, file_id: UUID, event: Any) -> InboxEvent:
        revision = self._revisions[file_id] = self._revisions.get(file_id, 0) + 1
        return _event(
            InboxEvent(source, FileKey(DISTRICT, self.street, file_id), revision, uuid4(), "", b""),
            event,
            self.recorded_at,
            self.staff_no,
        )


def item_event(item: catalogue.Item) -> InboxEvent:
    """The publication of an item, whose file is its own."""
    key = FileKey(DISTRICT, f"{DISTRICT}000", uuid4())
    event = intake.IntakeEvent(item_published=intake.ItemPublished(item=item))
    return _event(InboxEvent("intake", key, 1, uuid4(), "", b""), event)


def window_event(
    code: str, street: str, lines: Sequence[catalogue.Line.ValueType] = (), open_to: str = "", revision: int = 1
) -> InboxEvent:
    """The publication of a window: 综合窗, or with lines the 专窗 of these."""
    days = {"open_from": "2015-10-08", "open_to": open_to}
    window = catalogue.Window(code=code, name="窗", street=street, general=not lines, lines=lines, **days)
    key = FileKey(DISTRICT, f"{DISTRICT}000", catalogue_entry_id("window", f"{street}/{code}"))
    published = intake.IntakeEvent(window_published=intake.WindowPublished(window=window))
    return _event(InboxEvent("intake", key, revision, uuid4(), "", b""), published)


def hall_event(street: str, revision: int = 1, **closed: str) -> InboxEvent:
    """The publication of a hall's hours, with a closure where one is named."""
    working = catalogue.SERVICE_DAY_WORKING_DAY
    hours = [catalogue.OpeningHours(day=working, opens_at="08:30", closes_at="17:30")]
    closures = [catalogue.HallClosure(effective_from="2016-01-01", **closed)] if closed else []  # type: ignore[arg-type] # texts alone
    hall = catalogue.Hall(street=street, hours=hours, closures=closures)
    key = FileKey(DISTRICT, f"{DISTRICT}000", catalogue_entry_id("hall", street))
    published = intake.IntakeEvent(hall_published=intake.HallPublished(hall=hall))
    return _event(InboxEvent("intake", key, revision, uuid4(), "", b""), published)


def street_event(code: str) -> InboxEvent:
    """The publication of a street."""
    key = FileKey(DISTRICT, f"{DISTRICT}000", catalogue_entry_id("street", code))
    published = intake.IntakeEvent(
        street_published=intake.StreetPublished(street=catalogue.Street(code=code, name="街道"))
    )
    return _event(InboxEvent("intake", key, 1, uuid4(), "", b""), published)


def calendar_event(
    year: int = 2017, days_off: Sequence[str] = ("2017-01-02",), makeup_days: Sequence[str] = ()
) -> InboxEvent:
    """The publication of a year's holidays."""
    notice = catalogue.HolidayNotice(
        year=year, number="国办发明电〔2016〕17号", days_off=days_off, makeup_days=makeup_days
    )
    key = FileKey(DISTRICT, f"{DISTRICT}000", uuid4())
    published = intake.CalendarPublished(notice=notice, calendar_version="2017-1")
    return _event(InboxEvent("intake", key, 1, uuid4(), "", b""), intake.IntakeEvent(calendar_published=published))


def _event(headers: InboxEvent, event: Any, recorded_at: datetime = MORNING, staff_no: str = "S0031") -> InboxEvent:
    key = headers.key
    event.event_id, event.revision = str(headers.event_id), headers.revision
    setattr(event, "file_id" if headers.source == "intake" else "case_id", str(key.file_id))
    event.place.CopyFrom(Place(district=key.district, street=key.street))
    event.actor.CopyFrom(Actor(staff_no=staff_no))
    event.occurred_on = MORNING.date().isoformat()
    event.recorded_at.FromDatetime(recorded_at)
    body = event.SerializeToString()
    return InboxEvent(headers.source, key, headers.revision, headers.event_id, event.WhichOneof("fact"), body)
