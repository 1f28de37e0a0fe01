-- Names of release 0.1; see chassis/sql/90_previous_release.sql. Drop in the next release (contract).

create or replace function tell(p_batch jsonb) returns void language plpgsql as $$
begin
  perform project_received(p_batch);
end $$;

create or replace function tell_matter(p_rows jsonb) returns void language sql as $$ select project_matter(p_rows) $$;

create or replace function tell_ticket(p_rows jsonb) returns void language sql as $$ select project_ticket(p_rows) $$;

drop function if exists told_by_column(text, text[]);
