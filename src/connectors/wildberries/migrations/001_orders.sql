create table wildberries.orders (
  account           text not null,
  srid              text not null,
  date              timestamptz not null,
  last_change_at    timestamptz not null,
  warehouse_name    text,
  warehouse_type    text,
  country_name      text,
  oblast_okrug_name text,
  region_name       text,
  supplier_article  text,
  nm_id             bigint,
  barcode           text,
  category          text,
  subject           text,
  brand             text,
  tech_size         text,
  income_id         bigint,
  is_supply         boolean,
  is_realization    boolean,
  total_price       numeric(20,6),
  discount_percent  integer,
  spp               numeric(9,4),
  finished_price    numeric(20,6),
  price_with_disc   numeric(20,6),
  currency          text not null,
  sticker           text,
  g_number          text,
  is_cancel         boolean,
  cancel_date       timestamptz,
  raw               jsonb not null,
  primary key (account, srid)
);
create index orders_date on wildberries.orders (account, date);
create index orders_nm on wildberries.orders (account, nm_id, date);

comment on table  wildberries.orders is 'Orders of each seller, one row a piece, as they stand after their latest change (statistics-api, supplier/orders).';
comment on column wildberries.orders.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.orders.srid is 'the order: srid; the same as rid in the marketplace API';
comment on column wildberries.orders.date is 'date: when it was ordered, Moscow time of the vendor as an instant';
comment on column wildberries.orders.last_change_at is 'lastChangeDate, Moscow time of the vendor as an instant: when the row changed last; to the millisecond';
comment on column wildberries.orders.warehouse_name is 'warehouseName: where it is shipped from; since 2026-08-15 one name for all warehouses in Russia';
comment on column wildberries.orders.warehouse_type is 'warehouseType: of the vendor or of the seller, in Russian';
comment on column wildberries.orders.country_name is 'countryName of the buyer';
comment on column wildberries.orders.oblast_okrug_name is 'oblastOkrugName: federal district of the buyer';
comment on column wildberries.orders.region_name is 'regionName of the buyer';
comment on column wildberries.orders.supplier_article is 'supplierArticle: the seller''s article';
comment on column wildberries.orders.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.orders.barcode is 'barcode of the size';
comment on column wildberries.orders.category is 'category';
comment on column wildberries.orders.subject is 'subject';
comment on column wildberries.orders.brand is 'brand';
comment on column wildberries.orders.tech_size is 'techSize; "0" where it has no size';
comment on column wildberries.orders.income_id is 'incomeID: the supply it came with; 0 where there is none';
comment on column wildberries.orders.is_supply is 'isSupply: contract of supply';
comment on column wildberries.orders.is_realization is 'isRealization: contract of commission';
comment on column wildberries.orders.total_price is 'totalPrice: without discounts';
comment on column wildberries.orders.discount_percent is 'discountPercent: the seller''s discount, per cent';
comment on column wildberries.orders.spp is 'spp: the vendor''s discount, per cent';
comment on column wildberries.orders.finished_price is 'finishedPrice: after all discounts but that of the WB wallet';
comment on column wildberries.orders.price_with_disc is 'priceWithDisc: after the seller''s discount';
comment on column wildberries.orders.currency is 'of the prices: ISO 4217; the reports name none, they are in RUB';
comment on column wildberries.orders.sticker is 'sticker of the parcel';
comment on column wildberries.orders.g_number is 'gNumber: the basket; the same for all orders of one transaction';
comment on column wildberries.orders.is_cancel is 'isCancel: it was cancelled';
comment on column wildberries.orders.cancel_date is 'cancelDate, Moscow time of the vendor as an instant; null where it is not cancelled (the vendor writes 0001-01-01)';
comment on column wildberries.orders.raw is 'the row as the vendor sent it';

create table wildberries.sales (
  account             text not null,
  sale_id             text not null,
  srid                text not null,
  date                timestamptz not null,
  last_change_at      timestamptz not null,
  warehouse_name      text,
  warehouse_type      text,
  country_name        text,
  oblast_okrug_name   text,
  region_name         text,
  supplier_article    text,
  nm_id               bigint,
  barcode             text,
  category            text,
  subject             text,
  brand               text,
  tech_size           text,
  income_id           bigint,
  is_supply           boolean,
  is_realization      boolean,
  total_price         numeric(20,6),
  discount_percent    integer,
  spp                 numeric(9,4),
  finished_price      numeric(20,6),
  price_with_disc     numeric(20,6),
  currency            text not null,
  sticker             text,
  g_number            text,
  payment_sale_amount numeric(20,6),
  for_pay             numeric(20,6),
  raw                 jsonb not null,
  primary key (account, sale_id)
);
create index sales_date on wildberries.sales (account, date);
create index sales_srid on wildberries.sales (account, srid);
create index sales_nm on wildberries.sales (account, nm_id, date);

comment on table  wildberries.sales is 'Sales and returns of each seller, as they stand after their latest change (statistics-api, supplier/sales). Sums are preliminary.';
comment on column wildberries.sales.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.sales.sale_id is 'saleID: S… a sale, R… a return; others existed';
comment on column wildberries.sales.srid is 'the order: srid; the same as rid in the marketplace API';
comment on column wildberries.sales.date is 'date: when it was sold or given back, Moscow time of the vendor as an instant';
comment on column wildberries.sales.last_change_at is 'lastChangeDate, Moscow time of the vendor as an instant: when the row changed last; to the millisecond';
comment on column wildberries.sales.warehouse_name is 'warehouseName: where it is shipped from; since 2026-08-15 one name for all warehouses in Russia';
comment on column wildberries.sales.warehouse_type is 'warehouseType: of the vendor or of the seller, in Russian';
comment on column wildberries.sales.country_name is 'countryName of the buyer';
comment on column wildberries.sales.oblast_okrug_name is 'oblastOkrugName: federal district of the buyer';
comment on column wildberries.sales.region_name is 'regionName of the buyer';
comment on column wildberries.sales.supplier_article is 'supplierArticle: the seller''s article';
comment on column wildberries.sales.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.sales.barcode is 'barcode of the size';
comment on column wildberries.sales.category is 'category';
comment on column wildberries.sales.subject is 'subject';
comment on column wildberries.sales.brand is 'brand';
comment on column wildberries.sales.tech_size is 'techSize; "0" where it has no size';
comment on column wildberries.sales.income_id is 'incomeID: the supply it came with; 0 where there is none';
comment on column wildberries.sales.is_supply is 'isSupply: contract of supply';
comment on column wildberries.sales.is_realization is 'isRealization: contract of commission';
comment on column wildberries.sales.total_price is 'totalPrice: without discounts';
comment on column wildberries.sales.discount_percent is 'discountPercent: the seller''s discount, per cent';
comment on column wildberries.sales.spp is 'spp: the vendor''s discount, per cent';
comment on column wildberries.sales.finished_price is 'finishedPrice: after all discounts but that of the WB wallet; may be 0 for a day';
comment on column wildberries.sales.price_with_disc is 'priceWithDisc: after the seller''s discount; may be 0 for a day';
comment on column wildberries.sales.currency is 'of the prices: ISO 4217; the reports name none, they are in RUB';
comment on column wildberries.sales.sticker is 'sticker of the parcel';
comment on column wildberries.sales.g_number is 'gNumber: the basket; the same for all orders of one transaction';
comment on column wildberries.sales.payment_sale_amount is 'paymentSaleAmount: discount of the WB wallet';
comment on column wildberries.sales.for_pay is 'forPay: to be paid to the seller, preliminary; may be 0 for a day';
comment on column wildberries.sales.raw is 'the row as the vendor sent it';

create table wildberries.order_feed (
  account              text not null,
  srid                 text not null,
  nm_id                bigint not null,
  chrt_id              bigint not null,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  status               text not null,
  cancel_type          text,
  warehouse_name       text not null,
  warehouse_region     text not null,
  is_mp                boolean not null,
  destination_city     text not null,
  destination_district text not null,
  seller_price         numeric(20,6) not null,
  currency             text not null,
  is_b2b               boolean not null,
  raw                  jsonb not null,
  primary key (account, srid)
);
create index order_feed_created on wildberries.order_feed (account, created_at);
create index order_feed_nm on wildberries.order_feed (account, nm_id, created_at);

comment on table  wildberries.order_feed is 'Every order that was placed, with its latest status (seller-analytics-api, order-feed).';
comment on column wildberries.order_feed.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.order_feed.srid is 'the order: srid, the same as in wildberries.orders';
comment on column wildberries.order_feed.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.order_feed.chrt_id is 'chrtId: the size';
comment on column wildberries.order_feed.created_at is 'createdAt: when it was ordered';
comment on column wildberries.order_feed.updated_at is 'updatedAt: since when it has its status';
comment on column wildberries.order_feed.status is 'status: created, buyout, cancel, return, returnDefective';
comment on column wildberries.order_feed.cancel_type is 'cancelType, where it is cancelled: app, receipt, expire, other';
comment on column wildberries.order_feed.warehouse_name is 'warehouseName; one name for all warehouses of the vendor';
comment on column wildberries.order_feed.warehouse_region is 'warehouseRegion: federal district or country; empty for warehouses of the vendor';
comment on column wildberries.order_feed.is_mp is 'isMp: shipped from a warehouse of the seller';
comment on column wildberries.order_feed.destination_city is 'destinationCity: where to';
comment on column wildberries.order_feed.destination_district is 'destinationDistrict: federal district, or the country where it is not Russia';
comment on column wildberries.order_feed.seller_price is 'sellerPrice: after the seller''s discount';
comment on column wildberries.order_feed.currency is 'of seller_price: ISO 4217, as the answer says beside the list';
comment on column wildberries.order_feed.is_b2b is 'isB2b: sold to a company';
comment on column wildberries.order_feed.raw is 'the order as the vendor sent it, with the currency of its list';

create view wildberries.all_orders as
select account, srid,
  case when o.raw is null then 'order_feed' when f.raw is null then 'orders' else 'both' end as source,
  coalesce(o.date, f.created_at) as placed_at, greatest(o.last_change_at, f.updated_at) as changed_at,
  coalesce(o.nm_id, f.nm_id) as nm_id, f.chrt_id, o.supplier_article, o.barcode, o.tech_size, f.status,
  coalesce(o.is_cancel, false) or coalesce(f.status = 'cancel', false) as is_cancel, o.cancel_date, f.cancel_type,
  o.total_price, o.price_with_disc, o.finished_price, f.seller_price, coalesce(o.currency, f.currency) as currency,
  coalesce(o.warehouse_name, f.warehouse_name) as warehouse_name
from wildberries.orders o full join wildberries.order_feed f using (account, srid);

comment on view wildberries.all_orders is 'Orders and the order feed side by side: one row for each order that one of them knows.';
comment on column wildberries.all_orders.account is 'whose row it is';
comment on column wildberries.all_orders.srid is 'the order';
comment on column wildberries.all_orders.source is 'which of both tables it is in: orders, order_feed or both';
comment on column wildberries.all_orders.placed_at is 'when it was ordered';
comment on column wildberries.all_orders.changed_at is 'when it changed last, by the one that knows of the later change';
comment on column wildberries.all_orders.nm_id is 'the vendor''s article';
comment on column wildberries.all_orders.chrt_id is 'the size; only in the order feed';
comment on column wildberries.all_orders.supplier_article is 'the seller''s article; only in orders';
comment on column wildberries.all_orders.barcode is 'only in orders';
comment on column wildberries.all_orders.tech_size is 'only in orders';
comment on column wildberries.all_orders.status is 'of the order feed: created, buyout, cancel, return, returnDefective; null where it is only in orders';
comment on column wildberries.all_orders.is_cancel is 'one of both says that it was cancelled';
comment on column wildberries.all_orders.cancel_date is 'only in orders';
comment on column wildberries.all_orders.cancel_type is 'only in the order feed';
comment on column wildberries.all_orders.total_price is 'without discounts; only in orders';
comment on column wildberries.all_orders.price_with_disc is 'after the seller''s discount; only in orders';
comment on column wildberries.all_orders.finished_price is 'after all discounts but that of the WB wallet; only in orders';
comment on column wildberries.all_orders.seller_price is 'after the seller''s discount; only in the order feed';
comment on column wildberries.all_orders.currency is 'of the prices: ISO 4217';
comment on column wildberries.all_orders.warehouse_name is 'by orders, else by the order feed';
