"""One electronic paper as it streams in: first its header, then its bytes, which must be those the header names."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.refusals import Invalid, TooLarge
from services.intake.domain.receive_material import Arrival


@dataclass(frozen=True, slots=True)
class Upload:
    """A paper that arrived whole."""

    header: submission_pb.MaterialHeader
    content: bytes

    @classmethod
    async def of(cls, requests: AsyncIterator[submission_pb.UploadMaterialRequest], most: int) -> "Upload":
        """The paper of a stream; raises Invalid for a wrong order or other bytes than announced, TooLarge.

        The stream is read to its end also when it is refused: a client that still writes would not hear why.
        """
        header: submission_pb.MaterialHeader | None = None
        in_order, content, digest = True, bytearray(), hashlib.sha256()
        async for request in requests:
            in_order &= request.HasField("header") == (header is None)
            if header is None:
                header = request.header
            elif len(content) <= most:
                content += request.chunk
                digest.update(request.chunk)
        if header is None or not in_order:
            raise Invalid(fields=[("header", "应先发送一次材料说明，再按顺序发送内容。")])
        if not content:
            raise Invalid(fields=[("chunk", "没有收到材料内容。")])
        if len(content) > most:
            raise TooLarge(fields=[("chunk", f"材料不得超过{most}字节。")])
        if digest.hexdigest() != header.sha256:
            raise Invalid(fields=[("header.sha256", "与收到的内容不一致。")])
        return cls(header, bytes(content))

    @property
    def arrival(self) -> Arrival:
        """What a fact may know of it."""
        header = self.header
        return Arrival(header.material_code, header.sha256, len(self.content), header.media_type)
