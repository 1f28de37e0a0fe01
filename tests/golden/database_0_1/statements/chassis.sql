-- The statements of release 0.1's chassis, word for word.

-- name: postgres_load
select * from load_file($1, $2, $3, $4, $5, $6, $7, $8)

-- name: postgres_change
select change_file($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)

-- name: postgres_texts
select * from read_texts($1, $2, $3, $4, $5)

-- name: postgres_load_many
select * from load_files($1, $2, $3)

-- name: postgres_change_many
select change_files($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)

-- name: postgres_draw
select * from draw($1, $2, $3)

-- name: inbox_hear
select hear($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: inbox_admit
select * from admit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: inbox_has_heard
select has_heard($1, $2, $3, $4, $5)

-- name: inbox_released
select p.district, p.street, p.file_id, p.revision, p.event_id, p.kind, p.body
from parked p left join hearing_mark m using (source, district, street, file_id)
where p.source = $1 and p.kind = any ($2) and coalesce(m.state, 'open') = 'open'
  and (not $3 or p.revision = coalesce(m.revision, 0) + 1)
order by p.parked_at limit $4

-- name: inbox_bury
with letter as (
  insert into dead_letter (source, district, street, file_id, revision, event_id, kind, body, error)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict on constraint dead_letter_once
  do update set error = excluded.error, at = clock_timestamp(), redriven_at = null, asked_at = null),
gone as (
  delete from parked where source = $1 and district = $2 and street = $3 and file_id = $4 and revision = $5)
insert into hearing_mark (source, district, street, file_id, revision, state)
values ($1, $2, $3, $4, $5 - 1, 'parked')
on conflict (source, district, street, file_id) do update set state = 'parked'

-- name: inbox_exhume
with letter as (
  update dead_letter set redriven_at = clock_timestamp()
  where id = $1 and source = $2 and redriven_at is null
  returning district, street, file_id, revision, event_id, kind, body),
opened as (
  update hearing_mark m set state = 'open' from letter l
  where m.source = $2 and (m.district, m.street, m.file_id) = (l.district, l.street, l.file_id))
select * from letter

-- name: consumer_lying
select id, asked_at is not null as asked from dead_letter where source = $1 and redriven_at is null order by id

-- name: relay_refill
with page as (select seq, district from fact where seq > $1 and recorded_at >= $2 order by seq limit $3),
filled as (insert into outbox (seq, district) select seq, district from page on conflict do nothing)
select seq from page

-- name: relay_seal_again
with again as (delete from sealed_sent returning *)
insert into sealed_outbox (district, street, file_id, revision, event_id, body)
select district, street, file_id, revision, event_id, body from again order by since, revision

-- name: agreement_outbox
select o.seq from outbox o where not exists (select from fact f where f.seq = o.seq) limit $1

-- name: agreement_envelopes
select o.district, o.street, o.file_id, o.revision from sealed_outbox o
where not exists (select from fact f where f.district = o.district and f.street = o.street and f.file_id = o.file_id
                                       and f.revision = o.revision) limit $1

-- name: agreement_heard
select m.source, m.district, m.street, m.file_id, m.revision, h.last, h.events,
       case when m.source = $7 then coalesce((
         select max(f.revision) from fact f
         where f.district = m.district and f.street = m.street and f.file_id = m.file_id), 0) end as own
from (select source, district, street, file_id, revision from hearing_mark
      where (source, district, street, file_id) > ($1, $2, $3, $4) and source <> all ($6)
      order by source, district, street, file_id limit $5) m
cross join lateral (
  select coalesce(max(h.revision), 0) as last, count(*) as events from heard h
  where h.source = m.source and h.district = m.district and h.street = m.street and h.file_id = m.file_id) h
order by m.source, m.district, m.street, m.file_id

-- name: settle_unsettled
select unsettled($1) from set_config('app.now', $2, false)

-- name: relay_outbox_select
select o.seq, o.trace, f.district, f.street, f.file_id, f.revision, f.event_id, f.kind, f.body from (select seq, trace from outbox order by seq limit $1) o cross join lateral (select * from fact where fact.seq = o.seq limit 1) f order by o.seq

-- name: relay_outbox_leave
delete from outbox where seq = any ($1)

-- name: relay_sealed_outbox_select
select seq, district, street, file_id, revision, event_id, body from sealed_outbox order by seq limit $1

-- name: relay_sealed_outbox_leave
with old as (delete from sealed_sent where since < now() - interval '1209600 seconds'),
gone as (delete from sealed_outbox where seq = any ($1) returning *)
insert into sealed_sent (event_id, district, street, file_id, revision, body, since)
select event_id, district, street, file_id, revision, body, since from gone on conflict do nothing

-- name: hears_tell
select tell($1)

-- name: redrive
update dead_letter set asked_at = clock_timestamp() where id = $1
