create table ozon.products (
  account        text        not null,
  product_id     bigint      not null,
  offer_id       text        not null,
  sku            bigint,
  has_sku        boolean     not null,
  archived       boolean     not null,
  has_fbo_stocks boolean     not null,
  has_fbs_stocks boolean     not null,
  is_discounted  boolean,
  quants         jsonb,
  asked_at       timestamptz not null,
  gone_at        timestamptz,
  raw            jsonb       not null,
  primary key (account, product_id)
);
create index products_sku on ozon.products (account, sku);
create index products_offer on ozon.products (account, offer_id);

comment on table  ozon.products is 'Products of each seller, the archive included, as the last complete list had them (POST /v3/product/list).';
comment on column ozon.products.account is 'whose row it is: the account, as it is called here';
comment on column ozon.products.product_id is 'Ozon''s number of the product card, as product_id';
comment on column ozon.products.offer_id is 'the seller''s own article, as offer_id';
comment on column ozon.products.sku is 'Ozon''s number of what is sold, as sku; NULL: it has none, or Ozon did not tell';
comment on column ozon.products.has_sku is 'whether there is a sku: what stands in warehouses is asked for by it';
comment on column ozon.products.archived is 'the product is in the archive';
comment on column ozon.products.has_fbo_stocks is 'there is stock in Ozon''s warehouses';
comment on column ozon.products.has_fbs_stocks is 'there is stock in the seller''s warehouses';
comment on column ozon.products.is_discounted is 'it is sold as damaged, at a lower price';
comment on column ozon.products.quants is 'lots in which it is sold: a list of quant_code and quant_size (pieces)';
comment on column ozon.products.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.products.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.products.raw is 'the item as Ozon sent it';

create table ozon.stocks (
  account       text        not null,
  product_id    bigint      not null,
  offer_id      text        not null,
  sku           bigint      not null,
  type          text        not null,
  shipment_type text        not null,
  present       bigint      not null,
  reserved      bigint      not null,
  is_processed  boolean     not null default false,
  asked_at      timestamptz not null,
  gone_at       timestamptz,
  raw           jsonb       not null,
  primary key (account, product_id, sku, type, shipment_type)
);
create index stocks_sku on ozon.stocks (account, sku);
create index stocks_unprocessed on ozon.stocks (account, product_id, sku, type, shipment_type) where not is_processed;

comment on table  ozon.stocks is 'Stock of each product under each scheme of sale, over all warehouses, without the archive (POST /v4/product/info/stocks). A product can have several rows of a scheme: together they are its stock.';
comment on column ozon.stocks.account is 'whose row it is: the account, as it is called here';
comment on column ozon.stocks.product_id is 'Ozon''s number of the product card, as product_id';
comment on column ozon.stocks.offer_id is 'the seller''s own article, as offer_id';
comment on column ozon.stocks.sku is 'Ozon''s number of what is sold, as sku';
comment on column ozon.stocks.type is 'the scheme of sale: fbo, fbs, rfbs or fbp, as type';
comment on column ozon.stocks.shipment_type is 'how it is packed: SHIPMENT_TYPE_GENERAL, _BOX or _PALLET, as shipment_type; empty: not told';
comment on column ozon.stocks.present is 'pieces in the warehouses, as present; whether it holds what is reserved Ozon does not say';
comment on column ozon.stocks.reserved is 'pieces that buyers have put aside, as reserved';
comment on column ozon.stocks.is_processed is 'whether the row as it is was taken into the shared inventory; false again with each time it is asked for';
comment on column ozon.stocks.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.stocks.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.stocks.raw is 'the line as Ozon sent it, with offer_id and product_id of its product';

create table ozon.fbs_stocks (
  account        text        not null,
  sku            bigint      not null,
  product_id     bigint      not null,
  offer_id       text        not null,
  warehouse_id   bigint      not null,
  warehouse_name text,
  present        bigint      not null,
  reserved       bigint      not null,
  free_stock     bigint      not null,
  is_processed   boolean     not null default false,
  asked_at       timestamptz not null,
  gone_at        timestamptz,
  raw            jsonb       not null,
  primary key (account, sku, warehouse_id)
);
create index fbs_stocks_unprocessed on ozon.fbs_stocks (account, sku, warehouse_id) where not is_processed;

comment on table  ozon.fbs_stocks is 'Stock in each of the seller''s own warehouses, FBS and rFBS (POST /v2/product/info/stocks-by-warehouse/fbs).';
comment on column ozon.fbs_stocks.account is 'whose row it is: the account, as it is called here';
comment on column ozon.fbs_stocks.sku is 'Ozon''s number of what is sold, as sku';
comment on column ozon.fbs_stocks.product_id is 'Ozon''s number of the product card, as product_id';
comment on column ozon.fbs_stocks.offer_id is 'the seller''s own article, as offer_id';
comment on column ozon.fbs_stocks.warehouse_id is 'the warehouse, as warehouse_id: ozon.warehouses';
comment on column ozon.fbs_stocks.warehouse_name is 'its name, as warehouse_name';
comment on column ozon.fbs_stocks.present is 'pieces in the warehouse, as present';
comment on column ozon.fbs_stocks.reserved is 'pieces that buyers have put aside, as reserved';
comment on column ozon.fbs_stocks.free_stock is 'pieces that can be sold, as free_stock';
comment on column ozon.fbs_stocks.is_processed is 'whether the row as it is was taken into the shared inventory; false again with each time it is asked for';
comment on column ozon.fbs_stocks.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.fbs_stocks.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.fbs_stocks.raw is 'the row as Ozon sent it';

create table ozon.fbo_stocks (
  account      text        not null,
  sku          bigint      not null,
  product_id   bigint      not null,
  offer_id     text        not null,
  warehouse_id bigint      not null,
  present      bigint      not null,
  reserved     bigint      not null,
  is_processed boolean     not null default false,
  asked_at     timestamptz not null,
  gone_at      timestamptz,
  raw          jsonb       not null,
  primary key (account, sku, warehouse_id)
);
create index fbo_stocks_unprocessed on ozon.fbo_stocks (account, sku, warehouse_id) where not is_processed;

comment on table  ozon.fbo_stocks is 'Stock in each of Ozon''s warehouses (POST /v1/product/info/stocks-by-warehouse/fbo, a beta that not every account has).';
comment on column ozon.fbo_stocks.account is 'whose row it is: the account, as it is called here';
comment on column ozon.fbo_stocks.sku is 'Ozon''s number of what is sold, as sku';
comment on column ozon.fbo_stocks.product_id is 'Ozon''s number of the product card, as product_id';
comment on column ozon.fbo_stocks.offer_id is 'the seller''s own article, as offer_id';
comment on column ozon.fbo_stocks.warehouse_id is 'the warehouse, as warehouse_id; it has no name here: ozon.analytics_stocks tells it';
comment on column ozon.fbo_stocks.present is 'pieces in the warehouse, as present';
comment on column ozon.fbo_stocks.reserved is 'pieces that buyers have put aside, as reserved';
comment on column ozon.fbo_stocks.is_processed is 'whether the row as it is was taken into the shared inventory; false again with each time it is asked for';
comment on column ozon.fbo_stocks.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.fbo_stocks.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.fbo_stocks.raw is 'the row as Ozon sent it';

create table ozon.warehouses (
  account      text        not null,
  warehouse_id bigint      not null,
  name         text        not null,
  is_rfbs      boolean     not null,
  status       text,
  created_at   timestamptz,
  updated_at   timestamptz,
  pause_at     timestamptz,
  asked_at     timestamptz not null,
  gone_at      timestamptz,
  raw          jsonb       not null,
  primary key (account, warehouse_id)
);

comment on table  ozon.warehouses is 'The seller''s own warehouses, FBS and rFBS (POST /v2/warehouse/list).';
comment on column ozon.warehouses.account is 'whose row it is: the account, as it is called here';
comment on column ozon.warehouses.warehouse_id is 'Ozon''s number of the warehouse, as warehouse_id';
comment on column ozon.warehouses.name is 'what the seller calls it';
comment on column ozon.warehouses.is_rfbs is 'true: the seller delivers (rFBS); false: Ozon does (FBS)';
comment on column ozon.warehouses.status is 'its state in the words of Ozon';
comment on column ozon.warehouses.created_at is 'when it was made, as created_at';
comment on column ozon.warehouses.updated_at is 'when it was last changed, as updated_at';
comment on column ozon.warehouses.pause_at is 'since when the seller has paused it, as pause_at; NULL: it is open';
comment on column ozon.warehouses.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.warehouses.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.warehouses.raw is 'the warehouse as Ozon sent it, without its address, phones and words to couriers';

create table ozon.analytics_stocks (
  account                          text        not null,
  sku                              bigint      not null,
  offer_id                         text        not null,
  name                             text,
  warehouse_id                     bigint      not null,
  warehouse_name                   text,
  placement_zone                   text        not null,
  cluster_id                       bigint      not null,
  cluster_name                     text,
  macrolocal_cluster_id            bigint,
  available_stock_count            bigint      not null,
  valid_stock_count                bigint,
  waiting_docs_stock_count         bigint,
  expiring_stock_count             bigint,
  transit_stock_count              bigint,
  requested_stock_count            bigint,
  excess_stock_count               bigint,
  other_stock_count                bigint,
  stock_defect_stock_count         bigint,
  transit_defect_stock_count       bigint,
  return_from_customer_stock_count bigint,
  return_to_seller_stock_count     bigint,
  ads                              numeric,
  ads_cluster                      numeric,
  idc                              numeric,
  idc_cluster                      numeric,
  days_without_sales               bigint,
  days_without_sales_cluster       bigint,
  turnover_grade                   text,
  turnover_grade_cluster           text,
  item_tags                        jsonb,
  is_processed                     boolean     not null default false,
  asked_at                         timestamptz not null,
  gone_at                          timestamptz,
  raw                              jsonb       not null,
  primary key (account, sku, warehouse_id, cluster_id, placement_zone)
);
create index analytics_stocks_unprocessed on ozon.analytics_stocks (account, sku, warehouse_id, cluster_id, placement_zone) where not is_processed;

comment on table  ozon.analytics_stocks is 'What lies in Ozon''s warehouses and is on its way there, and how long it will last (POST /v1/analytics/stocks). One row for each sku, warehouse, cluster and zone.';
comment on column ozon.analytics_stocks.account is 'whose row it is: the account, as it is called here';
comment on column ozon.analytics_stocks.sku is 'Ozon''s number of what is sold, as sku';
comment on column ozon.analytics_stocks.offer_id is 'the seller''s own article, as offer_id';
comment on column ozon.analytics_stocks.name is 'name of the product';
comment on column ozon.analytics_stocks.warehouse_id is 'the warehouse, as warehouse_id; 0: in none';
comment on column ozon.analytics_stocks.warehouse_name is 'its name, as warehouse_name';
comment on column ozon.analytics_stocks.placement_zone is 'the zone of the warehouse, as placement_zone; empty: not told';
comment on column ozon.analytics_stocks.cluster_id is 'the part of the country it delivers to, as cluster_id; 0: none';
comment on column ozon.analytics_stocks.cluster_name is 'its name, as cluster_name';
comment on column ozon.analytics_stocks.macrolocal_cluster_id is 'the larger part of the country, as macrolocal_cluster_id';
comment on column ozon.analytics_stocks.available_stock_count is 'pieces that can be sold, as available_stock_count';
comment on column ozon.analytics_stocks.valid_stock_count is 'pieces that are being made ready for sale, as valid_stock_count';
comment on column ozon.analytics_stocks.waiting_docs_stock_count is 'pieces that wait for documents of the seller, as waiting_docs_stock_count';
comment on column ozon.analytics_stocks.expiring_stock_count is 'pieces whose time is running out, as expiring_stock_count';
comment on column ozon.analytics_stocks.transit_stock_count is 'pieces in supplies under way, as transit_stock_count';
comment on column ozon.analytics_stocks.requested_stock_count is 'pieces in requests for supplies, as requested_stock_count';
comment on column ozon.analytics_stocks.excess_stock_count is 'pieces left over from supplies, to be fetched, as excess_stock_count';
comment on column ozon.analytics_stocks.other_stock_count is 'pieces that are being checked, as other_stock_count';
comment on column ozon.analytics_stocks.stock_defect_stock_count is 'pieces found damaged in the warehouse, as stock_defect_stock_count';
comment on column ozon.analytics_stocks.transit_defect_stock_count is 'pieces found damaged in supplies, as transit_defect_stock_count';
comment on column ozon.analytics_stocks.return_from_customer_stock_count is 'pieces on their way back from buyers, as return_from_customer_stock_count';
comment on column ozon.analytics_stocks.return_to_seller_stock_count is 'pieces made ready to go back to the seller, as return_to_seller_stock_count';
comment on column ozon.analytics_stocks.ads is 'pieces sold a day on average of 28 days, in all clusters, as ads';
comment on column ozon.analytics_stocks.ads_cluster is 'the same in this cluster, as ads_cluster';
comment on column ozon.analytics_stocks.idc is 'days for which the stock will last, in all clusters, as idc';
comment on column ozon.analytics_stocks.idc_cluster is 'the same in this cluster, as idc_cluster';
comment on column ozon.analytics_stocks.days_without_sales is 'days without a sale, in all clusters, as days_without_sales';
comment on column ozon.analytics_stocks.days_without_sales_cluster is 'the same in this cluster, as days_without_sales_cluster';
comment on column ozon.analytics_stocks.turnover_grade is 'how it sells in all clusters, in the words of Ozon: DEFICIT, ACTUAL, SURPLUS';
comment on column ozon.analytics_stocks.turnover_grade_cluster is 'the same in this cluster';
comment on column ozon.analytics_stocks.item_tags is 'tags of the product: a list of texts, as item_tags';
comment on column ozon.analytics_stocks.is_processed is 'whether the row as it is was taken into the shared inventory; false again with each time it is asked for';
comment on column ozon.analytics_stocks.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.analytics_stocks.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.analytics_stocks.raw is 'the row as Ozon sent it';

create table ozon.report_products (
  account           text          not null,
  product_id        bigint        not null,
  offer_id          text          not null,
  sku               bigint,
  name              text,
  barcode           text,
  brand             text,
  status            text,
  fbo_present       bigint,
  fbo_reserved      bigint,
  fbs_present       bigint,
  rfbs_present      bigint,
  seller_reserved   bigint,
  price             numeric(14,2),
  old_price         numeric(14,2),
  premium_price     numeric(14,2),
  market_price      numeric(14,2),
  currency          text,
  visibility        text,
  report_code       text,
  report_created_at timestamptz,
  is_processed      boolean       not null default false,
  asked_at          timestamptz   not null,
  gone_at           timestamptz,
  raw               jsonb         not null,
  primary key (account, product_id)
);
create index report_products_offer on ozon.report_products (account, offer_id);
create index report_products_unprocessed on ozon.report_products (account, product_id) where not is_processed;

comment on table  ozon.report_products is 'Products with their stock as the product report has them, a CSV file (POST /v1/report/products/create). Columns are found by their headers; a number that the file leaves empty is NULL.';
comment on column ozon.report_products.account is 'whose row it is: the account, as it is called here';
comment on column ozon.report_products.product_id is 'Ozon''s number of the product card, as product_id';
comment on column ozon.report_products.offer_id is 'the seller''s own article, as offer_id';
comment on column ozon.report_products.sku is 'Ozon''s number of what is sold, of the column SKU (in older files FBO OZON SKU ID)';
comment on column ozon.report_products.name is 'name of the product (Наименование товара)';
comment on column ozon.report_products.barcode is '(Barcode)';
comment on column ozon.report_products.brand is '(Бренд)';
comment on column ozon.report_products.status is 'state of the product in the words of Ozon (Статус товара)';
comment on column ozon.report_products.fbo_present is 'pieces in Ozon''s warehouses that can be sold (Доступно к продаже по схеме FBO)';
comment on column ozon.report_products.fbo_reserved is 'pieces in Ozon''s warehouses that buyers have put aside (Зарезервировано)';
comment on column ozon.report_products.fbs_present is 'pieces in the seller''s warehouses that can be sold and Ozon delivers (Доступно к продаже по схеме FBS); in the oldest files with those of realFBS (Доступно на моих складах)';
comment on column ozon.report_products.rfbs_present is 'pieces in the seller''s warehouses that can be sold and the seller delivers (Доступно к продаже по схеме realFBS)';
comment on column ozon.report_products.seller_reserved is 'pieces in the seller''s warehouses that buyers have put aside, FBS and realFBS together (Зарезервировано на моих складах)';
comment on column ozon.report_products.price is 'present price with discounts, in currency (Текущая цена с учетом скидки)';
comment on column ozon.report_products.old_price is 'price before discounts, in currency (Цена до скидки)';
comment on column ozon.report_products.premium_price is 'price for subscribers, in currency (Цена Premium)';
comment on column ozon.report_products.market_price is 'price elsewhere, in currency (Рыночная цена)';
comment on column ozon.report_products.currency is 'ISO 4217, by the sign in the header of the price; NULL: a sign that is not known here';
comment on column ozon.report_products.visibility is 'which report it comes from: ALL (without the archive) or ARCHIVED; NULL: replayed from quarantine';
comment on column ozon.report_products.report_code is 'Ozon''s code of the report; NULL: replayed from quarantine';
comment on column ozon.report_products.report_created_at is 'when the report was ordered, which is the time of its numbers; NULL: replayed from quarantine';
comment on column ozon.report_products.is_processed is 'whether the row as it is was taken into the shared inventory; false again with each time it is asked for';
comment on column ozon.report_products.asked_at is 'when Ozon was last asked for it, by the database';
comment on column ozon.report_products.gone_at is 'since when a complete list of Ozon lacks it; NULL: it is there';
comment on column ozon.report_products.raw is 'the line of the file by its headers';
