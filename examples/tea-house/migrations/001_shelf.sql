create table tea.shelf (
  account  text           not null,
  id       integer        not null,
  name     text           not null,
  grams    integer        not null,
  price    numeric(10, 2) not null,
  currency text           not null,
  asked_at timestamptz    not null,
  gone_at  timestamptz,
  primary key (account, id)
);

comment on table  tea.shelf is 'What is on the shelf of the tea house, as its last list had it.';
comment on column tea.shelf.account is 'whose key was used';
comment on column tea.shelf.id is 'the tea house''s own number';
comment on column tea.shelf.name is 'as it stands on the tin';
comment on column tea.shelf.grams is 'how much is left';
comment on column tea.shelf.price is 'of 100 g';
comment on column tea.shelf.currency is 'of price: ISO 4217';
comment on column tea.shelf.asked_at is 'when it was last seen';
comment on column tea.shelf.gone_at is 'since when the list lacks it';
