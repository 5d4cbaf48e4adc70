create table bench.orders (
  srid text primary key, changed_at timestamptz not null, warehouse text, region text, article text, nm_id bigint,
  barcode text, brand text, size text, income_id bigint, is_cancelled boolean not null, total_price numeric(12,2),
  discount integer, currency text not null, finished_price numeric(12,2), price numeric(12,2), raw jsonb not null
);
