-- The shared inventory takes over from the report of remains what the seller calls products, whether or not it takes stock from it.
alter table wildberries.remains add column is_mapped boolean not null default false;
create index remains_unmapped on wildberries.remains (account, nm_id, barcode, tech_size) where not is_mapped;
comment on column wildberries.remains.is_mapped is 'the row as it is was taken into inventory.sku_map; false again when it changes';
