-- The shared inventory takes over what the seller calls products.
alter table ozon.products add column is_processed boolean not null default false;
create index products_unprocessed on ozon.products (account, product_id) where not is_processed;
comment on column ozon.products.is_processed is 'whether the row as it is was taken into inventory.sku_map; false again when it changes';
