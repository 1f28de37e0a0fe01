"""NotifyService: from request to use case, from what was found to the response."""

from typing import Any, TypeAlias
from uuid import UUID

from onewindow.notify.v1 import notify_service_pb2 as pb
from onewindow.notify.v1.notify_service_pb2_grpc import NotifyServiceServicer

from chassis.rpc.identity.caller import current_caller
from chassis.scope import acting_in
from protocol.query_codes import shown_code
from protocol.requests import actor_line, actor_of, idempotency_key, own_scope, readable_scope
from protocol.stored_days import proof_messages
from services.notify.domain.facts import DecisionOffered, DocumentKind, OfferWay, ResultDelivered
from services.notify.ports import ListedMessage
from services.notify.usecases.delivery import CollectionDesk, DeliveryProofs, Receiver, WindowCall
from services.notify.usecases.document import DocumentReader
from services.notify.usecases.matter import MatterAccess

Context: TypeAlias = Any  # not used by the acts


class NotifyServicer(NotifyServiceServicer):
    """Answers windows and portals."""

    def __init__(
        self, matters: MatterAccess, documents: DocumentReader, collections: CollectionDesk, proofs: DeliveryProofs
    ) -> None:
        self._matters = matters
        self._documents = documents
        self._collections = collections
        self._proofs = proofs

    async def GetDocument(self, request: pb.GetDocumentRequest, _context: Context) -> pb.GetDocumentResponse:
        """Gives a document as PDF."""
        scope, kind = readable_scope(current_caller()), DocumentKind(request.kind)
        with acting_in(scope):
            shown, application_id = shown_code(current_caller(), request), UUID(request.application_id)
            if shown is not None:
                await self._matters.require_code(scope, application_id, shown, request.after)
            issued, pdf = await self._documents.read(scope, application_id, kind, request.after)
        return pb.GetDocumentResponse(
            document_number=issued.document_number,
            pdf=pdf,
            sha256=issued.sha256,
            issued_on=issued.occurred_on.isoformat(),
        )

    async def ListNotices(self, request: pb.ListNoticesRequest, _context: Context) -> pb.ListNoticesResponse:
        """Lists the messages of a matter."""
        scope = readable_scope(current_caller())
        with acting_in(scope):
            messages, phone = await self._matters.messages(scope, UUID(request.application_id), request.after)
        return pb.ListNoticesResponse(notices=[_notice(message, phone) for message in messages])

    async def GetTermProof(self, request: pb.GetTermProofRequest, _context: Context) -> pb.GetTermProofResponse:
        """Proves the ten days of the delivery, day by day."""
        scope = readable_scope(current_caller())
        with acting_in(scope):
            proofs = await self._proofs.prove(scope, UUID(request.application_id), request.after)
        return pb.GetTermProofResponse(proofs=proof_messages(proofs))

    async def OfferDecision(self, request: pb.OfferDecisionRequest, _context: Context) -> pb.OfferDecisionResponse:
        """Puts on file that the applicant was told, or that the result was handed to the post office."""
        caller = current_caller()
        cause = idempotency_key("OfferDecision", request)
        call = WindowCall(own_scope(caller), actor_line(caller), cause, request.after, actor_of(caller).lines)
        with acting_in(call.scope):
            application_id, way = UUID(request.application_id), OfferWay(request.way)
            changed = await self._collections.offer(call, application_id, way, _offered)
        answer = pb.OfferDecisionResponse.FromString(changed.answer)
        answer.revision, answer.position = changed.revision, changed.position
        return answer

    async def RecordCollection(
        self, request: pb.RecordCollectionRequest, _context: Context
    ) -> pb.RecordCollectionResponse:
        """Puts on file that the receiver has the decision."""
        caller = current_caller()
        cause = idempotency_key("RecordCollection", request)
        call = WindowCall(own_scope(caller), actor_line(caller), cause, request.after, actor_of(caller).lines)
        receiver = Receiver(request.receiver_identity_number, request.in_person, request.window)
        with acting_in(call.scope):
            changed = await self._collections.collect(call, UUID(request.application_id), receiver, _collected)
        answer = pb.RecordCollectionResponse.FromString(changed.answer)
        answer.revision, answer.position = changed.revision, changed.position
        return answer


def _collected(fact: ResultDelivered) -> bytes:
    return pb.RecordCollectionResponse(on_time=fact.on_time).SerializeToString()


def _offered(fact: DecisionOffered) -> bytes:
    return pb.OfferDecisionResponse(on_time=fact.on_time).SerializeToString()


def _notice(message: ListedMessage, phone: str) -> pb.Notice:
    return pb.Notice(
        notice_id=str(message.message_id),
        template=message.template,
        state=message.state.value,  # type: ignore[arg-type] # the numbers are the contract's
        stage_on=message.stage_on.isoformat(),
        sent_on=message.sent_on.isoformat() if message.sent_on else "",
        tries=message.tries,
        phone_masked=phone,
    )
