create table wildberries.finance (
  account            text not null,
  rrd_id             bigint not null,
  report_id          bigint,
  date_from          timestamptz,
  date_to            timestamptz,
  order_dt           timestamptz,
  sale_dt            timestamptz,
  srid               text,
  nm_id              bigint,
  barcode            text,
  doc_type_name      text,
  supplier_oper_name text,
  quantity           integer,
  retail_price       numeric(20,6),
  retail_amount      numeric(20,6),
  for_pay            numeric(20,6),
  currency           text not null,
  raw                jsonb not null,
  primary key (account, rrd_id)
);
create index finance_srid on wildberries.finance (account, srid);
create index finance_sale on wildberries.finance (account, sale_dt);

comment on table  wildberries.finance is 'Rows of the sales reports: what the vendor pays for (finance-api, sales-reports/detailed), from 2024-01-29 on.';
comment on column wildberries.finance.account is 'whose row it is: the account as Sluice calls it';
comment on column wildberries.finance.rrd_id is 'rrdId: the row of the report';
comment on column wildberries.finance.report_id is 'reportId: the report';
comment on column wildberries.finance.date_from is 'dateFrom: first day of the report, Moscow';
comment on column wildberries.finance.date_to is 'dateTo: last day of the report, Moscow';
comment on column wildberries.finance.order_dt is 'orderDt: when it was ordered';
comment on column wildberries.finance.sale_dt is 'saleDt: when it was sold';
comment on column wildberries.finance.srid is 'srid: the order';
comment on column wildberries.finance.nm_id is 'nmId: the vendor''s article';
comment on column wildberries.finance.barcode is 'barcode of the size';
comment on column wildberries.finance.doc_type_name is 'docTypeName: sale or return, in Russian';
comment on column wildberries.finance.supplier_oper_name is 'supplierOperName: what is paid for, in Russian';
comment on column wildberries.finance.quantity is 'quantity: pieces';
comment on column wildberries.finance.retail_price is 'retailPrice: retail price';
comment on column wildberries.finance.retail_amount is 'retailAmount: what the vendor has sold it for';
comment on column wildberries.finance.for_pay is 'forPay: to be paid to the seller';
comment on column wildberries.finance.currency is 'of the amounts: ISO 4217; RUB where the row names none';
comment on column wildberries.finance.raw is 'the row as the vendor sent it, with all its fields';
