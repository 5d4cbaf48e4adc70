import type { Sql } from './store.ts'
import type { Sealed } from './vault.ts'

/** Which stored account. */
export type AccountKey = { connector: string; slug: string }

/** A stored account as a process needs it to ask on its behalf. */
export type StoredAccount = AccountKey & {
  pausedAt: Date | null
  pausedReason: string | null
  credentials: Sealed
  credentialsAt: Date
}

/** A stored account as people look at it. `lastSuccess` is of its runs, `lastRefusal` a 401 or 403 within 7 days. */
export type AccountState = Omit<StoredAccount, 'credentials'> & {
  createdAt: Date
  tokensUntil: Date | null
  lastSuccess: Date | null
  lastRefusal: Date | null
}

type Row = Omit<StoredAccount, 'credentials'> & { bytes: Buffer; key: string }

const columns = `connector, slug, paused_at as "pausedAt", paused_reason as "pausedReason", credentials as bytes,
  key_id as key, credentials_at as "credentialsAt"`

const isAccount = 'connector = $1 and slug = $2'

/** All stored accounts, by connector and slug; none where the tables are not there yet. */
export async function readAccounts(sql: Sql): Promise<StoredAccount[]> {
  const [found] = await sql.query<{ table: string | null }>(`select to_regclass('sluice.accounts')::text as table`)
  if (!found?.table) return []
  return (await sql.query<Row>(`select ${columns} from sluice.accounts order by connector, slug`)).map(accountOf)
}

/** One of them, held against changes until the end of the transaction. */
export async function holdAccount(sql: Sql, { connector, slug }: AccountKey): Promise<StoredAccount | undefined> {
  const text = `select ${columns} from sluice.accounts where ${isAccount} for update`
  const [row] = await sql.query<Row>(text, [connector, slug])
  return row && accountOf(row)
}

function accountOf({ bytes, key, ...rest }: Row): StoredAccount {
  return { ...rest, credentials: { bytes, key } }
}

/** Whether there was such an account, and it was removed: one that is in no ledger is known from somebody's environment. */
export async function wasRemoved(sql: Sql, { connector, slug }: AccountKey): Promise<boolean> {
  const [removed] = await sql.query(
    `select 1 from sluice.audit where connector = $1 and account = $2 and action in ('remove', 'purge')
       and not exists (select from sluice.accounts where ${isAccount}) limit 1`,
    [connector, slug],
  )
  return removed !== undefined
}

/** How all of them stand, or those of one connector. */
export function listAccounts(sql: Sql, connector?: string): Promise<AccountState[]> {
  return sql.query<AccountState>(
    `select a.connector, a.slug, a.created_at as "createdAt", a.paused_at as "pausedAt", a.paused_reason as "pausedReason",
       a.credentials_at as "credentialsAt", a.tokens_until as "tokensUntil",
       (select max(r.finished_at) from sluice.runs r where r.connector = a.connector and r.account = a.slug
          and r.state in ('success', 'partial')) as "lastSuccess",
       (select max(u.refused_at) from sluice.account_use u where u.connector = a.connector and u.account = a.slug) as "lastRefusal"
     from sluice.accounts a where $1::text is null or a.connector = $1 order by a.connector, a.slug`,
    [connector],
  )
}

/** Stores a new account; false when there is one of that name. */
export async function addAccount(sql: Sql, { connector, slug }: AccountKey, { bytes, key }: Sealed): Promise<boolean> {
  const added = await sql.query(
    `insert into sluice.accounts (connector, slug, created_at, credentials, key_id, credentials_at)
     values ($1, $2, sluice.now(), $3, $4, sluice.now()) on conflict do nothing returning 1`,
    [connector, slug, bytes, key],
  )
  return added.length > 0
}

/** Replaces the credentials. An attempt to renew tokens with the old ones comes to nothing. */
export async function replaceCredentials(
  sql: Sql,
  { connector, slug }: AccountKey,
  { bytes, key }: Sealed,
): Promise<void> {
  await sql.query(
    `update sluice.accounts set credentials = $3, key_id = $4, credentials_at = sluice.now(), attempt = attempt + 1,
       lease_by = null, lease_until = null where ${isAccount}`,
    [connector, slug, bytes, key],
  )
}

/** The same credentials under another key. */
export async function reseal(sql: Sql, { connector, slug }: AccountKey, { bytes, key }: Sealed): Promise<void> {
  await sql.query(`update sluice.accounts set credentials = $3, key_id = $4 where ${isAccount}`, [
    connector,
    slug,
    bytes,
    key,
  ])
}

/** Pauses an account; the reason of one that is paused already is replaced. */
export async function pauseAccount(sql: Sql, { connector, slug }: AccountKey, reason: string): Promise<void> {
  await sql.query(
    `update sluice.accounts set paused_at = coalesce(paused_at, sluice.now()), paused_reason = $3 where ${isAccount}`,
    [connector, slug, reason],
  )
}

/** Lifts the pause of an account; its runs that wait for that are due at once. */
export async function resumeAccount(sql: Sql, { connector, slug }: AccountKey): Promise<void> {
  await sql.query(`update sluice.accounts set paused_at = null, paused_reason = null where ${isAccount}`, [
    connector,
    slug,
  ])
  await sql.query(
    `update sluice.runs set due_at = sluice.now() where connector = $1 and account = $2 and state = 'waiting'
       and due_at > sluice.now() and bucket is null and reason like '%' || $1 || '/' || $2 || ' is paused%'`,
    [connector, slug],
  )
}

/**
 * Removes the account, ends its runs that no worker holds and the alerts about them; runs under way end at their next
 * question.
 */
export async function removeAccount(sql: Sql, { connector, slug }: AccountKey, error: string): Promise<void> {
  await sql.query(`delete from sluice.accounts where ${isAccount}`, [connector, slug])
  await sql.query(
    `update sluice.runs set state = 'failed', error_code = 'account-removed', error = $3, reason = null, due_at = null, bucket = null,
       finished_at = sluice.now(), updated_at = sluice.now()
     where connector = $1 and account = $2 and state in ('planned', 'waiting')`,
    [connector, slug, error],
  )
  await sql.query('delete from sluice.schedules where connector = $1 and account = $2', [connector, slug])
  await sql.query('delete from sluice.pauses where connector = $1 and account = $2', [connector, slug])
  await sql.query(
    'update sluice.alerts set resolved_at = sluice.now() where connector = $1 and account = $2 and resolved_at is null',
    [connector, slug],
  )
}
