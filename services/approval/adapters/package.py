"""What the district receives of a matter: the street's opinion and the complete list of materials. (行政许可法 35)"""

from dataclasses import dataclass

from onewindow.catalogue.v1.catalogue_pb2 import AcceptedItem
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.shapes import to_message
from services.approval.usecases.changing import CaseFiles, existing

from .handoff_queue import Owed
from .passes import SignedPasses


class OpinionMissing(Exception):
    """The street's opinion is not in the vault: it was erased, and the package cannot be whole."""


@dataclass(frozen=True, slots=True)
class Packages:
    """Puts packages together; the opinion leaves the vault here and nowhere else."""

    files: CaseFiles
    passes: SignedPasses
    bearer: str
    """The name by which the district's system shows the pass at intake."""

    async def of(self, owed: Owed) -> pb.ReceiveCaseRequest:
        """The package of a leg; raises OpinionMissing."""
        leg = existing((await self.files.read(owed.leg)).state)
        texts = await self.files.texts(owed.street)
        opinion = texts.get(f"referral.{leg.referral.attempt}.opinion")
        if opinion is None:
            raise OpinionMissing
        package = pb.ReceiveCaseRequest(
            key=str(owed.leg.file_id),
            case_id=str(owed.leg.file_id),
            number=leg.number,
            destination=owed.destination,
            referred_on=owed.told_on.isoformat(),
            opinion=opinion.decode(),
            materials=[to_message(paper, pb.PackageMaterial) for paper in leg.materials],
            package_digest=leg.referral.package_digest,
            read_pass=self.passes.for_package(owed.leg, leg, self.bearer),
            promised_due_on=leg.term.promised_due_on.isoformat(),
            application_id=str(owed.application_id),
        )
        package.item.CopyFrom(to_message(leg.item, AcceptedItem))
        getattr(package, "from").CopyFrom(Place(district=owed.street.district, street=owed.street.street))
        return package
