-- A chain: rows with a version of their own; another one without; a list; goods of crates; a report.
create table depot.moves (
  account text not null,
  id bigint not null,
  version integer not null,
  amount numeric(12,2) not null,
  currency text not null,
  note text,
  raw jsonb,
  primary key (account, id)
);
create table depot.plain (id bigint primary key, value text, asked_at timestamptz not null);
create table depot.stock (
  id bigint primary key,
  quantity integer not null,
  asked_at timestamptz not null,
  gone_at timestamptz
);
create table depot.crates (id bigint primary key, open boolean not null, asked_at timestamptz not null);
create table depot.goods (crate bigint, place integer, name text not null, asked_at timestamptz not null, primary key (crate, place));
create table depot.report (id text primary key, price numeric(12,2), asked_at timestamptz not null);

comment on table  depot.moves is 'The journal of the depot: one row for each move.';
comment on column depot.moves.account is 'whose depot it is';
comment on column depot.moves.id is 'the depot''s own number of the move';
comment on column depot.moves.version is 'grows with every correction';
comment on column depot.moves.amount is 'what the move is worth';
comment on column depot.moves.currency is 'of amount: ISO 4217';
comment on column depot.moves.note is 'in the words of the depot';
comment on column depot.moves.raw is 'the move as it came, less what is forgotten';

comment on table  depot.stock is 'What lies in the depot now.';
comment on column depot.stock.id is 'the depot''s own number of the article';
comment on column depot.stock.quantity is 'pieces';
comment on column depot.stock.asked_at is 'when the depot was last asked for it';
comment on column depot.stock.gone_at is 'since when the depot does not list it any more';

comment on table  depot.crates is 'The crates of the depot.';
comment on column depot.crates.id is 'the number on the crate';
comment on column depot.crates.open is 'whether one can look into it';
comment on column depot.crates.asked_at is 'when the depot was last asked for it';

comment on table  depot.goods is 'What lies in each crate.';
comment on column depot.goods.crate is 'the number on the crate';
comment on column depot.goods.place is 'which place of the crate, from 0';
comment on column depot.goods.name is 'what lies there';
comment on column depot.goods.asked_at is 'when the depot was last asked for it';

comment on table  depot.report is 'The newest report of prices.';
comment on column depot.report.id is 'the depot''s own name of the article';
comment on column depot.report.price is 'in the currency of the depot, EUR';
comment on column depot.report.asked_at is 'when the depot was last asked for it';
