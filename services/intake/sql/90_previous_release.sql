-- Names of release 0.1; see chassis/sql/90_previous_release.sql. Drop in the next release (contract).

create or replace function tell(p_batch jsonb) returns void language plpgsql as $$
begin
  perform project_received(p_batch);
end $$;
