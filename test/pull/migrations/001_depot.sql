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
