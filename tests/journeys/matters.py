"""Every matter of a played year as the four services have it, and the difference between two years, matter by matter.

A matter is known by its number in the schedule, which does not depend on the run. Everything that a service stores of
it is compared, column by column, but for what a run draws anew: ids, numbers, secrets, instants, and counts of tries.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

Rows: TypeAlias = Mapping[str, str]
"""The rows of one matter by a name that is the same in every run, each as JSON of the columns that are compared."""
Matters: TypeAlias = Mapping[int, Rows]
"""The rows of every matter, by the number in the schedule."""

_SUBMITTED = r"""
select substring(request_id from '^y\d+-\d+-(\d+)-(?:submit|complete)$')::int as matter, file_id as application_id
from cause where request_id ~ '^y\d+-\d+-\d+-(submit|complete)$'
"""
_DRAWN = (
    *("district", "street", "application_id", "case_id", "street_case_id", "linked_case_id", "message_id"),
    *("serial_number", "number", "shown_number", "district_number", "document_number", "query_code_digest"),
    *("applicant_index", "gateway_id", "sha256", "size", "particulars", "referrals", "corrections"),
    *("revision", "stage_revision", "attempts", "tries", "uncertain", "last_error", "next_at", "real_next_at"),
)
"""Columns that another run draws anew, or that count how often something was tried."""
_SHOWN = 20
"""Differing matters that are described."""
_MESSAGES = """
select application_id, template, phase, stage_on, overtaken, case when not overtaken then state end as state,
       case when not overtaken then sent_on end as sent_on, case when not overtaken then template_version end as version
from message n cross join lateral (
  select n.state in (3, 5) and coalesce(n.sent_on, n.stage_on) = n.stage_on and exists (
    select from message o where o.application_id = n.application_id and o.stage_on = n.stage_on
                            and (o.phase, o.stage_revision) > (n.phase, n.stage_revision)) as overtaken) as later
"""
"""A message that a later stage of the same day overtakes is sent or superseded: a few seconds decide it in any run."""
_OF_FACTS = "select {id}, kind || '@' || occurred_on as name, count(*) as times from {facts} group by 1, 2"


@dataclass(frozen=True, slots=True)
class _Table:
    database: str
    table: str
    name: str
    """Expression that names a row within its matter; the same in every run."""
    rows: str = ""
    """The rows where they are not those of the table itself."""


_TABLES = (
    _Table("intake", "application", "''"),
    _Table("approval", "case_file", "leg || '.' || attempt"),
    _Table("approval", "handoff", "kind || '.' || destination || '.' || told_on"),
    _Table("notify", "matter", "''"),
    _Table("notify", "dossier", "''"),
    _Table("notify", "message", "template || '.' || phase || '.' || stage_on", _MESSAGES),
    _Table("notify", "document", "kind || '.' || issued_on"),
    _Table("metrics", "matter", "''"),
    _Table("metrics", "card", "level || '.' || issued_on"),
    _Table("intake", "fact", "name", _OF_FACTS.format(id="file_id as application_id", facts="fact")),
    _Table(
        *("notify", "fact", "name"),
        _OF_FACTS.format(id="file_id as application_id", facts="fact where kind <> 'notice_sent'"),  # see _MESSAGES
    ),
    _Table(
        *("approval", "fact", "name"),
        _OF_FACTS.format(id="application_id", facts="fact join case_file on case_id = file_id"),
    ),
)


async def read_matters(postgres_url: str) -> Matters:
    """Every matter that was handed in, from the databases of the four services."""
    databases = {name: await asyncpg.connect(postgres_url, database=name) for name in {t.database for t in _TABLES}}
    try:
        submitted = await databases["intake"].fetch(_SUBMITTED)
        numbers = {row["application_id"]: row["matter"] for row in submitted}
        matters: dict[int, dict[str, str]] = {number: {} for number in sorted(numbers.values())}
        for table in _TABLES:
            for application_id, name, row in await _rows(databases[table.database], table):
                if application_id in numbers:  # what is published has facts as well
                    rows, named = matters[numbers[application_id]], f"{table.database}.{table.table} {name}".strip()
                    rows[f"{named} #{_alike(rows, named) + 1}" if named in rows else named] = row
        return matters
    finally:
        for connection in databases.values():
            await connection.close()


async def _rows(connection: asyncpg.Connection, table: _Table) -> list[tuple[Any, str, str]]:
    found = await connection.fetch(
        f"select application_id, {table.name} as name, (to_jsonb(rows) - $1::text[])::text as compared"
        f" from ({table.rows or f'select * from {table.table}'}) as rows order by 1, 2, 3",
        list(_DRAWN),
    )
    return [(row["application_id"], row["name"], row["compared"]) for row in found]


def _alike(rows: Rows, named: str) -> int:
    return sum(name == named or name.startswith(f"{named} #") for name in rows)


def write_matters(matters: Matters, path: Path) -> None:
    """One line for each matter, in order, so that two files can be compared with any tool."""
    lines = (json.dumps([number, rows], ensure_ascii=False, sort_keys=True) for number, rows in sorted(matters.items()))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def stored_matters(path: Path) -> Matters:
    """The matters that were written to a file."""
    return dict(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def demand_equal(undisturbed: Matters, disturbed: Matters) -> None:
    """Both years are the same, to the last matter; else the first ones that differ, column by column."""
    both = sorted({*undisturbed, *disturbed})
    differing = [number for number in both if undisturbed.get(number) != disturbed.get(number)]
    lines = [line for number in differing[:_SHOWN] for line in described(number, undisturbed, disturbed)]
    assert not differing, "\n".join((f"{len(differing)} of {len(both)} matters differ; the first:", *lines))


def described(number: int, undisturbed: Matters, disturbed: Matters) -> Iterator[str]:
    """One line for each column of a matter that differs: the row, the column, its value without kills and with them."""
    before, after = _parsed(undisturbed.get(number, {})), _parsed(disturbed.get(number, {}))
    item = {**after, **before}.get("intake.application", {}).get("item_name", "")
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            yield f"matter {number} {item}: {name}: {'only with kills' if name in after else 'missing with kills'}"
            continue
        was, became = before[name], after[name]
        for column in sorted({*was, *became}):
            if was.get(column) != became.get(column):
                yield f"matter {number} {item}: {name}: {column}: {was.get(column)} → {became.get(column)}"


def _parsed(rows: Rows) -> Mapping[str, Mapping[str, Any]]:
    return {name: json.loads(row) for name, row in rows.items()}
