create view wildberries.sync_states as
select latest.account, latest.stream, success.finished_at as last_success_at, synced.finished_at as last_sync_at,
  synced.records, latest.state, coalesce(latest.error, latest.warning, latest.reason) as note, latest.updated_at, point.cursor
from (
  select distinct on (account, stream) account, stream, state, error, warning, reason, updated_at
  from sluice.runs
  where connector = 'wildberries'
  order by account, stream, id desc
) latest
left join lateral (
  select finished_at from sluice.runs r
  where r.connector = 'wildberries' and r.account = latest.account and r.stream = latest.stream and r.state = 'success'
  order by id desc limit 1
) success on true
left join lateral (
  select finished_at, records from sluice.runs r
  where r.connector = 'wildberries' and r.account = latest.account and r.stream = latest.stream and r.state in ('success', 'partial')
  order by id desc limit 1
) synced on true
left join sluice.checkpoints point on point.connector = 'wildberries' and point.account = latest.account
  and point.stream = latest.stream and point.part = '{}' and point.span = 'now';

comment on view wildberries.sync_states is 'Where each account and stream stands, read from the engines own ledgers.';
comment on column wildberries.sync_states.account is 'whose data';
comment on column wildberries.sync_states.stream is 'what is collected: orders, sales, incomes, stocks and the others';
comment on column wildberries.sync_states.last_success_at is 'when it was collected last without anything left out; null: never yet, or longer ago than runs are kept';
comment on column wildberries.sync_states.last_sync_at is 'the same, runs included that left records in quarantine';
comment on column wildberries.sync_states.records is 'how many records that latest one brought';
comment on column wildberries.sync_states.state is 'of the latest run: planned, waiting, running, success, partial, failed';
comment on column wildberries.sync_states.note is 'why the latest run waits, failed or is partial';
comment on column wildberries.sync_states.updated_at is 'when something happened to it last';
comment on column wildberries.sync_states.cursor is 'where the next question begins; null before the first page';

create view wildberries.collection_logs as
select id, account, stream, cause, priority, state, started_at, finished_at, finished_at - started_at as duration, pages, records,
  inserted, changed, quarantined, retries, error_code, coalesce(error, warning, reason) as message, notice
from sluice.runs
where connector = 'wildberries';

comment on view wildberries.collection_logs is 'The history of collecting, read from the engines own ledger of runs.';
comment on column wildberries.collection_logs.id is 'of the run';
comment on column wildberries.collection_logs.account is 'whose data';
comment on column wildberries.collection_logs.stream is 'what was collected';
comment on column wildberries.collection_logs.cause is 'sync: somebody asked; schedule: it was due; heal: looked at again';
comment on column wildberries.collection_logs.priority is 'high, normal or low';
comment on column wildberries.collection_logs.state is 'planned, waiting, running, success, partial, failed';
comment on column wildberries.collection_logs.started_at is 'when a worker first took it';
comment on column wildberries.collection_logs.finished_at is 'when it ended';
comment on column wildberries.collection_logs.duration is 'from start to end';
comment on column wildberries.collection_logs.pages is 'pages committed';
comment on column wildberries.collection_logs.records is 'records the vendor sent';
comment on column wildberries.collection_logs.inserted is 'rows that were new';
comment on column wildberries.collection_logs.changed is 'rows that were replaced by later versions';
comment on column wildberries.collection_logs.quarantined is 'records that could not become rows';
comment on column wildberries.collection_logs.retries is 'how often it was tried again since its last page';
comment on column wildberries.collection_logs.error_code is 'why it failed, in one word';
comment on column wildberries.collection_logs.message is 'why it failed, is partial or waits';
comment on column wildberries.collection_logs.notice is 'what the vendors answers said beside, such as how far back it goes';
