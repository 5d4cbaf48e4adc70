create table che168.raw_data (
  account          text        not null,
  id               bigint      generated always as identity,
  vendor_id        text,
  inner_id         text        not null,
  change_type      text        not null check (change_type in ('added', 'changed', 'removed')),
  created_at       timestamptz,
  first_created_at timestamptz,
  data             jsonb       not null,
  first_loaded_at  timestamptz not null,
  last_updated_at  timestamptz not null,
  source           text        not null check (source in ('initial_load', 'daily_update')),
  active_status    smallint    not null check (active_status in (0, 1)),
  is_processed     boolean     not null,
  last_change_id   bigint      not null,
  is_whole         boolean     not null,
  is_partial       boolean     not null generated always as (not is_whole) stored,
  is_asked         boolean     not null,
  primary key (account, inner_id)
);
create unique index raw_data_id on che168.raw_data (id);
create index raw_data_active on che168.raw_data (active_status);
create index raw_data_unprocessed on che168.raw_data (account, inner_id) where not is_processed;
create index raw_data_source on che168.raw_data (source);
create index raw_data_updated on che168.raw_data (last_updated_at);
create index raw_data_unasked on che168.raw_data (account, inner_id) where not is_asked;

comment on table  che168.raw_data is 'Every advert that was ever seen, one row each, as the vendor writes it, with all that events have changed of it (/offers, /changes, /offer).';
comment on column che168.raw_data.account is 'whose key it was read with: the account as Sluice calls it';
comment on column che168.raw_data.id is 'number of the row here; says nothing of order';
comment on column che168.raw_data.vendor_id is 'the vendor''s own number of the advert: id of /offers, or data.id; says nothing of order';
comment on column che168.raw_data.inner_id is 'the advert on che168.com';
comment on column che168.raw_data.change_type is 'the latest that was told of it: added, changed, removed';
comment on column che168.raw_data.created_at is 'when that happened, as the vendor tells; null: not told';
comment on column che168.raw_data.first_created_at is 'the earliest such time; null: none was told';
comment on column che168.raw_data.data is 'the fields of the advert by the vendor''s names, unchecked; changes are merged into them (new_price as price, new_mileage as km_age)';
comment on column che168.raw_data.first_loaded_at is 'when it was seen first';
comment on column che168.raw_data.last_updated_at is 'when something new was told of it last';
comment on column che168.raw_data.source is 'how the row came into being: initial_load (the list), daily_update (an event)';
comment on column che168.raw_data.active_status is '0: in the market; 1: removed';
comment on column che168.raw_data.is_processed is 'whether the row was normalised as it now is';
comment on column che168.raw_data.last_change_id is 'the event up to which it is told; of a row from the list the last one before the list was begun. Older events change nothing';
comment on column che168.raw_data.is_whole is 'data is the whole advert; false: events have told a part of it only';
comment on column che168.raw_data.is_partial is 'the contrary of is_whole';
comment on column che168.raw_data.is_asked is 'false: the vendor is to be asked about this advert (stream offer)';

create table che168.events (
  account     text   not null,
  change_id   bigint not null,
  inner_id    text   not null,
  change_type text   not null check (change_type in ('added', 'changed', 'removed')),
  created_at  timestamptz,
  data        jsonb  not null,
  primary key (account, change_id)
);
create index events_advert on che168.events (account, inner_id, change_id);
create index events_time on che168.events (account, created_at);

comment on table  che168.events is 'Every event that was told of an advert, once (/changes).';
comment on column che168.events.account is 'whose key it was read with: the account as Sluice calls it';
comment on column che168.events.change_id is 'the event; grows with time';
comment on column che168.events.inner_id is 'the advert on che168.com';
comment on column che168.events.change_type is 'added, changed, removed';
comment on column che168.events.created_at is 'when it happened, as the vendor tells; null: not told';
comment on column che168.events.data is 'what it changed, by the vendor''s names; of an advert that was added the price (CNY) and km_age (km) only';

create table che168.details (
  account  text        not null,
  inner_id text        not null,
  data     jsonb       not null,
  asked_at timestamptz not null,
  primary key (account, inner_id)
);

comment on table  che168.details is 'What the vendor has answered about single adverts, of which events had told a part only (/offer); the latest answer of each.';
comment on column che168.details.account is 'whose key it was read with: the account as Sluice calls it';
comment on column che168.details.inner_id is 'the advert on che168.com';
comment on column che168.details.data is 'the fields of the advert by the vendor''s names';
comment on column che168.details.asked_at is 'when it was asked for';

create table che168.filters (
  account  text        not null,
  kind     text        not null,
  mark     text        not null,
  value    text        not null,
  asked_at timestamptz not null,
  gone_at  timestamptz,
  primary key (account, kind, mark, value)
);

comment on table  che168.filters is 'The words that the vendor knows for marks, models, colours and so on (/filters).';
comment on column che168.filters.account is 'whose key it was read with: the account as Sluice calls it';
comment on column che168.filters.kind is 'what the word is of: mark, model, color, body_type, engine_type, transmission_type, drive_type';
comment on column che168.filters.mark is 'of a model: its mark; otherwise empty';
comment on column che168.filters.value is 'the word, in the language of the account';
comment on column che168.filters.asked_at is 'when it was asked for last';
comment on column che168.filters.gone_at is 'since when the vendor does not know it any more; null: it does';

create table che168.price_history (
  account   text   not null,
  inner_id  text   not null,
  change_id bigint not null,
  at        timestamptz,
  price     numeric(20,6) not null,
  currency  text   not null default 'CNY',
  primary key (account, inner_id, change_id)
);

comment on table  che168.price_history is 'Each price that an advert has had, from when on: of the list and of events. A price of 0 is none.';
comment on column che168.price_history.account is 'whose key it was read with: the account as Sluice calls it';
comment on column che168.price_history.inner_id is 'the advert on che168.com';
comment on column che168.price_history.change_id is 'the event that brought it; of a price from the list last_change_id of the advert then';
comment on column che168.price_history.at is 'since when, as the vendor tells; null: not told';
comment on column che168.price_history.price is 'the price';
comment on column che168.price_history.currency is 'of the price: ISO 4217';

-- The fields that a change brings, under the names that an advert has them by: new_price is price, and a mileage is km_age.
-- Where both forms are there the new one holds.
create function che168.plain(change jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(name, value order by is_new), '{}')
  from (
    select case regexp_replace(key, '^new_', '') when 'mileage' then 'km_age' else regexp_replace(key, '^new_', '') end as name,
      value, key like 'new\_%' as is_new
    from jsonb_each(change)) fields
$$;

-- The price of an advert, if it has one that can be read.
create function che168.price_of(data jsonb) returns numeric language sql immutable parallel safe as $$
  select case when data ->> 'price' ~ '^\d{1,12}(\.\d{1,6})?$' and (data ->> 'price')::numeric > 0
    then (data ->> 'price')::numeric end
$$;

-- Those who write adverts do so one after the other: they come to the same rows in different orders.
create function che168.in_turn() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('che168.raw_data', 7287));
  return null;
end $$;

create trigger in_turn before insert on che168.raw_data for each statement execute function che168.in_turn();
create trigger in_turn before insert on che168.events for each statement execute function che168.in_turn();
create trigger in_turn before insert on che168.details for each statement execute function che168.in_turn();

-- What stays when a row is written again. The same once more changes nothing. A row of the list that is older than what events
-- have told of an advert is the rest of it: what they told holds.
create function che168.keep_raw() returns trigger language plpgsql as $$
begin
  if new.last_change_id = old.last_change_id and old.is_whole and new.data = old.data then
    return null;
  end if;
  if new.last_change_id < old.last_change_id then
    new.data := new.data || old.data;
    new.change_type := old.change_type;
    new.created_at := old.created_at;
    new.active_status := old.active_status;
    new.last_change_id := old.last_change_id;
  end if;
  new.source := old.source;
  new.first_loaded_at := old.first_loaded_at;
  new.first_created_at := least(old.first_created_at, new.first_created_at);
  new.vendor_id := coalesce(new.vendor_id, old.vendor_id);
  return new;
end $$;

create trigger keep_raw before update of data on che168.raw_data for each row execute function che168.keep_raw();

create function che168.note_price() returns trigger language plpgsql as $$
begin
  insert into che168.price_history (account, inner_id, change_id, at, price)
  values (new.account, new.inner_id, new.last_change_id, new.created_at, che168.price_of(new.data))
  on conflict (account, inner_id, change_id) do update set at = excluded.at, price = excluded.price;
  return null;
end $$;

create trigger note_price after insert on che168.raw_data for each row
  when (che168.price_of(new.data) is not null) execute function che168.note_price();
create trigger note_changed_price after update of data on che168.raw_data for each row
  when (che168.price_of(new.data) is not null and che168.price_of(new.data) is distinct from che168.price_of(old.data))
  execute function che168.note_price();

-- What an event means for its advert. One that is not newer than what is known means nothing: so it may come twice, late, or
-- in another order. An advert that is not known comes into being with what the event tells of it.
create function che168.apply_event() returns trigger language plpgsql as $$
declare
  change  jsonb := case new.change_type when 'changed' then che168.plain(new.data) when 'added' then new.data else '{}' end;
  is_told boolean := new.change_type = 'added' and change <> '{}';
begin
  if new.change_type = 'removed' then
    update che168.raw_data set active_status = 1, change_type = new.change_type, created_at = coalesce(new.created_at, created_at),
      last_updated_at = sluice.now(), last_change_id = new.change_id, is_processed = false
    where account = new.account and inner_id = new.inner_id and last_change_id < new.change_id;
  else
    update che168.raw_data set
      data = case when is_told then change else data || change end,
      active_status = case new.change_type when 'added' then 0 else active_status end,
      is_whole = is_told or is_whole,
      is_asked = is_told or (new.change_type = 'changed' and is_whole and is_asked),
      vendor_id = coalesce(change ->> 'id', vendor_id),
      change_type = new.change_type, created_at = coalesce(new.created_at, created_at),
      first_created_at = least(first_created_at, new.created_at),
      last_updated_at = sluice.now(), last_change_id = new.change_id, is_processed = false
    where account = new.account and inner_id = new.inner_id and last_change_id < new.change_id;
  end if;
  if not found then
    insert into che168.raw_data (account, vendor_id, inner_id, change_type, created_at, first_created_at, data, first_loaded_at,
      last_updated_at, source, active_status, is_processed, last_change_id, is_whole, is_asked)
    values (new.account, change ->> 'id', new.inner_id, new.change_type, new.created_at, new.created_at, change, sluice.now(),
      sluice.now(), 'daily_update', case new.change_type when 'removed' then 1 else 0 end, false, new.change_id, is_told,
      is_told or new.change_type = 'removed')
    on conflict (account, inner_id) do nothing;
  end if;
  if new.change_type = 'added' then
    new.data := jsonb_strip_nulls(jsonb_build_object('price', new.data -> 'price', 'km_age', new.data -> 'km_age'));
  end if;
  return new;
end $$;

create trigger apply_event before insert on che168.events for each row execute function che168.apply_event();

-- What the vendor answers about an advert completes it, unless it has become whole meanwhile. What events have changed of it
-- since it was added last holds against the answer: later ones bring what the answer knew before.
create function che168.complete_raw() returns trigger language plpgsql as $$
declare
  told jsonb;
  since bigint;
begin
  select coalesce(max(change_id), 0) into since from che168.events
  where account = new.account and inner_id = new.inner_id and change_type = 'added';
  select coalesce(jsonb_object_agg(field.key, field.value order by e.change_id), '{}') into told
  from che168.events e, jsonb_each(che168.plain(e.data)) field
  where e.account = new.account and e.inner_id = new.inner_id and e.change_type = 'changed' and e.change_id > since;
  update che168.raw_data set data = new.data || told, is_whole = true, is_asked = true, is_processed = false,
    vendor_id = coalesce(new.data ->> 'id', vendor_id), last_updated_at = sluice.now()
  where account = new.account and inner_id = new.inner_id and active_status = 0 and not is_asked;
  return new;
end $$;

create trigger complete_raw before insert on che168.details for each row execute function che168.complete_raw();

create view che168.sync_state as
select account, (cursor ->> 'date')::date as last_successful_date, (cursor ->> 'change_id')::bigint - 1 as last_change_id, updated_at
from sluice.checkpoints
where connector = 'che168' and stream = 'changes' and span = 'now' and jsonb_typeof(cursor) = 'object';

comment on view che168.sync_state is 'How far the changes of each account were taken, read from the engines own ledgers.';
comment on column che168.sync_state.account is 'the account as Sluice calls it';
comment on column che168.sync_state.last_successful_date is 'the last day (UTC) of which every event was taken, the present one up to updated_at; null: none yet';
comment on column che168.sync_state.last_change_id is 'the last event that was taken; the next question begins behind it';
comment on column che168.sync_state.updated_at is 'when that was written down';

create view che168.operations_log as
select id, account, stream, case stream when 'adverts' then 'normalization' else 'data_fetch' end as operation_type, started_at,
  round(extract(epoch from coalesce(finished_at, sluice.now()) - started_at))::integer as duration,
  case when state = 'success' and quarantined = 0 then 'OK' when state in ('failed', 'partial') or quarantined > 0 or retries > 0 then 'ERROR' end as status,
  concat_ws('; ', state, coalesce(error, warning, reason), notice) as details,
  case stream when 'adverts' then 0 else records end as loaded, inserted + changed as processed,
  quarantined + case state when 'failed' then 1 else 0 end as errors
from sluice.runs
where connector = 'che168' and started_at is not null;

comment on view che168.operations_log is 'Every operation, read from the engines own ledger of runs, which keeps them 90 days unless told otherwise.';
comment on column che168.operations_log.id is 'of the run';
comment on column che168.operations_log.account is 'the account as Sluice calls it';
comment on column che168.operations_log.stream is 'what was done: offers, changes, offer, filters, adverts';
comment on column che168.operations_log.operation_type is 'data_fetch, or normalization';
comment on column che168.operations_log.started_at is 'when it began';
comment on column che168.operations_log.duration is 'how long it took, in seconds; how long it has taken so far where it is under way';
comment on column che168.operations_log.status is 'OK: it ended without a single error; ERROR: it had one; null: it is under way and has none so far';
comment on column che168.operations_log.details is 'its state, what went wrong, and what was told beside';
comment on column che168.operations_log.loaded is 'records that the vendor sent';
comment on column che168.operations_log.processed is 'rows that were new or changed by it';
comment on column che168.operations_log.errors is 'records in quarantine, and 1 for an operation that failed';

create view che168.unlisted as
select r.account, r.inner_id, r.last_change_id, r.last_updated_at
from che168.raw_data r join sluice.checkpoints c on c.connector = 'che168' and c.account = r.account and c.stream = 'offers' and c.span = 'now'
where r.active_status = 0 and (c.cursor ->> 'ended')::boolean and r.last_change_id < (c.cursor ->> 'anchor')::bigint - 1;

comment on view che168.unlisted is 'Adverts in the market that the newest whole list lacks and of which no event has told since: their removal may be among events that were lost.';
comment on column che168.unlisted.account is 'the account as Sluice calls it';
comment on column che168.unlisted.inner_id is 'the advert on che168.com';
comment on column che168.unlisted.last_change_id is 'the event up to which it is told';
comment on column che168.unlisted.last_updated_at is 'when something new was told of it last';

create view che168.feed_volume as
with days as (
  select s.account, d.day, (
    select count(*)::integer from che168.events e
    where e.account = s.account and e.created_at >= d.day at time zone 'UTC' and e.created_at < (d.day + interval '1 day') at time zone 'UTC') as events
  from (select account, min(created_at) as since from che168.events group by account) s,
    generate_series(date_trunc('day', greatest(s.since, sluice.now() - interval '37 days') at time zone 'UTC'),
      date_trunc('day', sluice.now() at time zone 'UTC'), interval '1 day') as d(day)
)
select d.account, d.day::date as day, d.events, u.usual, d.events < 0.3 * u.usual and d.day < date_trunc('day', sluice.now() at time zone 'UTC') as is_quiet
from days d, lateral (
  select round(percentile_cont(0.5) within group (order by b.events))::integer as usual
  from days b where b.account = d.account and b.day < d.day and b.day >= d.day - interval '7 days') u
where d.day >= date_trunc('day', (sluice.now() - interval '30 days') at time zone 'UTC');

comment on view che168.feed_volume is 'How many events each of the latest 30 days (UTC) had, beside what is usual: feeds die without an error.';
comment on column che168.feed_volume.account is 'the account as Sluice calls it';
comment on column che168.feed_volume.day is 'the day';
comment on column che168.feed_volume.events is 'events of it, by the time that they tell';
comment on column che168.feed_volume.usual is 'the median of the seven days before it; null: nothing was collected before';
comment on column che168.feed_volume.is_quiet is 'the day is over and had less than three tenths of what is usual';
