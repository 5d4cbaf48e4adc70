-- What is proven is one of three kinds: a stretch of time, an unbroken chain of pages, a complete list.
alter table sluice.coverage
  drop constraint coverage_kind_check,
  add  constraint coverage_kind_check check (kind in ('range', 'chain', 'snapshot')),
  drop constraint coverage_check,
  add  constraint coverage_check check (from_at < to_at or (kind <> 'range' and from_at = to_at)),
  add column from_cursor jsonb,
  add column to_cursor   jsonb,
  add column total       bigint,
  add column complete    boolean not null default true;
comment on table  sluice.coverage is 'What is proven complete: the vendor was asked for all of this, and so many rows came.';
comment on column sluice.coverage.kind is 'range: all of a stretch of time; chain: all pages from one cursor to another; snapshot: all there was when it was last listed';
comment on column sluice.coverage.rows is 'rows the table must hold: between from_at and to_at (range), from these pages (chain), that are not gone (snapshot); "sluice verify" counts them';
comment on column sluice.coverage.from_cursor is 'chain: the cursor of its first page';
comment on column sluice.coverage.to_cursor is 'chain: the cursor after its last page';
comment on column sluice.coverage.total is 'snapshot: how many records the vendor said there are';
comment on column sluice.coverage.complete is 'false: a snapshot whose first list has not come to its end';

create table sluice.skipped (
  connector  text        not null,
  account    text        not null,
  stream     text        not null,
  part       jsonb       not null,
  span       text        not null,
  cursor     jsonb       not null,
  reason     text        not null,
  run_id     bigint      not null,
  times      integer     not null default 1,
  first_seen timestamptz not null,
  last_seen  timestamptz not null,
  primary key (connector, account, stream, part, span)
);
comment on table  sluice.skipped is 'Pages that never came although every retry was spent; the rest was gone on with. They are asked for again by later runs.';
comment on column sluice.skipped.span is 'the span of the runs that ask for it again';
comment on column sluice.skipped.cursor is 'the question';

-- Quarantine: what it takes to make a row of the record later, and what became of it.
alter table sluice.quarantine
  add column asked_at    timestamptz,
  add column answered_at timestamptz,
  add column subjects    jsonb,
  add column replayed_at timestamptz,
  add column dismissed_at timestamptz,
  alter column run_id drop not null;
update sluice.quarantine set asked_at = last_seen, answered_at = last_seen;
alter table sluice.quarantine alter column asked_at set not null, alter column answered_at set not null;
comment on column sluice.quarantine.asked_at is 'when the vendor was asked for the record last';
comment on column sluice.quarantine.answered_at is 'the vendor''s clock when it answered';
comment on column sluice.quarantine.subjects is 'the rows of ours that the question was about';
comment on column sluice.quarantine.replayed_at is 'when it became a row after all; null: it is still in quarantine';
comment on column sluice.quarantine.dismissed_at is 'when somebody decided that it is of no use';
create index quarantine_open on sluice.quarantine (connector, account, stream, part) where replayed_at is null and dismissed_at is null;
create index quarantine_ended on sluice.quarantine (coalesce(replayed_at, dismissed_at)) where replayed_at is not null or dismissed_at is not null;

-- The result of checking a run's records, and how many the vendor says there are: a list that was interrupted still knows.
alter table sluice.runs
  add column findings jsonb not null default '[]',
  add column total    bigint;
comment on column sluice.runs.total is 'of a list: how many records the vendor said there are, the last time it said so';
comment on column sluice.runs.findings is 'what was wrong with records: [{field, reason, times}], the most frequent first, 20 at most';
