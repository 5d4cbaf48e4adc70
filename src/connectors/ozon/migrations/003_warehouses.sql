-- What the shared inventory says of a warehouse follows from this list, too: the kind of its stock.
alter table ozon.warehouses add column is_processed boolean not null default false;
comment on column ozon.warehouses.is_processed is 'whether the row as it is was taken into the shared inventory; false again when it changes';
