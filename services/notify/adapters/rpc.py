"""NotifyService: request to use case, what was found to answer."""

from typing import Any, TypeAlias
from uuid import UUID

from onewindow.notify.v1 import notify_service_pb2 as pb
from onewindow.notify.v1.notify_service_pb2_grpc import NotifyServiceServicer

from chassis.event_store import EVERY_STREET, IdempotencyKey, Scope
from chassis.rpc.identity.caller import DISTRICT, Caller, current_caller, fingerprint
from chassis.scope import acting_in
from law.desk import Post
from services.notify.domain.facts import ResultDelivered
from services.notify.domain.words import DocumentKind
from services.notify.ports import ListedNotice
from services.notify.usecases.asking import Asking, Call, Receiver

Context: TypeAlias = Any  # the acts never touch it
_OVERSEEING = frozenset({Post.SUPERVISOR.value, Post.AUDITOR.value})


class NotifyServicer(NotifyServiceServicer):
    """Answers windows and portals."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def GetDocument(self, request: pb.GetDocumentRequest, _context: Context) -> pb.GetDocumentResponse:
        """A document as PDF."""
        scope, kind = _readable(current_caller()), DocumentKind(request.kind)
        with acting_in(scope):
            issued, pdf = await self._asking.document(scope, UUID(request.application_id), kind, request.after)
        return pb.GetDocumentResponse(
            document_number=issued.document_number,
            pdf=pdf,
            sha256=issued.sha256,
            issued_on=issued.occurred_on.isoformat(),
        )

    async def ListNotices(self, request: pb.ListNoticesRequest, _context: Context) -> pb.ListNoticesResponse:
        """The messages of a matter."""
        scope = _readable(current_caller())
        with acting_in(scope):
            notices, phone = await self._asking.notices(scope, UUID(request.application_id), request.after)
        return pb.ListNoticesResponse(notices=[_notice(notice, phone) for notice in notices])

    async def RecordCollection(
        self, request: pb.RecordCollectionRequest, _context: Context
    ) -> pb.RecordCollectionResponse:
        """Puts on file that the receiver has what was decided."""
        caller = current_caller()
        cause = IdempotencyKey(caller.subject, request.request_id, fingerprint("RecordCollection", request))
        call = Call(Scope(caller.district, caller.street), caller.subject, cause, request.after)
        who = Receiver(request.receiver_identity_number, request.in_person, request.window)
        with acting_in(call.scope):
            changed = await self._asking.collect(call, UUID(request.application_id), who, _collected)
        answer = pb.RecordCollectionResponse.FromString(changed.answer)
        answer.revision, answer.position = changed.revision, changed.position
        return answer


def _readable(caller: Caller) -> Scope:
    """What the caller may look at: its place; every street for who oversees the district."""
    overseeing = caller.level == DISTRICT and not _OVERSEEING.isdisjoint(caller.posts)
    return Scope(caller.district, EVERY_STREET if overseeing else caller.street)


def _collected(fact: ResultDelivered) -> bytes:
    return pb.RecordCollectionResponse(on_time=fact.on_time).SerializeToString()


def _notice(notice: ListedNotice, phone: str) -> pb.Notice:
    return pb.Notice(
        notice_id=str(notice.notice_id),
        template=notice.template,
        state=notice.state.value,  # type: ignore[arg-type] # the numbers are the contract's
        stage_on=notice.stage_on.isoformat(),
        sent_on=notice.sent_on.isoformat() if notice.sent_on else "",
        tries=notice.tries,
        phone_masked=phone,
    )
