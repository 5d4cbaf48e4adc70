create table wildberries.stocks (
  account            text not null,
  nm_id              bigint not null,
  chrt_id            bigint not null,
  warehouse_id       bigint not null,
  warehouse_name     text not null,
  region_name        text not null,
  quantity           integer not null,
  in_way_to_client   integer not null,
  in_way_from_client integer not null,
  is_processed       boolean not null default false,
  asked_at           timestamptz not null,
  gone_at            timestamptz,
  raw                jsonb not null,
  primary key (account, nm_id, chrt_id, warehouse_id)
);
create index stocks_open on wildberries.stocks (account, nm_id, chrt_id, warehouse_id) where not is_processed;

comment on table  wildberries.stocks is 'What lies in the vendors warehouses now, by size and warehouse (stocks-report/wb-warehouses).';
comment on column wildberries.stocks.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.stocks.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.stocks.chrt_id is 'chrtId: the size';
comment on column wildberries.stocks.warehouse_id is 'warehouseId; since 2026-08-15 -999999 for all warehouses in Russia';
comment on column wildberries.stocks.warehouse_name is 'warehouseName';
comment on column wildberries.stocks.region_name is 'regionName';
comment on column wildberries.stocks.quantity is 'quantity: pieces that can be bought';
comment on column wildberries.stocks.in_way_to_client is 'inWayToClient: pieces on the way to buyers';
comment on column wildberries.stocks.in_way_from_client is 'inWayFromClient: pieces on the way back';
comment on column wildberries.stocks.is_processed is 'the inventory has taken the row over since it was asked for last';
comment on column wildberries.stocks.asked_at is 'when the vendor was asked for it last';
comment on column wildberries.stocks.gone_at is 'since when a complete list of the vendor lacks it; null: it is there';
comment on column wildberries.stocks.raw is 'the row as the vendor sent it';

create table wildberries.seller_stocks (
  account        text not null,
  nm_id          bigint not null,
  chrt_id        bigint not null,
  warehouse_id   bigint not null,
  warehouse_name text not null,
  region_name    text not null,
  quantity       integer not null,
  is_processed   boolean not null default false,
  asked_at       timestamptz not null,
  gone_at        timestamptz,
  raw            jsonb not null,
  primary key (account, nm_id, chrt_id, warehouse_id)
);
create index seller_stocks_open on wildberries.seller_stocks (account, nm_id, chrt_id, warehouse_id) where not is_processed;

comment on table  wildberries.seller_stocks is 'What lies in the sellers own warehouses now, by size and warehouse (stocks-report/seller-warehouses).';
comment on column wildberries.seller_stocks.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.seller_stocks.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.seller_stocks.chrt_id is 'chrtId: the size';
comment on column wildberries.seller_stocks.warehouse_id is 'warehouseId: a warehouse of the seller';
comment on column wildberries.seller_stocks.warehouse_name is 'warehouseName';
comment on column wildberries.seller_stocks.region_name is 'regionName';
comment on column wildberries.seller_stocks.quantity is 'quantity: pieces that can be bought';
comment on column wildberries.seller_stocks.is_processed is 'the inventory has taken the row over since it was asked for last';
comment on column wildberries.seller_stocks.asked_at is 'when the vendor was asked for it last';
comment on column wildberries.seller_stocks.gone_at is 'since when a complete list of the vendor lacks it; null: it is there';
comment on column wildberries.seller_stocks.raw is 'the row as the vendor sent it';

create table wildberries.remains (
  account            text not null,
  nm_id              bigint not null,
  barcode            text not null,
  tech_size          text not null,
  vendor_code        text,
  brand              text,
  subject_name       text,
  volume             numeric(12,4),
  quantity_total     integer,
  in_way_to_client   integer,
  in_way_from_client integer,
  warehouses         jsonb not null,
  is_processed       boolean not null default false,
  asked_at           timestamptz not null,
  gone_at            timestamptz,
  raw                jsonb not null,
  primary key (account, nm_id, barcode, tech_size)
);
create index remains_open on wildberries.remains (account, nm_id, barcode, tech_size) where not is_processed;
create index remains_article on wildberries.remains (account, vendor_code);

comment on table  wildberries.remains is 'What lies in the vendors warehouses by the report warehouse_remains: with article and barcode, and for base tokens, too.';
comment on column wildberries.remains.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.remains.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.remains.barcode is 'barcode of the size; empty where there is none';
comment on column wildberries.remains.tech_size is 'techSize; "0" where it has no size, empty where none is told';
comment on column wildberries.remains.vendor_code is 'vendorCode: the seller''s article';
comment on column wildberries.remains.brand is 'brand';
comment on column wildberries.remains.subject_name is 'subjectName';
comment on column wildberries.remains.volume is 'volume of a piece, litres';
comment on column wildberries.remains.quantity_total is 'pieces in all warehouses together; null where the report does not tell';
comment on column wildberries.remains.in_way_to_client is 'pieces on the way to buyers; null where the report does not tell';
comment on column wildberries.remains.in_way_from_client is 'pieces on the way back; null where the report does not tell';
comment on column wildberries.remains.warehouses is 'warehouses as sent: [{warehouseName, quantity}], three of which are no warehouses but the sums beside; names in Russian';
comment on column wildberries.remains.is_processed is 'the inventory has taken the row over since it was asked for last';
comment on column wildberries.remains.asked_at is 'when the vendor was asked for it last';
comment on column wildberries.remains.gone_at is 'since when a complete list of the vendor lacks it; null: it is there';
comment on column wildberries.remains.raw is 'the row as the vendor sent it';
