"""The carrier's SMS gateway over HTTP: POST /messages and GET /messages/{id}, by our own id."""

from types import TracebackType
from typing import Self
from uuid import UUID

import aiohttp

from services.notify.ports import OutcomeUnknown, Refused, Taken, Unavailable

_NOT_NOW = frozenset({429, 503})


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

    async def offer(self, notice_id: UUID, phone: str, text: str) -> Taken:
        """Hand over a message; raises Refused, Unavailable, OutcomeUnknown."""
        message = {"id": str(notice_id), "to": phone, "text": text}
        try:
            async with self._session.post(f"{self._url}/messages", json=message) as answer:
                if answer.ok:
                    return await _taken(answer)
                code = answer.status
        except aiohttp.ClientConnectorError as error:  # nothing was sent
            raise Unavailable from error
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise OutcomeUnknown from error
        if code in _NOT_NOW:
            raise Unavailable
        raise Refused if code < 500 else OutcomeUnknown

    async def ask(self, notice_id: UUID) -> Taken | None:
        """Whether it has a message; None when it has not. Raises OutcomeUnknown."""
        try:
            async with self._session.get(f"{self._url}/messages/{notice_id}") as answer:
                if answer.status == 404:
                    return None
                answer.raise_for_status()
                return await _taken(answer)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise OutcomeUnknown from error


async def _taken(answer: aiohttp.ClientResponse) -> Taken:
    return Taken(str((await answer.json())["gateway_id"]))
