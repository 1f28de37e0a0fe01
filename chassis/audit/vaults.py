"""Every key of the vault and every text: opened with what is mounted, and nothing left where a file was erased."""

from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule, Found
from chassis.audit.pages import Reader, file_of
from chassis.vault import FileVault, Tampered


async def look_through(reader: Reader, vault: FileVault, erasing: str, counts: AuditCounts, found: Found) -> None:
    """Open every key with its texts; then look for texts that have no key."""
    async for rows in reader.pages(_KEYS, _FILE, erasing):
        for row in rows:
            key, wrapped, names = file_of(row), row["wrapped"], row["names"] or ()
            if row["erased"]:
                found(AuditFinding(AuditRule.KEY_LEFT, key))
            try:
                vault.open(key, wrapped, {})
            except Tampered:
                found(AuditFinding(AuditRule.KEY_CLOSED, key))
                continue
            for name, closed in zip(names, row["texts"] or (), strict=True):
                try:
                    vault.open(key, wrapped, {name: closed})
                except Tampered:
                    found(AuditFinding(AuditRule.TEXT_CLOSED, key, name=name))
        counts[AuditCount.KEYS] += len(rows)
        counts[AuditCount.TEXTS] += sum(len(row["names"] or ()) for row in rows)
    async for rows in reader.pages(_WITHOUT_KEY, (*_FILE, "name")):
        for row in rows:
            found(AuditFinding(AuditRule.TEXT_LEFT, file_of(row), name=row["name"]))


_FILE = ("district", "street", "file_id")
_KEYS = """
select k.district, k.street, k.file_id, k.wrapped, t.names, t.texts,
       exists (select from fact f where f.district = k.district and f.street = k.street and f.file_id = k.file_id
                                    and f.kind = $5) as erased
from (select * from vault_key where (district, street, file_id) > ($1, $2, $3)
      order by district, street, file_id limit $4) k
cross join lateral (
  select array_agg(t.name order by t.name) as names, array_agg(t.ciphertext order by t.name) as texts
  from vault_text t where t.district = k.district and t.street = k.street and t.file_id = k.file_id) t
order by k.district, k.street, k.file_id
"""
_WITHOUT_KEY = """
select t.district, t.street, t.file_id, t.name from vault_text t
where (t.district, t.street, t.file_id, t.name) > ($1, $2, $3, $4)
  and not exists (select from vault_key k
                  where k.district = t.district and k.street = t.street and k.file_id = t.file_id)
order by t.district, t.street, t.file_id, t.name limit $5
"""
