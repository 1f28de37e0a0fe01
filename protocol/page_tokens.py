"""Page tokens of list calls: the key of the last row of the page before, opaque to callers. (AIP-158)"""

import base64
import binascii

from chassis.refusals import Invalid

FIELD = "page_token"


def encode_page_token(key: bytes) -> str:
    """The token that leads to the rows after `key`."""
    return base64.urlsafe_b64encode(key).decode("ascii")


def decode_page_token(token: str) -> bytes:
    """The key that a token was made from. Raises Invalid for a token that no answer gave."""
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid_page_token() from error


def invalid_page_token() -> Invalid:
    """The refusal of a token whose key cannot be read."""
    return Invalid(fields=[(FIELD, "应为上一页返回的标记。")])
