"""After a small hall year: an audit finds nothing, what was damaged by hand is found, and a rebuild puts rows right."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import pytest

from tests.journeys.played import Playhouse, playhouse
from tests.journeys.test_hall_year import PLAN

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PROJECTIONS: Mapping[str, tuple[str, ...]] = {
    "intake": ("application", "ticket", "catalogue_entry"),
    "approval": ("case_file", "withdrawn", "calendar_notice"),
    "notify": ("dossier", "document", "matter", "item_version", "calendar_notice"),
    "metrics": ("matter", "ticket", "card", "item", "hall_window", "fact_count"),
}
QUEUES = {"notify": ("message", "document_task"), "approval": ("handoff",)}
"""What holds more than follows from facts: no rebuild touches it."""

DAMAGES: Mapping[str, tuple[str, ...]] = {
    "intake": (
        "update application set case_outcome = null, case_closed_on = null where case_outcome is not null",
        "update application set grade = 5 where stage = 7",
        "delete from ticket where ticket_id in (select ticket_id from ticket limit 2)",
    ),
    "approval": (
        "delete from case_file where case_id in (select case_id from case_file limit 3)",
        "update case_file set red_on = red_on + 1 where leg = 1",
    ),
    "notify": (
        "update matter set item_name = 'x'",
        "update dossier set delivered_on = null",
        "delete from item_version",
    ),
    "metrics": (
        "update matter set grade = 5, desk_outcome = null",
        "update fact_count set facts = facts + 1",
        "insert into hall_window values ('440105', '440105008', 'X9', 1, 'x')",
    ),
}
Stored = Mapping[str, Mapping[str, list[str]]]


class House:
    """The databases of a hall year that was played, while the office is up."""

    def __init__(self, house: Playhouse, url: str) -> None:
        self._house = house
        self._url = url

    async def onewindow(self, *words: str) -> tuple[int, str]:
        """A command's exit code, and what it said on standard output."""
        running = await self._house.start(*words, stdout=asyncio.subprocess.PIPE)
        said, _ = await running.communicate()
        return running.returncode or 0, said.decode()

    async def damage(self, service: str, *statements: str) -> None:
        """Do by hand what nobody may: triggers that keep facts for ever are passed by."""
        connection = await asyncpg.connect(self._url, database=service)
        try:
            await connection.execute("set session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def stored(self, tables: Mapping[str, tuple[str, ...]]) -> Stored:
        """Every row of these tables, as text."""
        return {service: await self._rows(service, names) for service, names in tables.items()}

    async def _rows(self, service: str, names: tuple[str, ...]) -> dict[str, list[str]]:
        connection = await asyncpg.connect(self._url, database=service)
        try:
            return {
                name: [row[0] for row in await connection.fetch(f"select t::text from {name} t order by 1")]
                for name in names
            }
        finally:
            await connection.close()


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    with playhouse(PLAN) as played:
        async with played.demo("--months", "3") as running:
            assert await running.wait() == 0, played.said
        assert await played.command("up") == 0
        try:
            yield House(played, (await played.status())["postgres"]["url"])
        finally:
            assert await played.command("down") == 0


async def test_an_audit_of_what_was_played_finds_nothing(house: House) -> None:
    code, said = await house.onewindow("audit", "verify", "--json")
    report: dict[str, Any] = json.loads(said)
    assert (code, report["findings"]) == (0, 0), said
    checked = {service: found["checked"] for service, found in report["services"].items()}
    assert checked["notify"]["objects"] > 0
    assert (
        min(checked[name][count] for name in ("intake", "notify") for count in ("facts", "rows", "keys", "texts")) > 0
    )
    assert checked["metrics"]["heard"] == sum(checked[name]["facts"] for name in ("intake", "approval", "notify"))


async def test_a_rebuild_of_what_was_played_changes_nothing(house: House) -> None:
    before = await house.stored(PROJECTIONS)
    code, said = await house.onewindow("rebuild")
    assert (code, said) == (0, "".join(f"{service}：全部相符，没有改动\n" for service in PROJECTIONS))
    assert await house.stored(PROJECTIONS) == before


async def test_rows_that_were_damaged_by_hand_are_put_right_from_what_is_kept(house: House) -> None:
    before, queues = await house.stored(PROJECTIONS), await house.stored(QUEUES)
    for service, statements in DAMAGES.items():
        await house.damage(service, *statements)
    damaged = await house.stored(PROJECTIONS)
    assert all(damaged[service] != before[service] for service in PROJECTIONS)

    assert (await house.onewindow("rebuild", "--check"))[0] == 1
    assert await house.stored(PROJECTIONS) == damaged
    code, said = await house.onewindow("rebuild")
    assert (code, said.count("已改正")) == (0, len(PROJECTIONS)), said
    assert await house.stored(PROJECTIONS) == before
    assert await house.stored(QUEUES) == queues
    assert (await house.onewindow("rebuild", "--check"))[0] == 0


async def test_a_fact_that_was_changed_by_hand_is_named_with_the_number_of_its_file(house: House) -> None:
    one = "(select case_id from case_file where leg = 1 order by number limit 1)"
    await house.damage("approval", f"update fact set digest = sha256(digest) where revision = 1 and file_id = {one}")
    number = (await house.stored({"approval": (f"(select number from case_file where case_id = {one})",)}))["approval"]
    [[row]] = number.values()
    code, said = await house.onewindow("audit", "verify", "--service", "approval")
    assert code == 1
    assert f"摘要链断裂：内容与摘要不符；案卷 {row.strip('()')}" in said
    assert said.endswith("approval：发现 1 处问题\n")
