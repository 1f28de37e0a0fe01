-- Functions of the marks by which a publisher knows what its stream had.

-- Notes how far a stream is filled: in the mark of this minute, else in a new one. Marks that are older than a stream
-- reaches back are removed. A mark names a row before which none waits, in the outbox or for the refill of an open loss:
-- while rows that were lost are published again it stays behind them, however high the rows of a batch are.
create or replace function stream_mark_reached(p_source text, p_created text, p_stream_seq bigint, p_row_seq bigint)
returns void language plpgsql as $$
declare
  v_none_waits bigint;
begin
  v_none_waits := least(
    case when p_source = 'sealed' then (select min(seq) - 1 from sealed_outbox) else (select min(seq) - 1 from outbox) end,
    (select min(l.row_seq) from stream_loss l where l.source = p_source and l.refilled_at is null));
  update stream_mark m
     set at = clock_timestamp(), created = p_created, stream_seq = greatest(m.stream_seq, p_stream_seq),
         row_seq = least(greatest(m.row_seq, p_row_seq), v_none_waits)
   where m.source = p_source and m.begun = (select max(l.begun) from stream_mark l where l.source = p_source)
     and m.begun > clock_timestamp() - interval '1 minute';
  if found then
    return;
  end if;
  insert into stream_mark (district, source, created, first_seq, stream_seq, row_seq)
  select current_setting('app.district'), p_source, p_created, coalesce(max(m.first_seq), 0),
         greatest(max(m.stream_seq), p_stream_seq), least(greatest(max(m.row_seq), p_row_seq), v_none_waits)
  from stream_mark m where m.source = p_source;
  delete from stream_mark m where m.source = p_source and m.at < clock_timestamp() - interval '15 days';
end $$;
