import { createHash } from 'node:crypto'
import { conceal } from '../core/conceal.ts'
import type { Finding, Slice } from '../core/run.ts'
import { hideInJson } from '../core/secret.ts'
import type { Subject } from '../core/stream.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** A record that could not become a row: the text it came as, and the first thing that is wrong with it. */
export type Bad = { record: string; field?: string; value?: string; reason: string }

/** What broken records came with: when the vendor was asked, its clock when it answered, the rows of ours it was asked about. */
export type Circumstances = { run: string; asked: Date; answered: Date; subjects: readonly Subject[] }

/**
 * Keeps broken records; the same record of the same slice is kept once, however often it comes. The record is kept as it came,
 * because it is to be replayed: only secrets of ours that a vendor has put into it are hidden. What is said of it is for people.
 */
export async function keepBad(sql: Sql, slice: Slice, bad: readonly Bad[], came: Circumstances) {
  if (bad.length === 0) return
  const kinds = [...Map.groupBy(bad, ({ record }) => record).values()]
  const once = kinds.map(each => each[0]!)
  await sql.query(
    `insert into sluice.quarantine as q
       (connector, account, stream, part, digest, record, field, value, reason, times, run_id, asked_at, answered_at, subjects, first_seen, last_seen)
     select $1, $2, $3, $4, digest, record, field, value, reason, times, $11, $12, $13, $14, sluice.now(), sluice.now()
     from unnest($5::bytea[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[])
       as u (digest, record, field, value, reason, times)
     on conflict (connector, account, stream, part, digest) do update
     set last_seen = excluded.last_seen, run_id = excluded.run_id, times = q.times + excluded.times, asked_at = excluded.asked_at,
         answered_at = excluded.answered_at, subjects = excluded.subjects, field = excluded.field, value = excluded.value, reason = excluded.reason,
         replayed_at = null`,
    [
      ...sliceValues(slice),
      once.map(({ record }) => digest(record)),
      once.map(({ record }) => printable(hideInJson(record))),
      once.map(({ field }) => field ?? null),
      once.map(({ value }) => (value === undefined ? null : printable(conceal(value)))),
      once.map(({ reason }) => conceal(reason)),
      kinds.map(each => each.length),
      ...[came.run, came.asked, came.answered, came.subjects.length > 0 ? JSON.stringify(came.subjects) : null],
    ],
  )
}

/** What is still in quarantine. */
export const isOpen = 'replayed_at is null and dismissed_at is null'

/** How many records of a slice are in quarantine. */
export async function countBad(sql: Sql, slice: Slice): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `select count(*)::int as n from sluice.quarantine where ${isSlice} and ${isOpen}`,
    sliceValues(slice),
  )
  return row!.n
}

/** The findings of a run, the most frequent first, 20 at most. */
export function findingsOf(sql: Sql, slice: Slice, run: string): Promise<Finding[]> {
  return sql.query<Finding>(
    `select field, reason, count(*)::int as times from sluice.quarantine where ${isSlice} and run_id = $5
     group by field, reason order by times desc, field, reason limit 20`,
    [...sliceValues(slice), run],
  )
}

/** A record in quarantine, as it is kept. */
export type Quarantined = Slice & {
  id: string
  record: string
  field: string | null
  value: string | null
  reason: string
  times: number
  askedAt: Date
  answeredAt: Date
  subjects: readonly Subject[]
  firstSeen: Date
  lastSeen: Date
}

/** Which records are meant: of a connector, a stream of it, an account; only these. */
export type Chosen = {
  connector?: string | undefined
  stream?: string | undefined
  account?: string | undefined
  ids?: readonly string[]
}

const columns = `id::text, connector, account, stream, part, record, field, value, reason, times, asked_at as "askedAt", answered_at as "answeredAt",
  coalesce(subjects, '[]') as subjects, first_seen as "firstSeen", last_seen as "lastSeen"`

const isChosen = `($1::text is null or connector = $1) and ($2::text is null or stream = $2)
  and ($3::text is null or account = $3) and ($4::bigint[] is null or id = any($4))`

function chosen({ connector, stream, account, ids }: Chosen): unknown[] {
  return [connector ?? null, stream ?? null, account ?? null, ids ?? null]
}

/** Records in quarantine in the order they came there, after a given one; at most `most`. */
export function readQuarantine(sql: Sql, which: Chosen, most: number, after = '0'): Promise<Quarantined[]> {
  return sql.query<Quarantined>(
    `select ${columns} from sluice.quarantine where ${isChosen} and ${isOpen} and id > $5 order by quarantine.id limit $6`,
    [...chosen(which), after, most],
  )
}

/** One record, whether it is still in quarantine or not. */
export async function readQuarantined(
  sql: Sql,
  id: string,
): Promise<(Quarantined & { replayedAt: Date | null; dismissedAt: Date | null }) | undefined> {
  const [row] = await sql.query<Quarantined & { replayedAt: Date | null; dismissedAt: Date | null }>(
    `select ${columns}, replayed_at as "replayedAt", dismissed_at as "dismissedAt" from sluice.quarantine where id = $1`,
    [id],
  )
  return row
}

/** Records in quarantine, grouped by what is wrong with them. */
export type Kind = Omit<Slice, 'part'> & Finding & { example: string; since: Date; last: Date }

export function kindsOfBad(sql: Sql, which: Chosen): Promise<Kind[]> {
  return sql.query<Kind>(
    `select connector, account, stream, field, reason, count(*)::int as times, min(id)::text as example,
       min(first_seen) as since, max(last_seen) as last
     from sluice.quarantine where ${isChosen} and ${isOpen}
     group by connector, account, stream, field, reason order by connector, account, stream, times desc, field, reason`,
    chosen(which),
  )
}

/** Notes that records have become rows. */
export async function markReplayed(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql.query('update sluice.quarantine set replayed_at = sluice.now() where id = any($1::bigint[])', [ids])
}

/** Writes down what is wrong with a record now. */
export async function markStillBad(sql: Sql, id: string, { field, value, reason }: Bad): Promise<void> {
  await sql.query('update sluice.quarantine set field = $2, value = $3, reason = $4 where id = $1', [
    id,
    field,
    value && printable(conceal(value)),
    conceal(reason),
  ])
}

/** Decides that records are of no use; returns how many. */
export async function dismiss(sql: Sql, which: Chosen): Promise<number> {
  const gone = await sql.query(
    `update sluice.quarantine set dismissed_at = sluice.now() where ${isChosen} and ${isOpen} returning 1`,
    chosen(which),
  )
  return gone.length
}

/** Forgets records that were replayed or dismissed more than so many days ago; returns how many. */
export async function pruneQuarantine(sql: Sql, days: number): Promise<number> {
  const gone = await sql.query(
    `delete from sluice.quarantine
     where coalesce(replayed_at, dismissed_at) < sluice.now() - $1 * interval '1 day' returning 1`,
    [days],
  )
  return gone.length
}

function digest(record: string): Buffer {
  return createHash('sha256').update(record).digest()
}

/** PostgreSQL keeps no NUL in a text; JSON text has it only as an escape, a bare value may hold it. */
function printable(text: string): string {
  return text.replaceAll('\u0000', '\\u0000')
}
