"""Whether the simulated district has done its day: decided what is due, and told it."""

from collections.abc import Sequence
from datetime import date

import aiohttp

from embedded.settle import Unfinished

_LIMIT = aiohttp.ClientTimeout(total=5.0)


def district_unfinished(control: str) -> Unfinished:
    """Asks the simulator at HOST:PORT; one that is starting again has not done its day."""

    async def unfinished(day: date) -> Sequence[str]:
        try:
            async with aiohttp.ClientSession(timeout=_LIMIT) as session:
                pending = await (await session.get(f"http://{control}/pending")).json()
        except (aiohttp.ClientError, TimeoutError):
            return ["district：没有应答"]
        if pending["day"] < day.isoformat() or pending["unreported"]:
            return [f"district：{day}的办理结果还有{pending['unreported']}件未报"]
        return []

    return unfinished
