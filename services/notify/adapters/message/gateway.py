"""The carrier's SMS gateway over HTTP, many messages a call: POST /messages and POST /messages/find, by our own ids."""

import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import aiohttp

from services.notify.ports import GatewayAnswer, NotTaken, OutcomeUnknown, TakenMessage, TextMessage

_MOST_SIGNS_OF_ID = 64
_REFUSES_CONTENT = frozenset({400, 413, 422})
"""Status codes by which a call is refused for its content; any other below 500 concerns the caller or the moment."""


class SmsGateway:
    """One client for the life of the process. `concurrency` connections, `deadline` seconds for a call."""

    def __init__(self, url: str, concurrency: int, deadline: float) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=concurrency),
            timeout=aiohttp.ClientTimeout(total=deadline),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def offer(self, messages: Sequence[TextMessage]) -> Mapping[UUID, GatewayAnswer]:
        """Offer messages; the answer for each.

        A call that is refused for its content is halved until the message to blame stands alone.
        """
        body = [{"id": str(each.message_id), "to": each.phone, "text": each.text} for each in messages]
        try:
            async with self._session.post(f"{self._url}/messages", json={"messages": body}) as answer:
                if answer.ok:
                    return _answers(messages, await answer.json())
                code = answer.status
        except aiohttp.ClientConnectorError:  # nothing was sent
            return _all(messages, NotTaken.UNAVAILABLE)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return _all(messages, NotTaken.UNKNOWN)
        if code not in _REFUSES_CONTENT:
            return _all(messages, NotTaken.UNAVAILABLE if code < 500 or code == 503 else NotTaken.UNKNOWN)
        if len(messages) == 1:
            return _all(messages, NotTaken.REFUSED)
        middle = len(messages) // 2
        return {**await self.offer(messages[:middle]), **await self.offer(messages[middle:])}

    async def find(self, message_ids: Sequence[UUID]) -> Mapping[UUID, TakenMessage]:
        """Those of the messages that it has. Raises OutcomeUnknown."""
        wanted = {str(each): each for each in message_ids}
        try:
            async with self._session.post(f"{self._url}/messages/find", json={"ids": list(wanted)}) as answer:
                answer.raise_for_status()
                rows = (await answer.json())["taken"]
                return {wanted[row["id"]]: TakenMessage(_storable(str(row["gateway_id"]))) for row in rows}
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise OutcomeUnknown from error


def _all(messages: Sequence[TextMessage], answer: GatewayAnswer) -> Mapping[UUID, GatewayAnswer]:
    return {message.message_id: answer for message in messages}


def _answers(messages: Sequence[TextMessage], content: object) -> Mapping[UUID, GatewayAnswer]:
    """The answer for each message; UNKNOWN for one that the response leaves out."""
    found: dict[object, GatewayAnswer] = {}
    match content:
        case {"answers": [*rows]}:
            found = {_id(row): _answer(row) for row in rows}
    return {message.message_id: found.get(str(message.message_id), NotTaken.UNKNOWN) for message in messages}


def _id(row: object) -> str:
    match row:
        case {"id": str(message_id)}:
            return message_id
    return ""


def _answer(row: object) -> GatewayAnswer:
    match row:
        case {"result": "taken", "gateway_id": str(gateway_id)}:
            return TakenMessage(_storable(gateway_id))
        case {"result": "refused"}:
            return NotTaken.REFUSED
        case {"result": "unavailable"}:
            return NotTaken.UNAVAILABLE
    return NotTaken.UNKNOWN


def _storable(gateway_id: str) -> str:
    """The gateway's own id as a fact can hold it: without control signs, and cut. The message was taken in any case."""
    return re.sub(r"[\x00-\x1f\x7f]", "", gateway_id)[:_MOST_SIGNS_OF_ID]
