import { conceal } from '../core/conceal.ts'
import { parseExact } from '../core/json.ts'
import type { DerivedStream } from '../core/stream.ts'
import { dataErrorOf } from '../db/failure.ts'
import { describeOrigin, flagRaw, keysOf, type OriginTable, type Raw, textsOf } from '../db/origins.ts'
import { joined, type Packed, pack } from '../db/pack.ts'
import type { Bad } from '../db/quarantine.ts'
import { type Written, write } from '../db/rows.ts'
import type { Sql, Transaction } from '../db/store.ts'
import { type Encoded, encode, type Table } from '../db/table.ts'
import { misread } from './check.ts'
import { endFormer, type Past, pastOf } from './former.ts'
import type { Voyage } from './voyage.ts'

/** What is needed to make rows out of others. */
export type Still = {
  stream: DerivedStream
  origin: OriginTable
  table: Table
  account: string
  options: Voyage['source']['options']
}

/** What became of some rows: what they were made into, and those of which nothing could be made. */
export type Derivation = { written: Written; bad: Bad[] }

/** A row and what it becomes; where its stream takes back what it made before, what that takes. */
type Made = { raw: Raw; rows: Packed; past?: Past | undefined }

/** Rows, and what could be made of each: those with rows, those without, and those of which nothing can be told yet. */
export type Prepared = { made: Made[]; refused: Refused[]; left: Raw[] }

/** Why nothing can be made of a row. */
type Refusal = Omit<Bad, 'record'>
type Refused = { raw: Raw; refusal: Refusal }

/** What it takes to derive rows for a slice. */
export async function stillOf(
  sql: Sql,
  { table, slice, source }: Pick<Voyage, 'table' | 'slice' | 'source'>,
  stream: DerivedStream,
): Promise<Still> {
  const origin = await describeOrigin(sql, stream.from)
  return { stream, origin, table, account: slice.account, options: source.options }
}

/** What becomes of each of these rows. */
export function prepare(still: Still, taken: readonly Raw[]): Prepared {
  const prepared: Prepared = { made: [], refused: [], left: [] }
  for (const raw of taken) {
    const made = make(still, raw)
    if (made === undefined) prepared.left.push(raw)
    else if ('rows' in made) prepared.made.push(made)
    else prepared.refused.push({ raw, refusal: made })
  }
  return prepared
}

/**
 * Writes what was made of rows that count as dealt with, the broken ones too, and takes back what they made before and make no
 * more. Only those of which nothing can be told yet are left for the next time. `fresh`: none of it is expected to be there
 * (db/rows.ts).
 */
export async function settle(tx: Transaction, still: Still, prepared: Prepared, fresh: boolean): Promise<Derivation> {
  const refused = [...prepared.refused]
  const made = await withFormer(tx, still, prepared.made, refused)
  const written = await writeApart(tx, still, made, refused, fresh)
  await flagRaw(tx, still.origin, keysOf(prepared.left), false)
  return { written, bad: await recorded(tx, still, refused) }
}

/**
 * What is taken back is written with what is made of the same row, or not at all: as long as a row cannot be made, what it made
 * before stays as it is.
 */
async function withFormer(
  tx: Transaction,
  { stream, table }: Still,
  made: readonly Made[],
  refused: Refused[],
): Promise<readonly Made[]> {
  if (!stream.former) return made
  const pasts = made.map(({ past }) => past)
  const ended = await endFormer(tx, stream, table, pasts)
  return made.flatMap((each, place) => {
    const rows = ended[place]!
    if (Array.isArray(rows)) return rows.length > 0 ? { ...each, rows: joined([each.rows, pack(table, rows)]) } : each
    refused.push({ raw: each.raw, refusal: rows })
    return []
  })
}

/** What goes to quarantine: why, and the row as it is. */
async function recorded(tx: Transaction, { origin }: Still, refused: readonly Refused[]): Promise<Bad[]> {
  const keys = keysOf(refused.map(({ raw }) => raw))
  const texts = await textsOf(tx, origin, keys)
  return refused.map(({ raw, refusal }) => ({ ...refusal, record: texts.get(JSON.stringify(raw.key))! }))
}

function make({ stream, table, account, options }: Still, raw: Raw): Made | Refusal | undefined {
  const row = parseExact(raw.text)
  const parsed = stream.record.safeParse(row)
  if (!parsed.success) return misread(row, parsed.error)
  try {
    const rows: Encoded[] = []
    const given = stream.rows(parsed.data, { account, options })
    if (given === undefined) return undefined
    for (const each of given) {
      const encoded = encode(table, each, { account })
      if (!Array.isArray(encoded)) return encoded
      rows.push(encoded)
    }
    const past = pastOf(stream, table, parsed.data, rows, { account, options })
    return past && 'reason' in past ? past : { raw, rows: pack(table, rows), past }
  } catch (error) {
    return { reason: conceal(`cannot be made into rows: ${(error as Error).message}`) }
  }
}

const nothing: Written = { keys: 0, inserted: 0, changed: 0, revived: 0 }

/**
 * Writes what a batch became. What the database does not take is halved until the one that it does not take stands alone,
 * and goes to quarantine with the database's reason.
 */
async function writeApart(
  tx: Transaction,
  still: Still,
  made: readonly Made[],
  refused: Refused[],
  fresh: boolean,
): Promise<Written> {
  const rows = joined(made.map(each => each.rows))
  if (rows.count === 0) return nothing
  await tx.query('savepoint batch')
  try {
    const written = await write(tx, still.table, rows, fresh)
    await tx.query('release savepoint batch')
    return written
  } catch (error) {
    const refusal = dataErrorOf(error)
    if (refusal === undefined) throw error
    await tx.query('rollback to savepoint batch; release savepoint batch')
    return split(tx, still, made, refused, refusal)
  }
}

async function split(tx: Transaction, still: Still, made: readonly Made[], refused: Refused[], reason: string) {
  const [only] = made
  if (made.length === 1) {
    const refusal = { reason: `${still.table.name} does not take it: ${conceal(reason)}` }
    refused.push({ raw: only!.raw, refusal })
    return nothing
  }
  const middle = Math.ceil(made.length / 2)
  const first = await writeApart(tx, still, made.slice(0, middle), refused, false)
  const second = await writeApart(tx, still, made.slice(middle), refused, false)
  return {
    keys: first.keys + second.keys,
    inserted: first.inserted + second.inserted,
    changed: first.changed + second.changed,
    revived: first.revived + second.revived,
  }
}
