-- Dossiers, matters as received from intake and approval, messages and documents that are still to come.
-- Oldest code that may run on it: any.

-- migrate:up

-- The delivery of a matter; every column follows from the facts of the file. (行政许可法 44)
create table dossier (
  district       text    not null,
  street         text    not null,
  application_id uuid    not null,
  revision       integer not null,
  number         text,
  outcome        text,
  opened_on      date,
  deliver_by     date,
  provisional    boolean,
  delivered_on   date,
  way            smallint, -- DeliveryWay of the contract
  on_time        boolean,
  constraint dossier_pkey primary key (district, street, application_id)
) with (fillfactor = 80);

-- Results that wait for the applicant, longest first.
create index dossier_to_deliver on dossier (district, street, deliver_by)
  where deliver_by is not null and delivered_on is null;

-- A document that exists; its bytes are in the object store, encrypted, under its digest.
create table document (
  district         text     not null,
  street           text     not null,
  application_id   uuid     not null,
  kind             smallint not null, -- DocumentKind of the contract
  document_number  text     not null,
  issued_on        date     not null,
  sha256           text     not null,
  size             bigint   not null,
  template_version text     not null,
  constraint document_pkey primary key (district, street, application_id, kind)
);

-- A matter as intake and approval published it, in any order. Nothing here names a person.
create table matter (
  district          text    not null,
  street            text    not null,
  application_id    uuid    not null,
  item_code         text,
  item_version      integer,
  item_name         text,
  sensitive         boolean,
  sms               boolean, -- null until the acceptance or the catalogue has said it
  number            text,
  applicant_index   text,
  outcome           text,
  decided_on        date,
  withdrawn         boolean not null default false,
  constraint matter_pkey primary key (district, street, application_id)
) with (fillfactor = 80);
create index matter_without_item on matter (district, item_code) where sms is null;
create index matter_id on matter (application_id);

-- A version of an item as the catalogue published it: what messages may say of it, and the names of its materials.
create table item_version (
  district  text    not null,
  street    text    not null,
  code      text    not null,
  version   integer not null,
  name      text    not null,
  sensitive boolean not null,
  sms       boolean not null,
  materials jsonb   not null, -- {code: name}
  constraint item_version_pkey primary key (district, code, version)
);

-- One message of one stage. It may go out from next_at on by the office clock; where that stands still, a retry goes
-- out at real_next_at by the machine's.
create table notice (
  district         text        not null,
  street           text        not null,
  application_id   uuid        not null,
  notice_id        uuid        not null,
  template         text        not null,
  phase            smallint    not null, -- 0 intake's stages, 1 approval's
  stage_revision   integer     not null, -- revision of the fact in its own file: with phase, the order of stages
  stage_on         date        not null,
  particulars      jsonb       not null, -- what the template's placeholders stand for
  state            smallint    not null default 1, -- NoticeState of the contract
  tries            integer     not null default 0,
  next_at          timestamptz not null,
  real_next_at     timestamptz,
  sent_on          date,
  gateway_id       text        not null default '',
  template_version text        not null default '',
  constraint notice_pkey primary key (district, street, application_id, notice_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index notice_open on notice (district, next_at) where state in (1, 2);

-- A document that is to be issued, from a received fact. One that could not be typeset is set aside for a human.
create table document_task (
  district       text     not null,
  street         text     not null,
  application_id uuid     not null,
  kind           smallint not null,
  revision       integer  not null, -- of intake's fact
  item_code      text     not null,
  item_version   integer  not null,
  set_aside      boolean  not null default false,
  constraint document_task_pkey primary key (district, street, application_id, kind)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Holiday notices as received from intake, the newest of each year.
create table calendar_notice (
  district         text        not null,
  year             integer     not null,
  number           text        not null,
  days_off         date[]      not null,
  makeup_days      date[]      not null,
  calendar_version text        not null,
  recorded_at      timestamptz not null,
  constraint calendar_notice_pkey primary key (district, year)
);

-- migrate:down

drop table calendar_notice, document_task, notice, item_version, matter, document, dossier cascade;
