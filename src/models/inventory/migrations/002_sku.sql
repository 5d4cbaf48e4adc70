-- Rows of a sku in whatever product, warehouse or kind: what one was told of before is found by it.
create index inventory_data_sku on inventory.inventory_data (account, sku);
