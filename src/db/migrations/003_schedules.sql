-- Schedules hold nothing but the time of their next turn, and every scheduler writes its own down when it starts. So the
-- old ones are dropped rather than brought into the new form: each stream is looked at once more after the change.
drop table sluice.schedules;

create table sluice.schedules (
  connector text        not null,
  account   text        not null,
  stream    text        not null,
  variant   text        not null,
  turn      text        not null,
  rule      jsonb       not null,
  next_at   timestamptz,
  check_at  timestamptz,
  owed      jsonb       not null default '[]',
  set_at    timestamptz not null,
  seen_at   timestamptz not null,
  primary key (connector, account, stream, variant, turn)
);
comment on table  sluice.schedules is 'When a stream of an account is due next, for each configuration that collects it.';
comment on column sluice.schedules.variant is 'which configuration: a digest of its parts and of where the vendor answers; a process takes only turns of its own';
comment on column sluice.schedules.turn is 'what makes it due, as people read it';
comment on column sluice.schedules.rule is 'the same as its stream has it, with catchUp and overlap';
comment on column sluice.schedules.next_at is 'its next turn; of a chain: since when it is due; null: the stream before it has not ended';
comment on column sluice.schedules.check_at is 'when it is looked next whether today has been collected';
comment on column sluice.schedules.owed is 'parts whose run was open at their turn, and that get another one when it has ended';
comment on column sluice.schedules.set_at is 'when next_at was set; if that lies in the future, the clock was set back';
comment on column sluice.schedules.seen_at is 'when a scheduler of this configuration last confirmed it; after 7 days it is dropped';

create index runs_finished on sluice.runs (connector, account, stream, finished_at) where finished_at is not null;
