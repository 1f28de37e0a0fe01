"""The carrier's SMS gateway over HTTP, many messages a call: POST /messages and POST /messages/find, by our own ids."""

import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import aiohttp

from services.notify.ports import Answer, Message, OutcomeUnknown, Taken, Untaken

_MOST_OF_A_NUMBER = 64
_OF_A_MESSAGE = frozenset({400, 413, 422})
"""Refusals of a call for what it carries; any other below 500 is about who calls, or when."""


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

    async def offer(self, messages: Sequence[Message]) -> Mapping[UUID, Answer]:
        """Hand messages over; the answer for each. A call refused for what it carries is halved until that is found."""
        said = [{"id": str(each.notice_id), "to": each.phone, "text": each.text} for each in messages]
        try:
            async with self._session.post(f"{self._url}/messages", json={"messages": said}) as answer:
                if answer.ok:
                    return _answers(messages, await answer.json())
                code = answer.status
        except aiohttp.ClientConnectorError:  # nothing was sent
            return _all(messages, Untaken.UNAVAILABLE)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return _all(messages, Untaken.UNKNOWN)
        if code not in _OF_A_MESSAGE:
            return _all(messages, Untaken.UNAVAILABLE if code < 500 or code == 503 else Untaken.UNKNOWN)
        if len(messages) == 1:
            return _all(messages, Untaken.REFUSED)
        middle = len(messages) // 2
        return {**await self.offer(messages[:middle]), **await self.offer(messages[middle:])}

    async def ask(self, notice_ids: Sequence[UUID]) -> Mapping[UUID, Taken]:
        """Those of the messages that it has. Raises OutcomeUnknown."""
        wanted = {str(each): each for each in notice_ids}
        try:
            async with self._session.post(f"{self._url}/messages/find", json={"ids": list(wanted)}) as answer:
                answer.raise_for_status()
                rows = (await answer.json())["taken"]
                return {wanted[row["id"]]: Taken(_kept(str(row["gateway_id"]))) for row in rows}
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise OutcomeUnknown from error


def _all(messages: Sequence[Message], answer: Answer) -> Mapping[UUID, Answer]:
    return {message.notice_id: answer for message in messages}


def _answers(messages: Sequence[Message], told: object) -> Mapping[UUID, Answer]:
    """The answer for each message; of one that the gateway does not speak of nothing is known."""
    found: dict[object, Answer] = {}
    match told:
        case {"answers": [*rows]}:
            found = {_id(row): _answer(row) for row in rows}
    return {message.notice_id: found.get(str(message.notice_id), Untaken.UNKNOWN) for message in messages}


def _id(row: object) -> str:
    match row:
        case {"id": str(notice_id)}:
            return notice_id
    return ""


def _answer(row: object) -> Answer:
    match row:
        case {"result": "taken", "gateway_id": str(gateway_id)}:
            return Taken(_kept(gateway_id))
        case {"result": "refused"}:
            return Untaken.REFUSED
        case {"result": "unavailable"}:
            return Untaken.UNAVAILABLE
    return Untaken.UNKNOWN


def _kept(gateway_id: str) -> str:
    """The gateway's own number as a fact can hold it: whatever it is, the message was taken."""
    return re.sub(r"[\x00-\x1f\x7f]", "", gateway_id)[:_MOST_OF_A_NUMBER]
