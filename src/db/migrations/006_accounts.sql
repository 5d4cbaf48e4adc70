-- Accounts whose credentials are stored. Ledgers know an account by its slug, without a foreign key: accounts that need no
-- credentials, or have them from the environment, have no row here.
create table sluice.accounts (
  connector      text        not null,
  slug           text        not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,40}$'),
  created_at     timestamptz not null,
  paused_at      timestamptz,
  paused_reason  text        check ((paused_reason is null) = (paused_at is null)),
  credentials    bytea       not null,
  key_id         text        not null,
  credentials_at timestamptz not null,
  tokens         bytea,
  tokens_key_id  text        check ((tokens_key_id is null) = (tokens is null)),
  tokens_at      timestamptz,
  tokens_until   timestamptz,
  version        bigint      not null default 0,
  attempt        bigint      not null default 0,
  attempted_at   timestamptz,
  lease_by       text,
  lease_until    timestamptz check ((lease_until is null) = (lease_by is null)),
  primary key (connector, slug)
);
comment on table  sluice.accounts is 'Accounts with stored credentials, which are encrypted (AES-256-GCM) with a key that is not in this database.';
comment on column sluice.accounts.slug is 'what the user calls it; never changes';
comment on column sluice.accounts.paused_at is 'since when nothing is asked for it; null: it is not paused';
comment on column sluice.accounts.paused_reason is 'why, in words for people';
comment on column sluice.accounts.credentials is 'what the account shows to the vendor, encrypted: nonce (12 bytes), tag (16 bytes), text; bound to this row';
comment on column sluice.accounts.key_id is 'which key it is encrypted with: the beginning of a digest of the key';
comment on column sluice.accounts.credentials_at is 'when the credentials were entered';
comment on column sluice.accounts.tokens is 'what the vendor has given in return for a while, encrypted in the same way';
comment on column sluice.accounts.tokens_key_id is 'which key they are encrypted with';
comment on column sluice.accounts.tokens_at is 'when the vendor gave them';
comment on column sluice.accounts.tokens_until is 'when the vendor takes them no more';
comment on column sluice.accounts.version is 'counts the tokens: each renewal and each login is one more';
comment on column sluice.accounts.attempt is 'counts attempts to renew them: a result is stored only by the latest (fencing)';
comment on column sluice.accounts.attempted_at is 'when the latest attempt began; it is written before the vendor is asked';
comment on column sluice.accounts.lease_by is 'the process that renews the tokens now; if it is gone, its attempt came to no known end';
comment on column sluice.accounts.lease_until is 'until when it may, in any case';

create table sluice.audit (
  id        bigint      generated always as identity primary key,
  at        timestamptz not null,
  actor     text        not null,
  action    text        not null,
  connector text,
  account   text,
  details   jsonb       not null default '{}'
);
comment on table  sluice.audit is 'What was done to accounts, by whom. It holds no secret.';
comment on column sluice.audit.actor is 'user@host, or the worker of a process';
comment on column sluice.audit.action is 'add, refused, test, rotate, pause, resume, remove, purge, rekey, refresh-failed, auth-lost';
comment on column sluice.audit.details is 'what else there is to know of it: names of fields, counts, codes';
create index audit_account on sluice.audit (connector, account, id desc);

create table sluice.account_use (
  connector  text        not null,
  account    text        not null,
  egress     text        not null,
  slot       timestamptz not null,
  calls      bigint      not null,
  refused    bigint      not null,
  last_at    timestamptz not null,
  refused_at timestamptz,
  primary key (connector, account, slot, egress)
);
comment on table  sluice.account_use is 'How the credentials of each account were used, by ten minutes and by the address the requests left from; kept for 7 days.';
comment on column sluice.account_use.egress is 'the name of the address requests left from (the setting egress)';
comment on column sluice.account_use.slot is 'the beginning of the ten minutes';
comment on column sluice.account_use.calls is 'requests that were answered';
comment on column sluice.account_use.refused is 'those of them that were answered with 401 or 403';
comment on column sluice.account_use.last_at is 'when this was counted last; counts are written every 10 s';
comment on column sluice.account_use.refused_at is 'when a 401 or 403 was counted last';
