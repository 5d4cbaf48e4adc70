-- One table for each method of the imitated vendor. `at` is epoch ms.
create table acme.orders (
  shop   text           not null,
  at     bigint         not null,
  id     text           not null,
  amount numeric(14, 4) not null,
  state  text           not null,
  primary key (shop, at)
);
create table acme.stocks (like acme.orders including all);
create table acme.prices (like acme.orders including all);
create table acme.events (like acme.orders including all);

-- What became of each run, change by change: who held it, and how many runs of its account were held at that moment.
create table acme.history (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default clock_timestamp(),
  run     bigint      not null,
  account text        not null,
  state   text        not null,
  worker  text,
  held    integer     not null
);
create function acme.remember() returns trigger language plpgsql as $$
begin
  insert into acme.history (run, account, state, worker, held)
  select new.id, new.account, new.state, new.worker,
    (select count(*) from sluice.runs r where r.account = new.account and r.state = 'running');
  return null;
end $$;
create trigger remember after insert or update of state, worker on sluice.runs
  for each row execute function acme.remember();

-- Every look for runs to be woken, and what time it was then by the clock of all processes.
create table acme.beats (moment timestamptz not null);
create function acme.beat() returns trigger language plpgsql as $$
begin
  insert into acme.beats (moment) values (sluice.now());
  return null;
end $$;
create trigger beat after update on sluice.runs for each statement execute function acme.beat();
