-- How far each stream was filled, and the losses that were found, so that a stream which went back is noticed and what
-- it lost is published again.
-- Oldest code that may run on it: any.

-- migrate:up

-- A row for each minute in which rows were published: when the stream ended with stream_seq, every row of the outbox up
-- to row_seq had been published. `created` and `first_seq` are the stream's own: when it was made, and its first message.
create table stream_mark (
  district   text        not null,
  source     text        not null,
  begun      timestamptz not null default clock_timestamp(),
  at         timestamptz not null default clock_timestamp(),
  created    text        not null,
  first_seq  bigint      not null default 0,
  stream_seq bigint      not null,
  row_seq    bigint      not null,
  constraint stream_mark_pkey primary key (district, source, begun)
);

-- A stream that no longer has what it had acknowledged. Open until what was published since is in the outbox again.
create table stream_loss (
  id          bigint      generated always as identity constraint stream_loss_pkey primary key,
  district    text        not null,
  source      text        not null,
  found_at    timestamptz not null default clock_timestamp(),
  stream_seq  bigint      not null,
  messages    bigint      not null,
  row_seq     bigint      not null,
  since       timestamptz not null,
  refill_at   timestamptz not null,
  refilled_at timestamptz
);
comment on column stream_loss.stream_seq is 'The last message that the stream still had';
comment on column stream_loss.messages is 'Acknowledged messages that it had no more; 0 where that is not known';
comment on column stream_loss.row_seq is 'Rows of the outbox after this one are published again';
comment on column stream_loss.refill_at is 'Not before this instant: a stream that was purged still drops repeats';

-- migrate:down

drop table stream_loss, stream_mark;
