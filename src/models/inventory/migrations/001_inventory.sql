-- One table of stock over all marketplaces and warehouses. Quantities are pieces; NULL is "not known", and never stands for 0.
create table inventory.inventory_data (
  account            text        not null,
  source             text        not null check (source in ('Ozon', 'Wildberries', 'Manual')),
  product_id         text        not null,
  sku                text        not null,
  warehouse_key      text        not null,
  warehouse_name     text        not null default 'Main Warehouse',
  stock_type         text        not null check (stock_type in ('FBO', 'FBS', 'realFBS')),
  quantity_present   bigint,
  quantity_reserved  bigint,
  current_stock      bigint,
  reserved_stock     bigint,
  available_stock    bigint,
  in_way_to_client   bigint,
  in_way_from_client bigint,
  snapshot_date      date        not null,
  last_sync_at       timestamptz not null,
  origin             text        not null,
  primary key (account, source, product_id, sku, warehouse_key, stock_type)
);
create index inventory_data_sync on inventory.inventory_data (source, last_sync_at);
create index inventory_data_product on inventory.inventory_data (product_id, source);

comment on table  inventory.inventory_data is 'Stock as it was last told, one row for each product, warehouse and kind of stock. What each number means for each source: docs/inventory.md.';
comment on column inventory.inventory_data.account is 'whose stock it is: the account, as it is called here';
comment on column inventory.inventory_data.source is 'who told it: Ozon, Wildberries, or Manual (a file that was imported)';
comment on column inventory.inventory_data.product_id is 'the source''s number of the product card: product_id of Ozon, nmId of Wildberries';
comment on column inventory.inventory_data.sku is 'the source''s number of what is sold: sku of Ozon, chrtId of Wildberries (from remains its barcode)';
comment on column inventory.inventory_data.warehouse_key is 'tells the warehouses of a product apart: its number or name; all: over all warehouses; in-way: what is under way and lies in none';
comment on column inventory.inventory_data.warehouse_name is 'its name as the source has it; Main Warehouse where the source names none';
comment on column inventory.inventory_data.stock_type is 'FBO: in the marketplace''s warehouse; FBS: in the seller''s, the marketplace delivers; realFBS: in the seller''s, who delivers';
comment on column inventory.inventory_data.quantity_present is 'pieces in the warehouse, as the source tells it';
comment on column inventory.inventory_data.quantity_reserved is 'pieces put aside for orders, as the source tells it; NULL: it does not';
comment on column inventory.inventory_data.current_stock is 'pieces that lie in the warehouse';
comment on column inventory.inventory_data.reserved_stock is 'pieces of orders that are not sent yet; NULL: not known';
comment on column inventory.inventory_data.available_stock is 'pieces that can be sold now; NULL: not known';
comment on column inventory.inventory_data.in_way_to_client is 'pieces on their way to buyers; NULL: not known';
comment on column inventory.inventory_data.in_way_from_client is 'pieces on their way back from buyers; NULL: not known';
comment on column inventory.inventory_data.snapshot_date is 'the day of last_sync_at in the zone of the account''s settings';
comment on column inventory.inventory_data.last_sync_at is 'when the source was asked for it, or since when its complete list lacks it; of a file, when it was imported';
comment on column inventory.inventory_data.origin is 'the stream it was made from, as ozon.stocks; inventory.import of a file';

create table inventory.inventory_history (
  account            text        not null,
  source             text        not null,
  product_id         text        not null,
  sku                text        not null,
  warehouse_key      text        not null,
  warehouse_name     text        not null,
  stock_type         text        not null,
  quantity_present   bigint,
  quantity_reserved  bigint,
  current_stock      bigint,
  reserved_stock     bigint,
  available_stock    bigint,
  in_way_to_client   bigint,
  in_way_from_client bigint,
  snapshot_date      date        not null,
  last_sync_at       timestamptz not null,
  origin             text        not null,
  primary key (account, source, product_id, sku, warehouse_key, stock_type, snapshot_date)
);
create index inventory_history_day on inventory.inventory_history (snapshot_date);

comment on table  inventory.inventory_history is 'The last state of each day of each row of inventory.inventory_data. A day without a row is one on which nothing was told.';
comment on column inventory.inventory_history.account is 'as in inventory.inventory_data';
comment on column inventory.inventory_history.source is 'as in inventory.inventory_data';
comment on column inventory.inventory_history.product_id is 'as in inventory.inventory_data';
comment on column inventory.inventory_history.sku is 'as in inventory.inventory_data';
comment on column inventory.inventory_history.warehouse_key is 'as in inventory.inventory_data';
comment on column inventory.inventory_history.warehouse_name is 'as in inventory.inventory_data, on that day';
comment on column inventory.inventory_history.stock_type is 'as in inventory.inventory_data';
comment on column inventory.inventory_history.quantity_present is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.quantity_reserved is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.current_stock is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.reserved_stock is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.available_stock is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.in_way_to_client is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.in_way_from_client is 'pieces, as in inventory.inventory_data';
comment on column inventory.inventory_history.snapshot_date is 'the day, in the zone of the account''s settings';
comment on column inventory.inventory_history.last_sync_at is 'when it was told last on that day';
comment on column inventory.inventory_history.origin is 'as in inventory.inventory_data';

create function inventory.keep_history() returns trigger language plpgsql as $$
begin
  insert into inventory.inventory_history as h (account, source, product_id, sku, warehouse_key, warehouse_name, stock_type,
    quantity_present, quantity_reserved, current_stock, reserved_stock, available_stock, in_way_to_client, in_way_from_client,
    snapshot_date, last_sync_at, origin)
  select account, source, product_id, sku, warehouse_key, warehouse_name, stock_type,
    quantity_present, quantity_reserved, current_stock, reserved_stock, available_stock, in_way_to_client, in_way_from_client,
    snapshot_date, last_sync_at, origin
  from told
  on conflict (account, source, product_id, sku, warehouse_key, stock_type, snapshot_date) do update
  set warehouse_name = excluded.warehouse_name, quantity_present = excluded.quantity_present,
    quantity_reserved = excluded.quantity_reserved, current_stock = excluded.current_stock,
    reserved_stock = excluded.reserved_stock, available_stock = excluded.available_stock,
    in_way_to_client = excluded.in_way_to_client, in_way_from_client = excluded.in_way_from_client,
    last_sync_at = excluded.last_sync_at, origin = excluded.origin
  where h.last_sync_at <= excluded.last_sync_at;
  return null;
end $$;
comment on function inventory.keep_history() is 'Writes what has become of rows of inventory.inventory_data into the history of its day.';
create trigger keep_history_of_new after insert on inventory.inventory_data
  referencing new table as told for each statement execute function inventory.keep_history();
create trigger keep_history_of_changed after update on inventory.inventory_data
  referencing new table as told for each statement execute function inventory.keep_history();

-- A source that names the warehouses of a product in one list leaves out those that hold nothing. Such a list comes with a row
-- "in-way": rows of the same list that are older than it were not in it any more.
create function inventory.end_unlisted() returns trigger language plpgsql as $$
begin
  if not exists (select from told where warehouse_key = 'in-way') then return null; end if;
  update inventory.inventory_data d
  set quantity_present = 0, current_stock = 0, available_stock = 0, snapshot_date = t.snapshot_date, last_sync_at = t.last_sync_at
  from told t
  where t.warehouse_key = 'in-way' and d.warehouse_key <> 'in-way' and d.last_sync_at < t.last_sync_at
    and (d.account, d.source, d.product_id, d.sku, d.stock_type, d.origin)
      = (t.account, t.source, t.product_id, t.sku, t.stock_type, t.origin);
  return null;
end $$;
comment on function inventory.end_unlisted() is 'Sets the stock of a product to 0 in warehouses that its newest list leaves out.';
create trigger end_unlisted_of_new after insert on inventory.inventory_data
  referencing new table as told for each statement execute function inventory.end_unlisted();
create trigger end_unlisted_of_changed after update on inventory.inventory_data
  referencing new table as told for each statement execute function inventory.end_unlisted();

create table inventory.sku_map (
  account    text        not null,
  source     text        not null check (source in ('Ozon', 'Wildberries', 'Manual')),
  product_id text        not null,
  sku        text        not null,
  article    text        not null,
  barcode    text,
  updated_at timestamptz not null,
  primary key (account, source, product_id, sku)
);
create index sku_map_article on inventory.sku_map (article);

comment on table  inventory.sku_map is 'What a seller calls the products that marketplaces know by numbers of their own.';
comment on column inventory.sku_map.account is 'whose product it is: the account, as it is called here';
comment on column inventory.sku_map.source is 'Ozon or Wildberries; rows of your own may say Manual';
comment on column inventory.sku_map.product_id is 'as in inventory.inventory_data';
comment on column inventory.sku_map.sku is 'the source''s number of what is sold: sku of Ozon; the barcode of Wildberries, whose report tells no chrtId';
comment on column inventory.sku_map.article is 'the seller''s own article: offer_id of Ozon, vendorCode of Wildberries';
comment on column inventory.sku_map.barcode is 'the barcode, where the source tells it';
comment on column inventory.sku_map.updated_at is 'when the source was asked for it, and told it as it is';

create view inventory.by_article as
with named as (
  select distinct on (account, source, product_id) account, source, product_id, article
  from inventory.sku_map
  order by account, source, product_id, updated_at desc, sku
)
select coalesce(n.article, d.product_id) as article, d.source,
  bool_and(n.article is not null) as named,
  count(distinct (d.account, d.product_id)) as products,
  sum(d.current_stock)::bigint as present,
  sum(d.reserved_stock)::bigint as reserved,
  sum(d.available_stock)::bigint as available,
  count(*) filter (where d.available_stock is null and d.warehouse_key <> 'in-way') as available_unknown,
  sum(d.in_way_to_client)::bigint as in_way_to_client,
  sum(d.in_way_from_client)::bigint as in_way_from_client,
  min(d.last_sync_at) as oldest_sync_at
from inventory.inventory_data d left join named n using (account, source, product_id)
group by 1, 2;
comment on view   inventory.by_article is 'Stock of each article at each source, over all warehouses, kinds of stock and accounts: the same goods side by side.';
comment on column inventory.by_article.article is 'the seller''s own article; the product_id where no list tells it';
comment on column inventory.by_article.source is 'Ozon, Wildberries or Manual';
comment on column inventory.by_article.named is 'false: a product_id stands for the article';
comment on column inventory.by_article.products is 'how many products of how many accounts have this article';
comment on column inventory.by_article.present is 'pieces in warehouses; NULL: nothing is known';
comment on column inventory.by_article.reserved is 'pieces put aside, as far as known; NULL: nothing is known';
comment on column inventory.by_article.available is 'pieces that can be sold, as far as known; NULL: nothing is known';
comment on column inventory.by_article.available_unknown is 'rows of which it is not known how much can be sold: available leaves them out';
comment on column inventory.by_article.in_way_to_client is 'pieces on their way to buyers; NULL: not known';
comment on column inventory.by_article.in_way_from_client is 'pieces on their way back; NULL: not known';
comment on column inventory.by_article.oldest_sync_at is 'the oldest last_sync_at among its rows';

create table inventory.imports (
  id           bigint      primary key default nextval('sluice.runs_id_seq'),
  account      text        not null,
  file         text        not null,
  status       text        not null check (status in ('success', 'partial', 'failed')),
  records      bigint      not null,
  good         bigint      not null,
  bad          bigint      not null,
  inserted     bigint      not null,
  changed      bigint      not null,
  unchanged    bigint      not null,
  findings     jsonb       not null default '[]',
  warnings     jsonb       not null default '[]',
  error        text,
  started_at   timestamptz not null,
  completed_at timestamptz not null
);
comment on table  inventory.imports is 'Files that were imported as the source Manual, and what was wrong with them.';
comment on column inventory.imports.id is 'never that of a run: both are counted together';
comment on column inventory.imports.account is 'the account its rows were given';
comment on column inventory.imports.file is 'name of the file, without its folder';
comment on column inventory.imports.status is 'success: every line is a row; partial: some are; failed: none is';
comment on column inventory.imports.records is 'lines below the header';
comment on column inventory.imports.good is 'lines that are rows';
comment on column inventory.imports.bad is 'lines that are not: inventory.rejected';
comment on column inventory.imports.inserted is 'rows that were new';
comment on column inventory.imports.changed is 'rows of which a value is another now';
comment on column inventory.imports.unchanged is 'rows that were there as they are, and lines that a later line of the file replaces';
comment on column inventory.imports.findings is 'what was wrong with lines: [{reason, times}], the most frequent first, 20 at most';
comment on column inventory.imports.warnings is 'what is strange about lines that were taken: [{reason, times}]';
comment on column inventory.imports.error is 'why none of it was taken';
comment on column inventory.imports.started_at is 'when it began; last_sync_at of its rows';
comment on column inventory.imports.completed_at is 'when it ended';

create table inventory.rejected (
  import_id bigint  not null references inventory.imports on delete cascade,
  line      integer not null,
  record    text    not null,
  reason    text    not null,
  primary key (import_id, line)
);
comment on table  inventory.rejected is 'Lines of imported files that could not become rows.';
comment on column inventory.rejected.import_id is 'the import: inventory.imports';
comment on column inventory.rejected.line is 'the last line of the record in the file; the header ends at 1';
comment on column inventory.rejected.record is 'its values, as a JSON list; the text itself where it is no CSV';
comment on column inventory.rejected.reason is 'why it is no row';

create table inventory.sync_types (
  connector text not null,
  stream    text not null,
  sync_type text not null check (sync_type in ('inventory', 'orders', 'transactions')),
  source    text not null check (source in ('Ozon', 'Wildberries', 'Manual')),
  primary key (connector, stream)
);
comment on table  inventory.sync_types is 'Which streams stand in inventory.sync_logs, and as what.';
comment on column inventory.sync_types.connector is 'the connector: wildberries';
comment on column inventory.sync_types.stream is 'its stream: stocks';
comment on column inventory.sync_types.sync_type is 'inventory, orders or transactions';
comment on column inventory.sync_types.source is 'Ozon, Wildberries or Manual, as in inventory.inventory_data';
insert into inventory.sync_types values
  ('wildberries', 'orders', 'orders', 'Wildberries'),
  ('wildberries', 'sales', 'orders', 'Wildberries'),
  ('wildberries', 'order_feed', 'orders', 'Wildberries'),
  ('wildberries', 'stocks', 'inventory', 'Wildberries'),
  ('wildberries', 'seller_stocks', 'inventory', 'Wildberries'),
  ('wildberries', 'remains', 'inventory', 'Wildberries'),
  ('wildberries', 'supplies', 'inventory', 'Wildberries'),
  ('wildberries', 'incomes', 'inventory', 'Wildberries'),
  ('wildberries', 'finance', 'transactions', 'Wildberries'),
  ('ozon', 'stocks', 'inventory', 'Ozon'),
  ('ozon', 'fbs_stocks', 'inventory', 'Ozon'),
  ('ozon', 'fbo_stocks', 'inventory', 'Ozon'),
  ('ozon', 'report', 'inventory', 'Ozon'),
  ('ozon', 'analytics', 'inventory', 'Ozon');

create view inventory.sync_logs as
select r.id, t.sync_type, t.source, r.state as status, r.records as records_processed, r.inserted + r.changed as records_updated,
  coalesce(r.error, r.warning) as error_message, coalesce(r.started_at, r.planned_at) as started_at, r.finished_at as completed_at,
  round(extract(epoch from r.finished_at - coalesce(r.started_at, r.planned_at)))::integer as duration_seconds,
  r.account, r.stream
from sluice.runs r join inventory.sync_types t using (connector, stream)
where r.finished_at is not null
union all
select id, 'inventory', 'Manual', status, records, inserted + changed, error, started_at, completed_at,
  round(extract(epoch from completed_at - started_at))::integer, account, 'import'
from inventory.imports;
comment on view   inventory.sync_logs is 'Every synchronisation that has ended: runs of the streams in inventory.sync_types, and imports. It reaches back as far as runs are kept.';
comment on column inventory.sync_logs.id is 'the run or import';
comment on column inventory.sync_logs.sync_type is 'inventory, orders or transactions';
comment on column inventory.sync_logs.source is 'Ozon, Wildberries or Manual';
comment on column inventory.sync_logs.status is 'success, partial or failed';
comment on column inventory.sync_logs.records_processed is 'records that came';
comment on column inventory.sync_logs.records_updated is 'rows that were new or other than before';
comment on column inventory.sync_logs.error_message is 'why it failed or is partial, or what is strange about a success';
comment on column inventory.sync_logs.started_at is 'when it began';
comment on column inventory.sync_logs.completed_at is 'when it ended';
comment on column inventory.sync_logs.duration_seconds is 'how long it took (s), waits for limits included';
comment on column inventory.sync_logs.account is 'whose it was';
comment on column inventory.sync_logs.stream is 'which stream it was of; import of a file';
