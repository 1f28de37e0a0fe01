"""Delivery of obligations: a package is put together and handed over, a withdrawal is reported. (行政许可法 35)

A package is the street's opinion and the complete list of materials. The recorder writes the outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import structlog
from onewindow.catalogue.v1.catalogue_pb2 import AcceptedItem
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.event_store import FileKey, Loaded, TextVault
from chassis.event_store.dataclass_proto import to_message
from chassis.postgres.database import Pool, queries_of
from services.approval.domain.case.state import Case
from services.approval.handoff.adapters.client import (
    DistrictClient,
    DistrictRefusal,
    DistrictUnreachable,
    district_number_in,
)
from services.approval.handoff.adapters.obligations import RECEIVE
from services.approval.handoff.adapters.queue import DueObligation
from services.approval.handoff.domain.acknowledge import Acknowledgement
from services.approval.ports import ReadPasses
from services.approval.usecases.case import CaseFiles, existing

_log = structlog.get_logger()
_query = queries_of("services.approval.handoff")


class OpinionMissing(Exception):
    """The street's opinion was erased from the vault, so that the package cannot be complete."""


@dataclass(frozen=True, slots=True)
class PackagePapers:
    """A leg that is handed over, as it was read, and the street's opinion on it."""

    loaded: Loaded
    leg: Case | None
    opinion: str | None


@dataclass(frozen=True, slots=True)
class Packages:
    """Assembles packages; the opinion leaves the vault only here."""

    pool: Pool
    files: CaseFiles
    vault: TextVault
    passes: ReadPasses
    bearer: str
    """Name by which the district's system shows the pass at intake."""

    async def read(self, owed: Sequence[DueObligation]) -> Mapping[FileKey, PackagePapers]:
        """The papers of these legs, in two statements for any number of legs."""
        if not owed:
            return {}
        loaded = await self.files.store.load_many([each.leg for each in owed])
        legs = [self.files.unit_of_work.state(each) for each in loaded]
        names = [f"referral.{leg.referral.attempt}.opinion" if leg is not None else "" for leg in legs]
        texts = [(each.street, name) for each, name in zip(owed, names, strict=True)]
        opinions = await self._opinions(texts)
        return {
            each.leg: PackagePapers(file, leg, opinions.get(text))
            for each, file, leg, text in zip(owed, loaded, legs, texts, strict=True)
        }

    def request(self, due: DueObligation, papers: PackagePapers) -> pb.ReceiveCaseRequest:
        """The package of a leg. Raises OpinionMissing, and NotFound when there is no such leg."""
        leg = existing(papers.leg)
        if papers.opinion is None:
            raise OpinionMissing
        package = pb.ReceiveCaseRequest(
            key=str(due.leg.file_id),
            case_id=str(due.leg.file_id),
            number=leg.number,
            destination=due.destination,
            referred_on=due.owed_on.isoformat(),
            opinion=papers.opinion,
            materials=[to_message(paper, pb.PackageMaterial) for paper in leg.materials],
            package_digest=leg.referral.package_digest,
            read_pass=self.passes.for_package(due.leg, leg, self.bearer),
            promised_due_on=min(leg.term.promised_due_on, leg.term.legal_due_on).isoformat(),
            application_id=str(due.application_id),
            provisional=leg.term.provisional,
        )
        package.item.CopyFrom(to_message(leg.item, AcceptedItem))
        getattr(package, "from").CopyFrom(Place(district=due.street.district, street=due.street.street))
        return package

    async def _opinions(self, texts: Sequence[tuple[FileKey, str]]) -> Mapping[tuple[FileKey, str], str]:
        """The opinions in the clear, by the street's file and the name of the text there; erased ones are missing."""
        rows = await self.pool.fetch(
            _query("opinions"), [street.district for street, _ in texts], [street.street for street, _ in texts],
            [street.file_id for street, _ in texts], [name for _, name in texts],
        )  # fmt: skip # the arrays of the statement, in its order
        opinions = {}
        for row in rows:
            street, name = FileKey(row["district"], row["street"], row["file_id"]), row["name"]
            opened = self.vault.open(street, row["wrapped"], {name: row["ciphertext"]})
            opinions[street, name] = opened[name].decode()
        return opinions


class DeliveryOutcome(StrEnum):
    """Outcome of a delivery; the value is the label of the metric."""

    DELIVERED = "told"
    BLOCKED = "blocked"
    """Refused by name, or not fit to be sent: a person has to settle it."""
    UNREACHED = "unreached"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """Result of one delivery."""

    due: DueObligation
    outcome: DeliveryOutcome
    reason: str = ""
    receipt: Acknowledgement | None = None
    """Answer of the district to a package."""
    papers: PackagePapers | None = None
    """The leg as it was read for the package."""
    answered: bool = False
    """True when the destination has answered at all."""


@dataclass(frozen=True, slots=True)
class ObligationDelivery:
    """Calls the district; a case that may have arrived before is looked up before it is sent again."""

    client: DistrictClient
    packages: Packages

    async def deliver(self, due: DueObligation, papers: PackagePapers | None) -> DeliveryResult:
        """Deliver one obligation; a package needs its papers. Raises nothing."""
        try:
            receipt = None
            if due.kind == RECEIVE and papers is not None:
                receipt = await self._hand_over(due, papers)
            else:
                await self._report_withdrawal(due)
        except DistrictRefusal as error:
            return DeliveryResult(due, DeliveryOutcome.BLOCKED, str(error), answered=True)
        except OpinionMissing:
            return DeliveryResult(due, DeliveryOutcome.BLOCKED, "街道意见已按规定清除，无法转送。")
        except DistrictUnreachable as error:
            return DeliveryResult(due, DeliveryOutcome.UNREACHED, str(error))
        except Exception as error:
            _log.exception("handoff_failed", kind=due.kind)
            return DeliveryResult(due, DeliveryOutcome.FAILED, type(error).__name__)
        return DeliveryResult(due, DeliveryOutcome.DELIVERED, receipt=receipt, papers=papers, answered=True)

    async def _hand_over(self, due: DueObligation, papers: PackagePapers) -> Acknowledgement:
        # An attempt without an answer may have arrived: then the district's record answers for it.
        received = await self.client.find(str(due.leg.file_id)) if due.uncertain else None
        answer: pb.DistrictCase | pb.ReceiveCaseResponse
        answer = received or await self.client.receive(self.packages.request(due, papers))
        try:
            number = district_number_in(answer.district_number)
        except ValueError as error:
            raise DistrictRefusal("district_number is not one line of at most 64 signs") from error
        try:
            return Acknowledgement(number, date.fromisoformat(answer.received_on))
        except ValueError as error:
            raise DistrictRefusal(f"received_on is no date: {answer.received_on[:20]}") from error

    async def _report_withdrawal(self, due: DueObligation) -> None:
        key = str(due.leg.file_id)
        # A case that the district never received needs no withdrawal there.
        if await self.client.find(key) is not None:
            withdrawn_on = due.owed_on.isoformat()
            await self.client.withdraw(pb.WithdrawCaseRequest(key=key, case_id=key, withdrawn_on=withdrawn_on))
