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
    update che168.raw_data set active_status = 1, is_asked = true, is_processed = false, last_updated_at = sluice.now()
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

-- What the newest list lacks by now is asked about, too.
update che168.raw_data r set is_asked = false from che168.unlisted u where u.account = r.account and u.inner_id = r.inner_id;
