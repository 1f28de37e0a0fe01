"""Audit of rows, outboxes and inbox: all of them must agree with the facts."""

from collections.abc import Sequence

from chassis.audit.audited_service import AuditedService, Projection
from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule, Found
from chassis.audit.pages import PageReader, row_file
from chassis.event_store import FileKey

_FILE = ("district", "street", "file_id")
_ROWS = """
select p.district, p.street, p.{file_id} as file_id, p.revision, f.reached
from (select district, street, {file_id}, revision from {table} where (district, street, {file_id}) > ($1, $2, $3)
      order by district, street, {file_id} limit $4) p
cross join lateral (
  select max(f.revision) as reached from fact f
  where f.district = p.district and f.street = p.street and f.file_id = p.{file_id}) f
order by p.district, p.street, p.{file_id}
"""
_WITHOUT_ROW = """
select f.district, f.street, f.file_id,
       f.kind = any ($5) and not exists (
         select from {table} p where p.district = f.district and p.street = f.street and p.{file_id} = f.file_id)
         as missing
from (select district, street, file_id, kind from fact
      where (district, street, file_id) > ($1, $2, $3) and revision = 1
      order by district, street, file_id limit $4) f
order by f.district, f.street, f.file_id
"""
_OUTBOX = "select o.seq from outbox o where not exists (select from fact f where f.seq = o.seq) limit $1"
_ENVELOPES = """
select o.district, o.street, o.file_id, o.revision from sealed_outbox o
where not exists (select from fact f where f.district = o.district and f.street = o.street and f.file_id = o.file_id
                                       and f.revision = o.revision) limit $1
"""
_DAYS = """
select source, street, day, facts - received as missing from received_day
where received < facts order by source, street, day limit $1
"""
_INBOX = """
select m.source, m.district, m.street, m.file_id, m.revision, h.last, h.events,
       case when m.source = $7 then coalesce((
         select max(f.revision) from fact f
         where f.district = m.district and f.street = m.street and f.file_id = m.file_id), 0) end as own
from (select source, district, street, file_id, revision from inbox_offset
      where (source, district, street, file_id) > ($1, $2, $3, $4) and source <> all ($6)
      order by source, district, street, file_id limit $5) m
cross join lateral (
  select coalesce(max(h.revision), 0) as last, count(*) as events from inbox h
  where h.source = m.source and h.district = m.district and h.street = m.street and h.file_id = m.file_id) h
order by m.source, m.district, m.street, m.file_id
"""


async def check_rows(reader: PageReader, projections: Sequence[Projection], counts: AuditCounts, found: Found) -> None:
    """Checks that every row has the revision of its file, and that no row is missing."""
    for projection in projections:
        table = projection.table
        async for rows in reader.pages(_ROWS.format(table=table, file_id=projection.file_id), _FILE):
            counts[AuditCount.ROWS] += len(rows)
            for row in rows:
                if row["reached"] is None:
                    found(AuditFinding(AuditRule.ROW_WITHOUT_FACTS, row_file(row), name=table))
                elif row["reached"] != row["revision"]:
                    found(AuditFinding(AuditRule.ROW_BEHIND, row_file(row), row["reached"], table))
        without = _WITHOUT_ROW.format(table=table, file_id=projection.file_id)
        async for rows in reader.pages(without, _FILE, list(projection.begins)):
            for row in rows:
                if row["missing"]:
                    found(AuditFinding(AuditRule.ROW_MISSING, row_file(row), name=table))


async def check_outboxes(reader: PageReader, found: Found) -> None:
    """Checks that only facts wait to be published; the outboxes are short."""
    async with reader.snapshot() as connection:
        for row in await connection.fetch(_OUTBOX, reader.limits.page):
            found(AuditFinding(AuditRule.OUTBOX_WITHOUT_FACT, name=str(row["seq"])))
        for row in await connection.fetch(_ENVELOPES, reader.limits.page):
            found(AuditFinding(AuditRule.ENVELOPE_WITHOUT_FACT, row_file(row), row["revision"]))


async def check_inbox(reader: PageReader, audited: AuditedService, counts: AuditCounts, found: Found) -> None:
    """Checks that the inbox has all events of each file up to its offset, and of own files no more than facts."""
    async for rows in reader.pages(_INBOX, ("source", *_FILE), list(audited.unordered), audited.source):
        for row in rows:
            counts[AuditCount.INBOX_EVENTS] += row["events"]
            key: FileKey = row_file(row)
            if not row["revision"] == row["last"] == row["events"]:
                found(AuditFinding(AuditRule.INBOX_INCOMPLETE, key, row["revision"], row["source"]))
            if row["own"] is not None and row["revision"] > row["own"]:
                found(AuditFinding(AuditRule.INBOX_AHEAD, key, row["revision"], row["source"]))


async def check_days(reader: PageReader, found: Found) -> None:
    """Checks that no count of another service is larger than what was received of it."""
    async with reader.snapshot() as connection:
        for row in await connection.fetch(_DAYS, reader.limits.page):
            name = f"{row['source']} {row['street']} {row['day'].isoformat()} {row['missing']}"
            found(AuditFinding(AuditRule.DAY_INCOMPLETE, name=name))
