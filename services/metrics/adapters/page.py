"""The token of a page: the key of the last matter of the page before."""

import base64
import binascii
from uuid import UUID

from chassis.refusals import Invalid


def write_token(number: str, application_id: UUID) -> str:
    """The token that leads to what comes after this matter."""
    return base64.urlsafe_b64encode(application_id.bytes + number.encode()).decode("ascii")


def read_token(token: str) -> tuple[str, UUID] | None:
    """The matter that a token names, None for the first page; raises Invalid."""
    if not token:
        return None
    try:
        key = base64.b64decode(token, altchars=b"-_", validate=True)
        return key[16:].decode(), UUID(bytes=key[:16])
    except (binascii.Error, ValueError) as error:
        raise Invalid(fields=[("page_token", "应为上一页给出的标记。")]) from error
