-- The day on which a result was offered first: the office's ten days are kept by it. (行政许可法 44)
-- Rows of earlier dossiers: `onewindow rebuild`.
-- Oldest code that may run on it: any.

-- migrate:up

alter table dossier add column offered_on date;

-- migrate:down

alter table dossier drop column offered_on;
