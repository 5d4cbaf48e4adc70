import { setImmediate as breathe } from 'node:timers/promises'
import { conceal } from '../core/conceal.ts'
import type { DerivedStream } from '../core/stream.ts'
import { moveCheckpoint, overtaken } from '../db/checkpoints.ts'
import { dataErrorOf } from '../db/failure.ts'
import { describeOrigin, flagRaw, type OriginTable, type Raw, takeRaw, textsOf } from '../db/origins.ts'
import { pack } from '../db/pack.ts'
import { type Bad, keepBad } from '../db/quarantine.ts'
import { type Written, write } from '../db/rows.ts'
import { countPage } from '../db/runs.ts'
import type { Sql, Store, Transaction } from '../db/store.ts'
import { type Encoded, encode, type Table } from '../db/table.ts'
import { misread } from './check.ts'
import type { Engine } from './engine.ts'
import { isExcess, refuse } from './excess.ts'
import type { Place, Voyage } from './voyage.ts'

/** What is needed to make rows out of others. */
type Still = {
  stream: DerivedStream
  origin: OriginTable
  table: Table
  account: string
  options: Voyage['source']['options']
}

/** What became of some rows: what they were made into, and those of which nothing could be made. */
export type Derivation = { written: Written; bad: Bad[] }

/** A row and what it becomes. */
type Made = { raw: Raw; rows: Encoded[] }

/** Why nothing can be made of a row. */
type Refusal = Omit<Bad, 'record'>
type Refused = { raw: Raw; refusal: Refusal }

/**
 * Makes rows of everything that nobody has dealt with, batch by batch, each in one transaction: rows made, broken ones in
 * quarantine, flags, counters. A run that ends in between goes on where the flags say.
 * @throws BadPage when too many are broken; nothing of that batch is kept but some of them as evidence.
 */
export async function deriveAll(
  { store }: Engine,
  voyage: Voyage,
  stream: DerivedStream,
  signal: AbortSignal,
): Promise<Place> {
  const still = await stillOf(store, voyage, stream)
  const most = stream.size(still.options)
  let { place } = voyage
  let after: string[] | undefined
  for (;;) {
    signal.throwIfAborted()
    const [taken, next] = await store.transaction(tx => deriveBatch(store, tx, voyage, still, place, { after, most }))
    place = next
    if (taken.length < most) return place
    after = taken.at(-1)!.key
    await breathe()
  }
}

/** What it takes to derive rows for a slice. */
export async function stillOf(
  sql: Sql,
  { table, slice, source }: Pick<Voyage, 'table' | 'slice' | 'source'>,
  stream: DerivedStream,
): Promise<Still> {
  const origin = await describeOrigin(sql, stream.from)
  return { stream, origin, table, account: slice.account, options: source.options }
}

async function deriveBatch(
  store: Store,
  tx: Transaction,
  voyage: Voyage,
  still: Still,
  place: Place,
  { after, most }: { after: string[] | undefined; most: number },
): Promise<[Raw[], Place]> {
  const { slice, run } = voyage
  const { version, now } = await moveCheckpoint(tx, slice, {
    ...{ span: run.span, run: run.id, version: place.version, cursor: null, position: place.now },
  })
  const taken = await takeRaw(tx, still.origin, { account: still.account, after, most })
  const { written, bad } = await derive(tx, still, taken)
  const seen = { records: place.records + taken.length, broken: place.broken + bad.length }
  const came = { run: run.id, asked: now, answered: now, subjects: [] }
  if (bad.length > 0 && isExcess(voyage, seen)) {
    await refuse(store, voyage, seen, bad, came, 'nothing of this batch was stored')
  }
  await keepBad(tx, slice, bad, came)
  const gain = { position: now, records: taken.length, quarantined: bad.length }
  const { inserted, changed } = written
  if (!(await countPage(tx, run.id, run.worker!, { ...gain, inserted, changed }))) throw overtaken(slice)
  return [taken, { ...place, ...seen, version, now, position: now }]
}

/**
 * Makes rows of these and writes them; each counts as dealt with afterwards, the broken ones too. Only those of which nothing
 * can be told yet are left for the next time.
 */
export async function derive(tx: Transaction, still: Still, taken: readonly Raw[]): Promise<Derivation> {
  const made: Made[] = []
  const refused: Refused[] = []
  const [done, left]: [string[][], string[][]] = [[], []]
  for (const raw of taken) {
    const rows = make(still, raw)
    const into = rows === undefined ? left : done
    into.push(raw.key)
    if (Array.isArray(rows)) made.push({ raw, rows })
    else if (rows) refused.push({ raw, refusal: rows })
  }
  const written = await writeApart(tx, still, made, refused)
  await flagRaw(tx, still.origin, done)
  await flagRaw(tx, still.origin, left, false)
  return { written, bad: await recorded(tx, still, refused) }
}

/** What goes to quarantine: why, and the row as it is. */
async function recorded(tx: Transaction, { origin }: Still, refused: readonly Refused[]): Promise<Bad[]> {
  const keys = refused.map(({ raw }) => raw.key)
  const texts = await textsOf(tx, origin, keys)
  return refused.map(({ raw, refusal }) => ({ ...refusal, record: texts.get(JSON.stringify(raw.key))! }))
}

function make({ stream, table, account, options }: Still, { row }: Raw): Encoded[] | Refusal | undefined {
  const parsed = stream.record.safeParse(row)
  if (!parsed.success) return misread(row, parsed.error)
  try {
    const rows: Encoded[] = []
    const given = stream.rows(parsed.data, { account, options })
    if (given === undefined) return undefined
    for (const each of given) {
      const encoded = encode(table, { ...each, account })
      if (!Array.isArray(encoded)) return encoded
      rows.push(encoded)
    }
    return rows
  } catch (error) {
    return { reason: conceal(`cannot be made into rows: ${(error as Error).message}`) }
  }
}

const nothing: Written = { keys: 0, inserted: 0, changed: 0, revived: 0 }

/**
 * Writes what a batch became. What the database does not take is halved until the one that it does not take stands alone,
 * and goes to quarantine with the database's reason.
 */
async function writeApart(tx: Transaction, still: Still, made: readonly Made[], refused: Refused[]): Promise<Written> {
  const rows = made.flatMap(each => each.rows)
  if (rows.length === 0) return nothing
  await tx.query('savepoint batch')
  try {
    const written = await write(tx, still.table, pack(still.table, rows), false)
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
  const first = await writeApart(tx, still, made.slice(0, middle), refused)
  const second = await writeApart(tx, still, made.slice(middle), refused)
  return {
    keys: first.keys + second.keys,
    inserted: first.inserted + second.inserted,
    changed: first.changed + second.changed,
    revived: first.revived + second.revived,
  }
}
