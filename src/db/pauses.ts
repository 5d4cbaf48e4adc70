import { conceal } from '../core/conceal.ts'
import type { Slice } from '../core/run.ts'
import type { AccountKey } from './accounts.ts'
import type { Sql } from './store.ts'

/** What schedules leave alone: a part, or the whole stream when `part` is empty. */
export type Pause = Slice & { reason: string; since: Date }

/** Pauses a part, or a whole stream (part `{}`), until a run of it succeeds. */
export async function pause(sql: Sql, { connector, account, stream, part }: Slice, reason: string): Promise<void> {
  await sql.query(
    `insert into sluice.pauses (connector, account, stream, part, reason, since) values ($1, $2, $3, $4, $5, sluice.now())
     on conflict (connector, account, stream, part) do update set reason = excluded.reason`,
    [connector, account, stream, JSON.stringify(part), conceal(reason)],
  )
}

/**
 * Lifts the pause of a part that has just succeeded; that of its whole stream only when it was asked for by hand: a part
 * that was under way when the stream was paused proves nothing about the others.
 */
export async function lift(
  sql: Sql,
  { connector, account, stream, part }: Slice,
  whole: 'with its stream' | 'alone',
): Promise<void> {
  await sql.query(
    `delete from sluice.pauses where connector = $1 and account = $2 and stream = $3
       and (part = $4::jsonb or ($5 and part = '{}'))`,
    [connector, account, stream, JSON.stringify(part), whole === 'with its stream'],
  )
}

/**
 * Lifts the pauses of an account's streams that began because the vendor refused its credentials (401), or what they may do
 * (403): new ones may do more, and some vendors tell an unknown key by 403.
 */
export async function liftRefused(sql: Sql, { connector, slug }: AccountKey): Promise<void> {
  await sql.query(
    `delete from sluice.pauses p using sluice.runs r
     where p.connector = $1 and p.account = $2 and p.part = '{}' and (r.connector, r.account, r.stream) = (p.connector, p.account, p.stream)
       and r.error_code in ('vendor-unauthorised', 'vendor-forbidden') and r.error = p.reason`,
    [connector, slug],
  )
}

/** Everything that is paused now. */
export function readPauses(sql: Sql): Promise<Pause[]> {
  return sql.query<Pause>('select connector, account, stream, part, reason, since from sluice.pauses order by since')
}
