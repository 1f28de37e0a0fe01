"""What the district receives of a matter: the street's opinion and the complete list of materials. (行政许可法 35)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onewindow.catalogue.v1.catalogue_pb2 import AcceptedItem
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.event_store import FileKey, Loaded, TextVault
from chassis.event_store.dataclass_proto import to_message
from chassis.postgres.database import Pool
from services.approval.adapters.handoff_queue import Owed
from services.approval.adapters.passes import SignedPasses
from services.approval.adapters.queries import query
from services.approval.domain.case import Case
from services.approval.usecases.changing import CaseFiles, existing


class OpinionMissing(Exception):
    """The street's opinion is not in the vault: it was erased, and the package cannot be whole."""


@dataclass(frozen=True, slots=True)
class Papers:
    """A leg that is handed over, as it was read, and the street's opinion on it."""

    loaded: Loaded
    leg: Case | None
    opinion: str | None


@dataclass(frozen=True, slots=True)
class Packages:
    """Puts packages together; the opinion leaves the vault here and nowhere else."""

    pool: Pool
    files: CaseFiles
    vault: TextVault
    passes: SignedPasses
    bearer: str
    """The name by which the district's system shows the pass at intake."""

    async def read(self, owed: Sequence[Owed]) -> Mapping[FileKey, Papers]:
        """What lies here of these legs: two statements, however many they are."""
        if not owed:
            return {}
        loaded = await self.files.store.load_many([each.leg for each in owed])
        legs = [self.files.unit_of_work.state(each) for each in loaded]
        names = [f"referral.{leg.referral.attempt}.opinion" if leg is not None else "" for leg in legs]
        texts = [(each.street, name) for each, name in zip(owed, names, strict=True)]
        opinions = await self._opinions(texts)
        return {
            each.leg: Papers(file, leg, opinions.get(text))
            for each, file, leg, text in zip(owed, loaded, legs, texts, strict=True)
        }

    def of(self, owed: Owed, papers: Papers) -> pb.ReceiveCaseRequest:
        """The package of a leg; raises OpinionMissing, and NotFound when there is no such leg."""
        leg = existing(papers.leg)
        if papers.opinion is None:
            raise OpinionMissing
        package = pb.ReceiveCaseRequest(
            key=str(owed.leg.file_id),
            case_id=str(owed.leg.file_id),
            number=leg.number,
            destination=owed.destination,
            referred_on=owed.told_on.isoformat(),
            opinion=papers.opinion,
            materials=[to_message(paper, pb.PackageMaterial) for paper in leg.materials],
            package_digest=leg.referral.package_digest,
            read_pass=self.passes.for_package(owed.leg, leg, self.bearer),
            promised_due_on=leg.term.promised_due_on.isoformat(),
            application_id=str(owed.application_id),
        )
        package.item.CopyFrom(to_message(leg.item, AcceptedItem))
        getattr(package, "from").CopyFrom(Place(district=owed.street.district, street=owed.street.street))
        return package

    async def _opinions(self, texts: Sequence[tuple[FileKey, str]]) -> Mapping[tuple[FileKey, str], str]:
        """These opinions in the clear, by the street's file and the name they have there."""
        rows = await self.pool.fetch(
            query("opinions"), [street.district for street, _ in texts], [street.street for street, _ in texts],
            [street.file_id for street, _ in texts], [name for _, name in texts],
        )  # fmt: skip # the arrays of the statement, in its order
        opinions = {}
        for row in rows:
            street, name = FileKey(row["district"], row["street"], row["file_id"]), row["name"]
            opened = self.vault.open(street, row["wrapped"], {name: row["ciphertext"]})
            opinions[street, name] = opened[name].decode()
        return opinions
