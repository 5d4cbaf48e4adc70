-- The lines of orders, and the same once more with a key that does not tell them apart.
create table shop.lines (
  id       bigint        not null,
  line     integer       not null,
  created  timestamptz   not null,
  version  integer       not null,
  price    numeric(30,4),
  currency text          not null,
  state    text          not null,
  raw      jsonb,
  primary key (id, line)
);
comment on table  shop.lines is 'The lines of the orders of a shop.';
comment on column shop.lines.id is 'the shop''s own number of the order';
comment on column shop.lines.line is 'which line of the order, from 1';
comment on column shop.lines.created is 'when it was ordered';
comment on column shop.lines.version is 'grows with every change';
comment on column shop.lines.price is 'of the whole line';
comment on column shop.lines.currency is 'of price: ISO 4217';
comment on column shop.lines.state is 'in the words of the shop';
comment on column shop.lines.raw is 'the line as it came, less what is forgotten';

create table shop.orders (like shop.lines including comments);
alter table shop.orders add primary key (id);
comment on table shop.orders is 'What takes the lines of an order for one thing.';

create table shop.loose (
  id bigint, line integer, created timestamp not null, version integer, price double precision, amount numeric(12,2),
  primary key (id)
);
