-- What goes first, how often a run was tried again, and which bucket it waits for. The order of the type is the order of
-- going first.
create type sluice.priority as enum ('high', 'normal', 'low');

alter table sluice.runs
  add column priority sluice.priority not null default 'normal',
  add column retries  integer not null default 0,
  add column bucket   text;
comment on column sluice.runs.priority is 'what goes first where workers or quota are short: high, normal, low';
comment on column sluice.runs.retries is 'how often it was tried again since a page was last committed';
comment on column sluice.runs.bucket is 'the bucket it waits for';

drop index sluice.runs_due;
create index runs_due on sluice.runs (due_at, priority) where state = 'waiting';
create index runs_bucket on sluice.runs (bucket, due_at) where state = 'waiting' and bucket is not null;
create index runs_held on sluice.runs (worker) where state = 'running';
