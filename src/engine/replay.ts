import { Misuse } from '../core/failure.ts'
import { parseExact } from '../core/json.ts'
import type { Range } from '../core/range.ts'
import { type Slice, sliceText } from '../core/run.ts'
import { type Source, sourceOf } from '../core/source.ts'
import { type DerivedStream, isDerived, isRanged, type RangeStream } from '../core/stream.ts'
import { addRows } from '../db/chains.ts'
import { type Counted, countedOf, countRows } from '../db/counts.ts'
import { growCoverage, readCoverage } from '../db/coverage.ts'
import { flagRaw, keyIn, keysOf, readRaw } from '../db/origins.ts'
import { type Chosen, markReplayed, markStillBad, type Quarantined, readQuarantine } from '../db/quarantine.ts'
import { type Written, write } from '../db/rows.ts'
import { lockSlice } from '../db/slices.ts'
import type { Store, Transaction } from '../db/store.ts'
import { describe, type Table } from '../db/table.ts'
import { type Checked, check, outside } from './check.ts'
import { prepare, settle, stillOf } from './derive.ts'
import type { Voyage } from './voyage.ts'

/**
 * What became of records in quarantine: new rows, rows that replaced others, rows that were there or are newer by now, and
 * records that are still broken.
 */
export type Replayed = { tried: number; inserted: number; changed: number; unneeded: number; broken: number }

/** Records that are replayed in one transaction. */
const batch = 200

/**
 * Makes rows of records in quarantine without asking the vendor: each is checked again as the stream is now, and stored by
 * the same rules as when it came, so that it never replaces what is newer (P6). What is still broken stays, with what is
 * wrong with it now.
 * @throws Misuse when a record belongs to no stream of ours, or to one whose records are no whole rows
 */
export async function replay(store: Store, sources: readonly Source[], which: Chosen): Promise<Replayed> {
  const sum = { tried: 0, inserted: 0, changed: 0, unneeded: 0, broken: 0 }
  let last = '0'
  for (;;) {
    const found = await readQuarantine(store, which, batch, last)
    if (found.length === 0) return sum
    last = found.at(-1)!.id
    for (const records of Map.groupBy(found, keyOf).values()) {
      const done = await store.transaction(tx => replaySlice(tx, sources, records))
      for (const name of ['tried', 'inserted', 'changed', 'unneeded', 'broken'] as const) sum[name] += done[name]
    }
  }
}

function keyOf({ connector, account, stream, part }: Quarantined): string {
  return JSON.stringify([connector, account, stream, part])
}

async function replaySlice(
  tx: Transaction,
  sources: readonly Source[],
  records: readonly Quarantined[],
): Promise<Replayed> {
  const slice: Slice = records[0]!
  const { stream } = sourceOf(sources, slice)
  if (stream.partial) throw notWhole(slice)
  await lockSlice(tx, slice)
  const table = await describe(tx, stream)
  if (isDerived(stream)) return deriveAgain(tx, { table, slice, source: sourceOf(sources, slice) }, stream, records)
  const tried = tryAll(records, table, sourceOf(sources, slice), slice)
  const [good, bad] = split(isRanged(stream) ? await inTime(tx, slice, stream, tried) : tried)
  const written = { keys: 0, inserted: 0, changed: 0, revived: 0 }
  const put = async () => {
    for (const { checked } of good) {
      const { inserted, changed, revived } = await write(tx, table, checked.rows, false)
      written.inserted += inserted
      written.changed += changed
      written.revived += revived
    }
  }
  if (isRanged(stream)) await countedAnew(tx, slice, stream, table, good, put)
  else await put().then(() => addRows(tx, slice, written.inserted + written.revived))
  await markReplayed(
    tx,
    good.map(({ record }) => record.id),
  )
  for (const { record, checked } of bad) await markStillBad(tx, record.id, checked.bad[0]!)
  return outcome(records.length, good.length, written)
}

/** Rows of ours that could not be made into others are tried as they are now, whatever they were. */
async function deriveAgain(
  tx: Transaction,
  at: Pick<Voyage, 'table' | 'slice' | 'source'>,
  stream: DerivedStream,
  records: readonly Quarantined[],
): Promise<Replayed> {
  const still = await stillOf(tx, at, stream)
  const known = records.map(record => ({ record, key: keyIn(still.origin, record.record) }))
  const raws = await readRaw(
    tx,
    still.origin,
    at.slice.account,
    known.map(({ key }) => key),
  )
  await flagRaw(tx, still.origin, keysOf(raws), true)
  const { written, bad } = await settle(tx, still, prepare(still, raws), false)
  const broken = new Map(bad.map(each => [JSON.stringify(keyIn(still.origin, each.record)), each]))
  const good = known.filter(({ key }) => !broken.has(JSON.stringify(key)))
  await markReplayed(
    tx,
    good.map(({ record }) => record.id),
  )
  for (const { record, key } of known) {
    const why = broken.get(JSON.stringify(key))
    if (why) await markStillBad(tx, record.id, why)
  }
  return outcome(records.length, good.length, written)
}

/** A record and what checking it again has come to. */
type Tried = { record: Quarantined; checked: Checked }

function tryAll(records: readonly Quarantined[], table: Table, { stream }: Source, slice: Slice): Tried[] {
  return records.map(record => {
    const { answeredAt, askedAt, subjects } = record
    const answer = { at: answeredAt, headers: new Headers() }
    const measure = { stream, table, slice, answer, asked: askedAt, subjects }
    return { record, checked: check([parseExact(record.record)], measure) }
  })
}

function split(tried: readonly Tried[]): [Tried[], Tried[]] {
  return [
    tried.filter(({ checked }) => checked.bad.length === 0),
    tried.filter(({ checked }) => checked.bad.length > 0),
  ]
}

/** A record that lay outside of the time that was asked for is still broken unless its time has been asked for by now. */
async function inTime(tx: Transaction, slice: Slice, stream: RangeStream, tried: readonly Tried[]): Promise<Tried[]> {
  const isStray = ({ record, checked }: Tried) => record.reason === outside && checked.bad.length === 0
  const covered = tried.some(isStray) ? await readCoverage(tx, slice) : []
  return tried.map(each => {
    if (!isStray(each)) return each
    const time = timeOf(stream, slice, each)
    if (covered.some(({ from, to }) => time >= +from && time < +to)) return each
    const { record } = each.record
    return {
      ...each,
      checked: { ...each.checked, bad: [{ record, field: stream.time, value: String(time), reason: outside }] },
    }
  })
}

/** Stretches that were proven without these records are proven with them, by as many rows as they have gained. */
async function countedAnew(
  tx: Transaction,
  slice: Slice,
  stream: RangeStream,
  table: Table,
  good: readonly Tried[],
  put: () => Promise<void>,
): Promise<void> {
  const times = good.map(tried => timeOf(stream, slice, tried))
  const span: Range = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times) + 1) }
  const all = times.length > 0 ? await readCoverage(tx, slice, span) : []
  const touched = all.filter(({ from, to }) => times.some(time => time >= +from && time < +to))
  const counted: Counted = countedOf(table, slice.part, slice.account, stream.time)
  const before = new Map<Range, number>()
  for (const stretch of touched) before.set(stretch, await countRows(tx, counted, stretch))
  await put()
  for (const stretch of touched) {
    await growCoverage(tx, slice, stretch, (await countRows(tx, counted, stretch)) - before.get(stretch)!)
  }
}

function timeOf(stream: RangeStream, { part }: Slice, { record }: Tried): number {
  const answer = { at: record.answeredAt, headers: new Headers() }
  const row = stream.row(stream.record.parse(parseExact(record.record)), { part, answer, rows: record.subjects })
  return row[stream.time] as number
}

/** A record that several rows are made of may have brought more than one: then those that brought none are too few here. */
function outcome(tried: number, good: number, { inserted, changed }: Written): Replayed {
  return { tried, inserted, changed, unneeded: Math.max(0, good - inserted - changed), broken: tried - good }
}

function notWhole(slice: Slice): Misuse {
  return new Misuse(
    'not-replayable',
    `${sliceText(slice)}: its records are changes and no whole rows; a late one would undo newer ones. Its rows are asked for again by the next sync; to end these: sluice quarantine dismiss --stream ${slice.connector}.${slice.stream}`,
  )
}
