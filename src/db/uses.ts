import type { Sql } from './store.ts'

/** How often the credentials of an account were used from an address since it was last written down, and refused (401, 403). */
export type Use = { connector: string; account: string; egress: string; calls: number; refused: number }

/** An account whose credentials are used in an unusual way, and how. */
export type Unusual = { connector: string; account: string; seen: string }

/** Adds what a process has counted. One statement for all accounts; that it is forgotten in a crash does no harm. */
export async function addUses(sql: Sql, uses: readonly Use[]): Promise<void> {
  if (uses.length === 0) return
  await sql.query(
    `insert into sluice.account_use as u (connector, account, egress, slot, calls, refused, last_at, refused_at)
     select connector, account, egress, date_bin('10 minutes', sluice.now(), 'epoch'), calls, refused, sluice.now(),
       case when refused > 0 then sluice.now() end
     from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) as given (connector, account, egress, calls, refused)
     order by connector, account, egress
     on conflict (connector, account, slot, egress) do update set calls = u.calls + excluded.calls,
       refused = u.refused + excluded.refused, last_at = excluded.last_at, refused_at = coalesce(excluded.refused_at, u.refused_at)`,
    [
      uses.map(({ connector }) => connector),
      uses.map(({ account }) => account),
      uses.map(({ egress }) => egress),
      uses.map(({ calls }) => calls),
      uses.map(({ refused }) => refused),
    ],
  )
}

/** Forgets what is older than 7 days. */
export async function pruneUses(sql: Sql): Promise<void> {
  await sql.query(`delete from sluice.account_use where slot < sluice.now() - interval '7 days'`)
}

/** Accounts that were used from two addresses or more within the last hour. */
export function usedFromTwo(sql: Sql): Promise<Unusual[]> {
  return sql.query<Unusual>(
    `select connector, account, string_agg(distinct egress, ', ' order by egress) as seen from sluice.account_use
     where last_at > sluice.now() - interval '1 hour' group by connector, account having count(distinct egress) > 1`,
  )
}

/**
 * Accounts with a sudden rise of refusals: in this ten minutes and the ten before at least 5 answers were 401 or 403, they
 * were more than a fifth of all, and more than three times the share of the day before that.
 */
export function muchRefused(sql: Sql): Promise<Unusual[]> {
  return sql.query<Unusual>(
    `select connector, account, refused || ' of ' || calls as seen from (
       select connector, account,
         sum(calls) filter (where is_now) as calls, sum(refused) filter (where is_now) as refused,
         coalesce(sum(refused) filter (where not is_now) / nullif(sum(calls) filter (where not is_now), 0), 0) as before
       from (select *, slot >= date_bin('10 minutes', sluice.now(), 'epoch') - interval '10 minutes' as is_now
             from sluice.account_use where slot > sluice.now() - interval '1 day 20 minutes') as recent
       group by connector, account) as shares
     where refused >= 5 and refused > 0.2 * calls and refused > 3 * before * calls`,
  )
}
