create table wildberries.supplies (
  account          text not null,
  supply_key       text not null,
  supply_id        bigint,
  preorder_id      bigint,
  create_date      timestamptz,
  supply_date      timestamptz,
  fact_date        timestamptz,
  updated_date     timestamptz,
  status_id        integer not null,
  box_type_id      integer,
  is_box_on_pallet boolean,
  asked_at         timestamptz not null,
  details_current  boolean not null default false,
  goods_current    boolean not null default false,
  raw              jsonb not null,
  primary key (account, supply_key)
);
create index supplies_details on wildberries.supplies (account, supply_key) where not details_current;
create index supplies_goods on wildberries.supplies (account, supply_key) where not goods_current;
create index supplies_supply on wildberries.supplies (account, supply_id);

comment on table  wildberries.supplies is 'Supplies of each seller to the vendors warehouses, and preorders that become supplies (supplies-api).';
comment on column wildberries.supplies.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.supplies.supply_key is 'what it is called from its first day to its last: p and the preorderID, or s and the supplyID of a virtual supply, which never was a preorder';
comment on column wildberries.supplies.supply_id is 'supplyID; null as long as it is a preorder';
comment on column wildberries.supplies.preorder_id is 'preorderID; 0 for virtual supplies';
comment on column wildberries.supplies.create_date is 'createDate: when it was made';
comment on column wildberries.supplies.supply_date is 'supplyDate: the day it shall be shipped';
comment on column wildberries.supplies.fact_date is 'factDate: when it was shipped';
comment on column wildberries.supplies.updated_date is 'updatedDate: when it changed last; null for preorders';
comment on column wildberries.supplies.status_id is 'statusID: 1 not planned, 2 planned, 3 shipping allowed, 4 being accepted, 5 accepted, 6 unloaded at the gate';
comment on column wildberries.supplies.box_type_id is 'boxTypeID: 0 virtual, 1 and 2 boxes, 5 pallets of one good, 6 safe';
comment on column wildberries.supplies.is_box_on_pallet is 'isBoxOnPallet: a pallet by the piece; only of box type 2';
comment on column wildberries.supplies.asked_at is 'when the vendor was asked for it last';
comment on column wildberries.supplies.details_current is 'its details were asked for since it changed last';
comment on column wildberries.supplies.goods_current is 'its goods were asked for since it changed last';
comment on column wildberries.supplies.raw is 'the supply as the vendor sent it, without the phone of whoever made it';

create table wildberries.supply_details (
  account                     text not null,
  supply_key                  text not null,
  supply_id                   bigint,
  preorder_id                 bigint,
  status_id                   integer not null,
  virtual_type_id             integer,
  box_type_id                 integer,
  is_box_on_pallet            boolean,
  create_date                 timestamptz,
  supply_date                 timestamptz,
  fact_date                   timestamptz,
  updated_date                timestamptz,
  warehouse_id                bigint,
  warehouse_name              text,
  actual_warehouse_id         bigint,
  actual_warehouse_name       text,
  transit_warehouse_id        bigint,
  transit_warehouse_name      text,
  acceptance_cost             numeric(20,6),
  currency                    text not null,
  paid_acceptance_coefficient numeric(12,4),
  reject_reason               text,
  supplier_assign_name        text,
  storage_coef                text,
  delivery_coef               text,
  quantity                    integer,
  ready_for_sale_quantity     integer,
  accepted_quantity           integer,
  unloading_quantity          integer,
  depersonalized_quantity     integer,
  asked_at                    timestamptz not null,
  raw                         jsonb not null,
  primary key (account, supply_key)
);

comment on table  wildberries.supply_details is 'Warehouses, costs and sums of each supply (supplies-api, supplies/{ID}).';
comment on column wildberries.supply_details.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.supply_details.supply_key is 'the supply, as in wildberries.supplies';
comment on column wildberries.supply_details.supply_id is 'the supplyID it was asked for by; null: it was a preorder';
comment on column wildberries.supply_details.preorder_id is 'its preorderID; 0 for virtual supplies';
comment on column wildberries.supply_details.status_id is 'statusID: 1 not planned, 2 planned, 3 shipping allowed, 4 being accepted, 5 accepted, 6 unloaded at the gate';
comment on column wildberries.supply_details.virtual_type_id is 'virtualTypeID, of virtual supplies: 0 moved stock, 1 depersonalised, 4 QR, 5 accepted later, 6 scanned';
comment on column wildberries.supply_details.box_type_id is 'boxTypeID: 0 virtual, 1 and 2 boxes, 5 pallets of one good, 6 safe';
comment on column wildberries.supply_details.is_box_on_pallet is 'isBoxOnPallet: a pallet by the piece; only of box type 2';
comment on column wildberries.supply_details.create_date is 'createDate: when it was made';
comment on column wildberries.supply_details.supply_date is 'supplyDate: the day it shall be shipped';
comment on column wildberries.supply_details.fact_date is 'factDate: when it was shipped';
comment on column wildberries.supply_details.updated_date is 'updatedDate: when it changed last';
comment on column wildberries.supply_details.warehouse_id is 'warehouseID: where it shall go; may be negative';
comment on column wildberries.supply_details.warehouse_name is 'warehouseName of that';
comment on column wildberries.supply_details.actual_warehouse_id is 'actualWarehouseID: where it went';
comment on column wildberries.supply_details.actual_warehouse_name is 'actualWarehouseName of that';
comment on column wildberries.supply_details.transit_warehouse_id is 'transitWarehouseID: by way of which it goes';
comment on column wildberries.supply_details.transit_warehouse_name is 'transitWarehouseName of that';
comment on column wildberries.supply_details.acceptance_cost is 'acceptanceCost: what accepting it will cost';
comment on column wildberries.supply_details.currency is 'of acceptance_cost: ISO 4217; the answer names none, it is in RUB';
comment on column wildberries.supply_details.paid_acceptance_coefficient is 'paidAcceptanceCoefficient: factor of that cost';
comment on column wildberries.supply_details.reject_reason is 'rejectReason: why it cannot be accepted';
comment on column wildberries.supply_details.supplier_assign_name is 'supplierAssignName: short name of the seller';
comment on column wildberries.supply_details.storage_coef is 'storageCoef: factor of storage, in the vendor''s text';
comment on column wildberries.supply_details.delivery_coef is 'deliveryCoef: factor of logistics, in the vendor''s text';
comment on column wildberries.supply_details.quantity is 'quantity: pieces in the supply';
comment on column wildberries.supply_details.ready_for_sale_quantity is 'readyForSaleQuantity: pieces on sale';
comment on column wildberries.supply_details.accepted_quantity is 'acceptedQuantity: pieces accepted';
comment on column wildberries.supply_details.unloading_quantity is 'unloadingQuantity: pieces being put away';
comment on column wildberries.supply_details.depersonalized_quantity is 'depersonalizedQuantity: pieces without a mark';
comment on column wildberries.supply_details.asked_at is 'when the vendor was asked for it last';
comment on column wildberries.supply_details.raw is 'the answer as the vendor sent it, without the phone of whoever made the supply';

create table wildberries.incomes (
  account                 text not null,
  supply_key              text not null,
  income_id               bigint,
  preorder_id             bigint,
  date                    timestamptz,
  last_change_date        timestamptz,
  date_close              timestamptz,
  status_id               integer,
  nm_id                   bigint not null,
  barcode                 text not null,
  tech_size               text not null,
  supplier_article        text,
  quantity                integer,
  announced_quantity      integer,
  ready_for_sale_quantity integer,
  unloading_quantity      integer,
  supplier_box_amount     integer,
  need_kiz                boolean,
  tnved                   text,
  color                   text,
  total_price             numeric(20,6),
  currency                text not null,
  asked_at                timestamptz not null,
  raw                     jsonb not null,
  primary key (account, supply_key, nm_id, barcode, tech_size)
);
create index incomes_income on wildberries.incomes (account, income_id);
create index incomes_nm on wildberries.incomes (account, nm_id, date);

comment on table  wildberries.incomes is 'What came with each supply, in the columns of the report supplier/incomes that the vendor has removed (supplies-api, supplies/{ID}/goods).';
comment on column wildberries.incomes.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.incomes.supply_key is 'the supply, as in wildberries.supplies';
comment on column wildberries.incomes.income_id is 'the supplyID, which was incomeId; null: it was a preorder when it was asked for';
comment on column wildberries.incomes.preorder_id is 'the preorderID of the supply; 0 for virtual ones';
comment on column wildberries.incomes.date is 'factDate of the supply, or its supplyDate before it is shipped';
comment on column wildberries.incomes.last_change_date is 'updatedDate of the supply';
comment on column wildberries.incomes.date_close is 'updatedDate of a supply that is accepted (status 5): nothing says exactly when it was closed';
comment on column wildberries.incomes.status_id is 'statusID of the supply; 5 is accepted';
comment on column wildberries.incomes.nm_id is 'nmID: the vendor''s article';
comment on column wildberries.incomes.barcode is 'barcode of the size; empty where there is none';
comment on column wildberries.incomes.tech_size is 'techSize; "0" where it has no size, empty where none is told';
comment on column wildberries.incomes.supplier_article is 'vendorCode: the seller''s article';
comment on column wildberries.incomes.quantity is 'acceptedQuantity: pieces that were accepted';
comment on column wildberries.incomes.announced_quantity is 'quantity of the answer: pieces that the seller has announced';
comment on column wildberries.incomes.ready_for_sale_quantity is 'readyForSaleQuantity: pieces on sale';
comment on column wildberries.incomes.unloading_quantity is 'unloadingQuantity: pieces being put away';
comment on column wildberries.incomes.supplier_box_amount is 'supplierBoxAmount: pieces in a box';
comment on column wildberries.incomes.need_kiz is 'needKiz: it has to bear a mark (Chestny Znak)';
comment on column wildberries.incomes.tnved is 'tnved: customs code';
comment on column wildberries.incomes.color is 'color';
comment on column wildberries.incomes.total_price is 'always null: the successor of the report has no source for it';
comment on column wildberries.incomes.currency is 'of total_price: RUB';
comment on column wildberries.incomes.asked_at is 'when the vendor was asked for it last; goods with an older time than others of their supply are no more in it';
comment on column wildberries.incomes.raw is 'the row as the vendor sent it';
