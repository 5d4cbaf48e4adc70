-- Time. A test sets the moment for every process at once; an empty table means the database's own clock.
create table sluice.clock (
  single boolean primary key default true check (single),
  moment timestamptz not null
);
comment on table sluice.clock is 'Empty in real life. A row stops the time of every Sluice process at this moment.';

create function sluice.now() returns timestamptz language sql stable as
  $$ select coalesce((select moment from sluice.clock), clock_timestamp()) $$;
comment on function sluice.now() is 'The one clock of all Sluice processes on this database.';

create table sluice.checkpoints (
  connector  text        not null,
  account    text        not null,
  stream     text        not null,
  part       jsonb       not null,
  span       text        not null,
  from_at    timestamptz not null,
  to_at      timestamptz,
  position   timestamptz not null,
  cursor     jsonb,
  version    bigint      not null default 0,
  run_id     bigint,
  updated_at timestamptz not null,
  primary key (connector, account, stream, part, span)
);
comment on table  sluice.checkpoints is 'Where each part stands. Every commit of a page moves the version it has read (fencing).';
comment on column sluice.checkpoints.span is '"now" for the standing checkpoint, otherwise the range from/to of a run with its own';
comment on column sluice.checkpoints.to_at is 'null: follows the present';
comment on column sluice.checkpoints.position is 'everything from from_at to here has been asked for and stored';
comment on column sluice.checkpoints.cursor is 'the next question; null before the first page';

create table sluice.runs (
  id          bigint generated always as identity primary key,
  connector   text        not null,
  account     text        not null,
  stream      text        not null,
  part        jsonb       not null,
  span        text        not null,
  cause       text        not null check (cause in ('sync', 'schedule', 'heal')),
  state       text        not null check (state in ('planned', 'waiting', 'running', 'success', 'partial', 'failed')),
  reason      text,
  due_at      timestamptz,
  from_at     timestamptz not null,
  to_at       timestamptz,
  position    timestamptz not null,
  pages       integer     not null default 0,
  records     bigint      not null default 0,
  inserted    bigint      not null default 0,
  changed     bigint      not null default 0,
  quarantined bigint      not null default 0,
  deaths      integer     not null default 0,
  error_code  text,
  error       text,
  stack       text,
  warning     text,
  worker      text,
  job         uuid,
  attempt     integer,
  planned_at  timestamptz not null,
  started_at  timestamptz,
  updated_at  timestamptz not null,
  finished_at timestamptz
);
comment on table  sluice.runs is 'One execution of a part, from its checkpoint to "nothing newer".';
comment on column sluice.runs.state is 'planned, waiting (reason, due_at), running; then success, partial or failed';
comment on column sluice.runs.span is 'the checkpoint it moves; one open run at a time for each';
comment on column sluice.runs.attempt is 'how often the queue has handed this job out: a later attempt may take the run from an earlier one, never the other way';
comment on column sluice.runs.position is 'how far it has come; from_at where it began, to_at where it ends (null: the present)';
comment on column sluice.runs.deaths is 'how often its worker died; after 3 it fails';
create unique index runs_one_open on sluice.runs (connector, account, stream, part, span) where state in ('planned', 'waiting', 'running');
create index runs_due on sluice.runs (due_at) where state = 'waiting';
create index runs_latest on sluice.runs (connector, account, stream, part, id desc);

create table sluice.coverage (
  connector text        not null,
  account   text        not null,
  stream    text        not null,
  part      jsonb       not null,
  kind      text        not null default 'range' check (kind = 'range'),
  from_at   timestamptz not null,
  to_at     timestamptz not null check (from_at < to_at),
  rows      bigint      not null,
  run_id    bigint      not null,
  proven_at timestamptz not null,
  primary key (connector, account, stream, part, from_at)
);
comment on table  sluice.coverage is 'What is proven complete: the vendor was asked for all of this time, and so many rows came.';
comment on column sluice.coverage.rows is 'rows the table must hold between from_at and to_at; "sluice verify" counts them';

create table sluice.holes (
  connector  text        not null,
  account    text        not null,
  stream     text        not null,
  part       jsonb       not null,
  from_at    timestamptz not null,
  to_at      timestamptz not null check (from_at < to_at),
  status     text        not null check (status in ('suspected', 'absent')),
  first_seen timestamptz not null,
  last_seen  timestamptz not null,
  primary key (connector, account, stream, part, from_at)
);
comment on table  sluice.holes is 'Stretches inside the coverage for which the vendor sent nothing although something was due.';
comment on column sluice.holes.status is 'suspected: seen once; absent: a later question confirmed that the vendor itself has nothing';

create table sluice.quarantine (
  id         bigint generated always as identity primary key,
  connector  text        not null,
  account    text        not null,
  stream     text        not null,
  part       jsonb       not null,
  digest     bytea       not null,
  record     text        not null,
  field      text,
  value      text,
  reason     text        not null,
  run_id     bigint      not null,
  times      integer     not null default 1,
  first_seen timestamptz not null,
  last_seen  timestamptz not null,
  unique (connector, account, stream, part, digest)
);
comment on table  sluice.quarantine is 'Records that could not become rows, as the vendor sent them, with the reason.';
comment on column sluice.quarantine.digest is 'SHA-256 of the record: the same record is kept once';
comment on column sluice.quarantine.record is 'JSON text of the record';

create table sluice.limits (
  bucket        text        primary key,
  window_from   timestamptz not null,
  used          integer     not null,
  closed_until  timestamptz,
  closed_reason text,
  updated_at    timestamptz not null
);
comment on table  sluice.limits is 'What has been spent from each vendor quota in its present window, by all processes together.';
comment on column sluice.limits.bucket is 'connector/limit/owner';

create table sluice.schedules (
  connector text        not null,
  account   text        not null,
  stream    text        not null,
  every_ms  bigint      not null check (every_ms > 0),
  next_at   timestamptz not null,
  primary key (connector, account, stream)
);
comment on table sluice.schedules is 'When a stream of an account is due next.';

create table sluice.pauses (
  connector text        not null,
  account   text        not null,
  stream    text        not null,
  part      jsonb       not null default '{}',
  reason    text        not null,
  since     timestamptz not null,
  primary key (connector, account, stream, part)
);
comment on table  sluice.pauses is 'What schedules leave alone until an explicit sync succeeds.';
comment on column sluice.pauses.part is '{} pauses the whole stream';

create table sluice.alerts (
  id          bigint generated always as identity primary key,
  key         text        not null,
  level       text        not null check (level in ('warning', 'critical')),
  code        text        not null,
  connector   text,
  account     text,
  stream      text,
  part        jsonb,
  message     text        not null,
  times       integer     not null default 1,
  raised_at   timestamptz not null,
  last_at     timestamptz not null,
  resolved_at timestamptz
);
comment on table sluice.alerts is 'Rules about health that hold now (resolved_at is null) or have held.';
create unique index alerts_open on sluice.alerts (key) where resolved_at is null;
