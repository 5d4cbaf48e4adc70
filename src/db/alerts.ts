import { conceal } from '../core/conceal.ts'
import type { Slice } from '../core/run.ts'
import type { Sql } from './store.ts'

/** A rule about health that holds now. `key` groups: raising it again counts, it does not repeat. */
export type Alert = { key: string; level: 'warning' | 'critical'; code: string; message: string; slice?: Slice }

/** Raises an alert, or counts it again; true when it is new, so that it is logged once. */
export async function raise(sql: Sql, { key, level, code, message, slice }: Alert): Promise<boolean> {
  const [row] = await sql.query<{ times: number }>(
    `insert into sluice.alerts as a (key, level, code, connector, account, stream, part, message, raised_at, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, sluice.now(), sluice.now())
     on conflict (key) where resolved_at is null do update
     set times = a.times + 1, last_at = excluded.last_at, message = excluded.message, level = excluded.level
     returning times`,
    [
      key,
      level,
      code,
      slice?.connector,
      slice?.account,
      slice?.stream,
      slice && JSON.stringify(slice.part),
      conceal(message),
    ],
  )
  return row!.times === 1
}

/** Ends alerts whose rules hold no longer. */
export async function resolve(sql: Sql, ...keys: string[]): Promise<void> {
  const text = 'update sluice.alerts set resolved_at = sluice.now() where key = any($1::text[]) and resolved_at is null'
  await sql.query(text, [keys])
}

/** Ends those of these alerts that were not raised again after a moment. */
export async function resolveSince(sql: Sql, moment: Date, keys: readonly string[]): Promise<void> {
  await sql.query(
    `update sluice.alerts set resolved_at = sluice.now()
     where key = any($1::text[]) and resolved_at is null and date_trunc('milliseconds', last_at) <= $2`,
    [keys, moment],
  )
}

/**
 * Makes the alerts of one code those that hold now: raises the new ones and ends the others. One that holds already is left
 * as it is. Returns the new ones.
 */
export async function settleAlerts(sql: Sql, code: string, holding: readonly Alert[]): Promise<Alert[]> {
  const text = 'select key from sluice.alerts where code = $1 and resolved_at is null'
  const open = (await sql.query<{ key: string }>(text, [code])).map(({ key }) => key)
  const keys = holding.map(({ key }) => key)
  await resolve(sql, ...open.filter(key => !keys.includes(key)))
  const fresh = holding.filter(({ key }) => !open.includes(key))
  for (const alert of fresh) await raise(sql, alert)
  return fresh
}

/** Deletes alerts that ceased to hold more than so many days ago. */
export async function pruneAlerts(sql: Sql, days: number): Promise<void> {
  await sql.query(`delete from sluice.alerts where resolved_at < sluice.now() - $1 * interval '1 day'`, [days])
}

/** The alerts that hold now, the gravest and oldest first. */
export function openAlerts(sql: Sql): Promise<(Alert & { times: number; raisedAt: Date })[]> {
  return sql.query(
    `select key, level, code, message, times, raised_at as "raisedAt" from sluice.alerts
     where resolved_at is null order by level, raised_at`,
  )
}
