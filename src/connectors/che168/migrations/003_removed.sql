-- Since when an advert is gone. Its row tells the latest event, and changes come of adverts that are gone, too.
alter table che168.raw_data add column removed_at timestamptz;
comment on column che168.raw_data.removed_at is 'since when it is gone, as the vendor tells; null: it is active, or that was not told';

update che168.raw_data r set is_processed = is_processed and change_type = 'removed', removed_at = case r.change_type when 'removed' then r.created_at else (
  select e.created_at from che168.events e
  where e.account = r.account and e.inner_id = r.inner_id and e.change_type = 'removed' order by e.change_id desc limit 1) end
where r.active_status = 1;

-- As in 001, and: the time at which something new was told goes back with no row, whatever the vendor's clock says, since rows made
-- of this one take a later time for the newer. Where the list tells nothing of an advert, what events have told of it stays.
create or replace function che168.keep_raw() returns trigger language plpgsql as $$
begin
  if new.last_change_id = old.last_change_id and old.is_whole and new.data = old.data then
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

-- As in 001, with removed_at.
create or replace function che168.apply_event() returns trigger language plpgsql as $$
declare
  change  jsonb := case new.change_type when 'changed' then che168.plain(new.data) when 'added' then new.data else '{}' end;
  is_told boolean := new.change_type = 'added' and change <> '{}';
begin
  if new.change_type = 'removed' then
    update che168.raw_data set active_status = 1, change_type = new.change_type, created_at = coalesce(new.created_at, created_at),
      removed_at = new.created_at, last_updated_at = sluice.now(), last_change_id = new.change_id, is_processed = false
    where account = new.account and inner_id = new.inner_id and last_change_id < new.change_id;
  else
    update che168.raw_data set
      data = case when is_told then change else data || change end,
      active_status = case new.change_type when 'added' then 0 else active_status end,
      removed_at = case new.change_type when 'added' then null else removed_at end,
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
      last_updated_at, source, active_status, removed_at, is_processed, last_change_id, is_whole, is_asked)
    values (new.account, change ->> 'id', new.inner_id, new.change_type, new.created_at, new.created_at, change, sluice.now(),
      sluice.now(), 'daily_update', case new.change_type when 'removed' then 1 else 0 end,
      case new.change_type when 'removed' then new.created_at end, false, new.change_id, is_told,
      is_told or new.change_type = 'removed')
    on conflict (account, inner_id) do nothing;
  end if;
  if new.change_type = 'added' then
    new.data := jsonb_strip_nulls(jsonb_build_object('price', new.data -> 'price', 'km_age', new.data -> 'km_age'));
  end if;
  return new;
end $$;
