-- What the vendor has answered about an advert that it does not know any more, and which state of the advert was asked about.
alter table che168.details
  add column is_found boolean not null default true,
  add column last_change_id bigint;
comment on table  che168.details is 'What the vendor has answered about single adverts, of which events had told a part only, or which may be gone without a word (/offer); the latest answer of each.';
comment on column che168.details.data is 'the fields of the advert by the vendor''s names; where it was not found, what was answered before that, or nothing';
comment on column che168.details.is_found is 'false: the vendor did not know the advert (404)';
comment on column che168.details.last_change_id is 'raw_data.last_change_id of the advert when it was asked for; null: not noted';
comment on column che168.raw_data.active_status is '0: in the market; 1: removed, or found by nobody any more (details.is_found)';
comment on view   che168.unlisted is 'Adverts in the market that the newest whole list lacks and of which no event has told since: their removal may be among events that were lost. They are asked about (stream offer).';

-- Many adverts are marked to be asked about at once, in any order: those who do so take their turn, too.
create trigger in_turn_asked before update of is_asked on che168.raw_data for each statement execute function che168.in_turn();

-- What the vendor answers about an advert completes it, unless something was told of it after the question. What events have changed
-- of it since it was added last holds against the answer: later ones bring what the answer knew before. Where events may have been
-- lost nothing brings it: there the answer holds, and counts as told by the list that lacked the advert.
--
-- An advert that is not found is gone, if nothing speaks for it: no list and no event, or its latest is its removal. Of others the
-- removal is still to come by an event.
create or replace function che168.complete_raw() returns trigger language plpgsql as $$
declare
  raw   che168.raw_data;
  list  bigint;
  told  jsonb;
  since bigint;
begin
  if not new.is_found then
    new.data := coalesce((select data from che168.details where account = new.account and inner_id = new.inner_id), '{}');
  end if;
  select * into raw from che168.raw_data where account = new.account and inner_id = new.inner_id;
  if not found or raw.is_asked or raw.last_change_id <> coalesce(new.last_change_id, raw.last_change_id) then
    return new;
  end if;
  select (c.cursor ->> 'anchor')::bigint - 1 into list
  from che168.unlisted u join sluice.checkpoints c
    on c.connector = 'che168' and c.account = u.account and c.stream = 'offers' and c.span = 'now'
  where u.account = new.account and u.inner_id = new.inner_id;
  if not new.is_found then
    update che168.raw_data set active_status = 1, is_asked = true, is_processed = false,
      last_updated_at = greatest(last_updated_at, sluice.now())
    where account = new.account and inner_id = new.inner_id and active_status = 0
      and (list is not null or not exists (
        select from che168.events e where e.account = new.account and e.inner_id = new.inner_id)
      or 'removed' = (
        select e.change_type from che168.events e
        where e.account = new.account and e.inner_id = new.inner_id and e.change_type <> 'changed' order by e.change_id desc limit 1));
    return new;
  end if;
  select coalesce(max(change_id), 0) into since from che168.events
  where account = new.account and inner_id = new.inner_id and change_type = 'added';
  select coalesce(jsonb_object_agg(field.key, field.value order by e.change_id), '{}') into told
  from che168.events e, jsonb_each(che168.plain(e.data)) field
  where e.account = new.account and e.inner_id = new.inner_id and e.change_type = 'changed' and e.change_id > since and list is null;
  update che168.raw_data set data = new.data || told, is_whole = true, is_asked = true, is_processed = false,
    active_status = 0, removed_at = null, last_change_id = coalesce(list, last_change_id),
    vendor_id = coalesce(new.data ->> 'id', vendor_id), last_updated_at = sluice.now()
  where account = new.account and inner_id = new.inner_id;
  return new;
end $$;

-- As in 003; but what brings an advert back into the market is no repetition.
create or replace function che168.keep_raw() returns trigger language plpgsql as $$
begin
  if new.last_change_id = old.last_change_id and old.is_whole and new.data = old.data and new.active_status = old.active_status then
    return null;
  end if;
  if new.last_change_id < old.last_change_id then
    new.data := new.data || old.data;
    new.change_type := old.change_type;
    new.created_at := old.created_at;
    new.active_status := old.active_status;
    new.removed_at := old.removed_at;
    new.last_change_id := old.last_change_id;
  elsif not new.is_whole then
    new.data := old.data || new.data;
  end if;
  new.source := old.source;
  new.first_loaded_at := old.first_loaded_at;
  new.last_updated_at := greatest(old.last_updated_at, new.last_updated_at);
  new.first_created_at := least(old.first_created_at, new.first_created_at);
  new.vendor_id := coalesce(new.vendor_id, old.vendor_id);
  return new;
end $$;

-- What an event means that comes behind later ones of its advert (it was in quarantine, say): what it told is never put over theirs.
--
-- added    the rest of an advert of which a part is known; otherwise the advert is asked about, unless it was removed since
-- changed  the advert is asked about if it is in the market
-- removed  the advert is gone; where a list was begun since, which may have had it, it is asked about
--
-- One that was added again since has nothing to do with what was told before. Where no event is later, the row is of a list,
-- which has seen what happened before it.
create function che168.apply_late(event che168.events, change jsonb, is_told boolean) returns void language plpgsql as $$
declare
  since text[];
begin
  select array_agg(e.change_type) into since from che168.events e
  where e.account = event.account and e.inner_id = event.inner_id and e.change_id > event.change_id;
  if since is null then
    return;
  end if;
  insert into che168.price_history (account, inner_id, change_id, at, price)
  select event.account, event.inner_id, event.change_id, event.created_at, che168.price_of(change)
  where che168.price_of(change) is not null on conflict do nothing;
  update che168.raw_data r set first_created_at = event.created_at
  where r.account = event.account and r.inner_id = event.inner_id and event.created_at < coalesce(r.first_created_at, 'infinity');
  if 'added' = any(since) or (event.change_type = 'removed' and 'removed' = any(since)) then
    return;
  end if;
  if event.change_type = 'removed' and not exists (
    select from sluice.checkpoints c where c.connector = 'che168' and c.account = event.account and c.stream = 'offers'
      and c.span = 'now' and (c.cursor ->> 'anchor')::bigint > event.change_id) then
    update che168.raw_data r set active_status = 1, removed_at = event.created_at, is_asked = true, is_processed = false,
      last_updated_at = greatest(r.last_updated_at, sluice.now())
    where r.account = event.account and r.inner_id = event.inner_id;
    return;
  end if;
  if event.change_type = 'added' and is_told then
    update che168.raw_data r set data = change || r.data, is_whole = true, is_asked = true, is_processed = false,
      vendor_id = coalesce(r.vendor_id, change ->> 'id'), last_updated_at = sluice.now()
    where r.account = event.account and r.inner_id = event.inner_id and not r.is_whole;
    if found and 'removed' <> all(since) then
      update che168.raw_data r set active_status = 0, removed_at = null where r.account = event.account and r.inner_id = event.inner_id;
    end if;
    if found then
      return;
    end if;
  end if;
  update che168.raw_data r set is_asked = false
  where r.account = event.account and r.inner_id = event.inner_id
    and (r.active_status = 0 or (event.change_type = 'added' and 'removed' <> all(since)));
end $$;

-- As in 003; and what comes late is looked at. Nothing is asked about an advert whose removal is told. One that was gone because
-- it was not found, and not by a removal since, is asked about again when it has changed.
create or replace function che168.apply_event() returns trigger language plpgsql as $$
declare
  change  jsonb := case new.change_type when 'changed' then che168.plain(new.data) when 'added' then new.data else '{}' end;
  is_told boolean := new.change_type = 'added' and change <> '{}';
begin
  if new.change_type = 'removed' then
    update che168.raw_data set active_status = 1, change_type = new.change_type, created_at = coalesce(new.created_at, created_at),
      removed_at = new.created_at, last_updated_at = sluice.now(), last_change_id = new.change_id, is_processed = false, is_asked = true
    where account = new.account and inner_id = new.inner_id and last_change_id < new.change_id;
  else
    update che168.raw_data set
      data = case when is_told then change else data || change end,
      active_status = case new.change_type when 'added' then 0 else active_status end,
      removed_at = case new.change_type when 'added' then null else removed_at end,
      is_whole = is_told or is_whole,
      is_asked = is_told or (new.change_type = 'changed' and is_asked and case active_status when 0 then is_whole else not exists (
        select from che168.details d where d.account = new.account and d.inner_id = new.inner_id and not d.is_found and not exists (
          select from che168.events e where e.account = d.account and e.inner_id = d.inner_id
            and e.change_type = 'removed' and e.change_id > coalesce(d.last_change_id, 0))) end),
      vendor_id = coalesce(change ->> 'id', vendor_id),
      change_type = new.change_type, created_at = coalesce(new.created_at, created_at),
      first_created_at = least(first_created_at, new.created_at),
      last_updated_at = sluice.now(), last_change_id = new.change_id, is_processed = false
    where account = new.account and inner_id = new.inner_id and last_change_id < new.change_id;
  end if;
  if not found then
    insert into che168.raw_data (account, vendor_id, inner_id, change_type, created_at, first_created_at, data, first_loaded_at,
      last_updated_at, source, active_status, removed_at, is_processed, last_change_id, is_whole, is_asked)
    values (new.account, change ->> 'id', new.inner_id, new.change_type, new.created_at, new.created_at, change, sluice.now(),
      sluice.now(), 'daily_update', case new.change_type when 'removed' then 1 else 0 end,
      case new.change_type when 'removed' then new.created_at end, false, new.change_id, is_told,
      is_told or new.change_type = 'removed')
    on conflict (account, inner_id) do nothing;
    if not found and not exists (select from che168.events where account = new.account and change_id = new.change_id) then
      perform che168.apply_late(new, change, is_told);
    end if;
  end if;
  if new.change_type = 'added' then
    new.data := jsonb_strip_nulls(jsonb_build_object('price', new.data -> 'price', 'km_age', new.data -> 'km_age'));
  end if;
  return new;
end $$;

-- From now on is_asked alone says what is asked about: adverts whose removal is known are not, those that a list lacks are.
update che168.raw_data set is_asked = true where active_status = 1 and not is_asked;
update che168.raw_data r set is_asked = false from che168.unlisted u where u.account = r.account and u.inner_id = r.inner_id;

-- As in 001; but what is told agrees with itself: an error is what has remained of one, whatever was tried again.
create or replace view che168.operations_log as
select id, account, stream, operation_type, started_at, duration,
  case when errors > 0 then 'ERROR' when state = 'success' then 'OK' end as status, details, loaded, processed, errors
from (
  select r.id, r.account, r.stream, case r.stream when 'adverts' then 'normalization' else 'data_fetch' end as operation_type, r.started_at,
    round(extract(epoch from coalesce(r.finished_at, sluice.now()) - r.started_at))::integer as duration, r.state,
    concat_ws('; ', r.state, coalesce(r.error, r.warning, r.reason), r.notice) as details,
    case r.stream when 'adverts' then 0 else r.records end as loaded, r.inserted + r.changed as processed,
    greatest(
      r.quarantined + case r.state when 'failed' then 1 else 0 end + (select count(*)::integer from sluice.skipped s where s.run_id = r.id),
      case when r.state in ('failed', 'partial') then 1 else 0 end) as errors
  from sluice.runs r
  where r.connector = 'che168' and r.started_at is not null) told;
comment on column che168.operations_log.status is 'OK: it ended without an error that has remained; ERROR: it has one (errors); null: it is under way and has none so far';
comment on column che168.operations_log.errors is 'records in quarantine, pages that never came, and 1 for an operation that failed; what came when it was tried again is none';
