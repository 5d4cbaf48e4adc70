create table bakery.orders (
  shop      text           not null,
  id        bigint         not null,
  version   integer        not null,
  placed_at timestamptz    not null,
  state     text           not null,
  total     numeric(14, 2) not null,
  currency  text           not null,
  primary key (shop, id)
);
create index orders_placed on bakery.orders (placed_at);

comment on table  bakery.orders is 'Orders of each shop of the bakery, as they stand after their latest change.';
comment on column bakery.orders.shop is 'as the bakery calls it: north, south';
comment on column bakery.orders.id is 'the bakery''s own number; each shop counts by itself';
comment on column bakery.orders.version is 'grows by one with every change';
comment on column bakery.orders.placed_at is 'when it was ordered';
comment on column bakery.orders.state is 'in the words of the bakery: baking, sold, returned';
comment on column bakery.orders.total is 'what the buyer pays, taxes included';
comment on column bakery.orders.currency is 'of total: ISO 4217';
