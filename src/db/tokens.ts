import type { AccountKey } from './accounts.ts'
import type { Sql } from './store.ts'
import type { Sealed } from './vault.ts'

/** The tokens of an account as they stand, and what their renewal needs; `now` is the time by the one clock. */
export type TokenState = {
  now: Date
  pausedReason: string | null
  credentials: Sealed
  tokens: Sealed | null
  /** When the vendor gave them, and until when it takes them. */
  at: Date | null
  until: Date | null
  version: string
  /** Who renews them now. */
  leaseBy: string | null
}

/** The right to renew: an attempt that was written down before the vendor is asked. */
export type Lease = AccountKey & {
  attempt: string
  /** When an earlier attempt began of which nobody knows what came of it: its process ended. */
  unfinished: Date | null
}

const isAccount = 'connector = $1 and slug = $2'

export async function readTokens(sql: Sql, { connector, slug }: AccountKey): Promise<TokenState | undefined> {
  const [row] = await sql.query<
    Omit<TokenState, 'credentials' | 'tokens'> &
      Record<'bytes' | 'tokens', Buffer> &
      Record<'key' | 'tokensKey', string>
  >(
    `select sluice.now() as now, paused_reason as "pausedReason", credentials as bytes, key_id as key, tokens, tokens_key_id as "tokensKey",
       tokens_at as at, tokens_until as until, version::text, lease_by as "leaseBy"
     from sluice.accounts where ${isAccount}`,
    [connector, slug],
  )
  if (!row) return undefined
  const { bytes, key, tokens, tokensKey, ...rest } = row
  return { ...rest, credentials: { bytes, key }, tokens: tokens && { bytes: tokens, key: tokensKey } }
}

/** Who wants to renew which version of the tokens, for how long (ms), and which processes are known to be gone. */
export type Claim = { by: string; version: string; length: number; gone: readonly string[] }

/**
 * Takes the right to renew the tokens; undefined when they were renewed meanwhile, somebody else is at it, or the account is
 * paused. The right of a process that is gone is taken at once, that of any other when its time is over.
 */
export async function takeLease(sql: Sql, { connector, slug }: AccountKey, claim: Claim): Promise<Lease | undefined> {
  const [lease] = await sql.query<Lease>(
    `with free as (
       select connector, slug, lease_by, attempted_at from sluice.accounts
       where ${isAccount} and version = $3 and paused_at is null
         and (lease_by is null or lease_until <= sluice.now() or lease_by = any($5::text[])) for update)
     update sluice.accounts a set attempt = a.attempt + 1, attempted_at = sluice.now(), lease_by = $4,
       lease_until = sluice.now() + $6 * interval '1 ms'
     from free where (a.connector, a.slug) = (free.connector, free.slug)
     returning a.connector, a.slug, a.attempt::text, case when free.lease_by is not null then free.attempted_at end as unfinished`,
    [connector, slug, claim.version, claim.by, claim.gone, claim.length],
  )
  return lease
}

/** Stores the tokens that an attempt has brought, and ends its lease; undefined, and nothing stored, when there was a later one. */
export async function saveTokens(
  sql: Sql,
  { connector, slug, attempt }: Lease,
  { bytes, key, until }: Sealed & { until: Date },
): Promise<string | undefined> {
  const [row] = await sql.query<{ version: string }>(
    `update sluice.accounts set tokens = $4, tokens_key_id = $5, tokens_at = sluice.now(), tokens_until = $6, version = version + 1,
       lease_by = null, lease_until = null where ${isAccount} and attempt = $3 returning version::text`,
    [connector, slug, attempt, bytes, key, until],
  )
  return row?.version
}

/** Ends the lease of an attempt that came to nothing. */
export async function endLease(sql: Sql, { connector, slug, attempt }: Lease): Promise<void> {
  await sql.query(
    `update sluice.accounts set lease_by = null, lease_until = null where ${isAccount} and attempt = $3`,
    [connector, slug, attempt],
  )
}

/** Ends the lease of an attempt that the vendor has refused, and pauses the account; false when there was a later one. */
export async function pauseLost(sql: Sql, { connector, slug, attempt }: Lease, reason: string): Promise<boolean> {
  const paused = await sql.query(
    `update sluice.accounts set paused_at = coalesce(paused_at, sluice.now()), paused_reason = $4, lease_by = null, lease_until = null
     where ${isAccount} and attempt = $3 returning 1`,
    [connector, slug, attempt, reason],
  )
  return paused.length > 0
}

/** Tokens that a person has granted anew. Whatever was under way with the old ones comes to nothing. */
export async function grantTokens(
  sql: Sql,
  { connector, slug }: AccountKey,
  { bytes, key, until }: Sealed & { until: Date },
): Promise<void> {
  await sql.query(
    `update sluice.accounts set tokens = $3, tokens_key_id = $4, tokens_at = sluice.now(), tokens_until = $5, version = version + 1,
       attempt = attempt + 1, lease_by = null, lease_until = null where ${isAccount}`,
    [connector, slug, bytes, key, until],
  )
}

/** The same tokens under another key. */
export async function resealTokens(sql: Sql, { connector, slug }: AccountKey, { bytes, key }: Sealed): Promise<void> {
  await sql.query(`update sluice.accounts set tokens = $3, tokens_key_id = $4 where ${isAccount}`, [
    connector,
    slug,
    bytes,
    key,
  ])
}
