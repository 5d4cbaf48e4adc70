import { setImmediate as breathe } from 'node:timers/promises'
import type { DerivedStream } from '../core/stream.ts'
import { moveCheckpoint, overtaken } from '../db/checkpoints.ts'
import { countPage } from '../db/held.ts'
import { unflagBeside } from '../db/neighbours.ts'
import { countRaw, peekRaw, type Raw, readRaw, takeRaw } from '../db/origins.ts'
import { keepBad } from '../db/quarantine.ts'
import type { Store, Transaction } from '../db/store.ts'
import { ahead } from './ahead.ts'
import { type Prepared, prepare, type Still, settle, stillOf } from './derive.ts'
import type { Engine } from './engine.ts'
import { isExcess, refuse } from './excess.ts'
import type { Place, Voyage } from './voyage.ts'

/** So many rows are made in one go: the batch that is just written has its next statement wait for no more than that. */
const handful = 4

/** The next rows, and what was made of them before it is their turn. */
type Batch = { raws: Raw[]; prepared: Prepared }

/**
 * Makes rows of everything that nobody has dealt with, batch by batch, each in one transaction: rows made, broken ones in
 * quarantine, flags, counters. While one batch is written, the next one is made and the one behind it is read; what has changed
 * meanwhile is made once more when it is taken hold of. A run that ends in between goes on where the flags say.
 * @throws BadPage when too many are broken; nothing of that batch is kept but some of them as evidence.
 */
export async function normalizeAll(
  { store }: Engine,
  voyage: Voyage,
  stream: DerivedStream,
  signal: AbortSignal,
): Promise<Place> {
  const still = await stillOf(store, voyage, stream)
  await unflagBeside(store, still.origin, still.account)
  const undone = await countRaw(store, still.origin, still.account)
  let place: Place = { ...voyage.place, total: voyage.place.records + undone }
  let fresh = true
  for await (const batch of ahead(made(still, ahead(peeked(store, still))))) {
    signal.throwIfAborted()
    // Rows and flags come and go together: a batch that a crash of the server takes back is made once more.
    const turned = await store.lightly.transaction(tx => turn(store, tx, voyage, still, place, batch, fresh))
    place = turned.place
    fresh &&= turned.isNew
  }
  return place
}

/** Rows that nobody has dealt with, batch by batch in the order of their key; the last batch may be empty. */
async function* peeked(store: Store, { stream, origin, account, options }: Still): AsyncGenerator<Raw[]> {
  const most = stream.size(options)
  let after: readonly string[] | undefined
  for (;;) {
    const raws = await peekRaw(store, origin, { account, after, most })
    yield raws
    if (raws.length < most) return
    after = raws.at(-1)!.key
  }
}

async function* made(still: Still, batches: AsyncIterable<Raw[]>): AsyncGenerator<Batch> {
  for await (const raws of batches) {
    const parts: Prepared[] = []
    for (let at = 0; at < raws.length; at += handful) {
      await breathe()
      parts.push(prepare(still, raws.slice(at, at + handful)))
    }
    yield { raws, prepared: joined(parts) }
  }
}

function joined(parts: readonly Prepared[]): Prepared {
  return {
    made: parts.flatMap(({ made }) => made),
    refused: parts.flatMap(({ refused }) => refused),
    left: parts.flatMap(({ left }) => left),
  }
}

/** Commits a batch. `isNew`: nothing of what was written had been there. */
async function turn(
  store: Store,
  tx: Transaction,
  voyage: Voyage,
  still: Still,
  place: Place,
  batch: Batch,
  fresh: boolean,
): Promise<{ place: Place; isNew: boolean }> {
  const { slice, run } = voyage
  const { version, now } = await moveCheckpoint(tx, slice, {
    ...{ span: run.span, run: run.id, version: place.version, cursor: null, position: place.now },
  })
  const prepared = await held(tx, still, batch)
  const records = prepared.made.length + prepared.refused.length + prepared.left.length
  const { written, bad } = await settle(tx, still, prepared, fresh)
  const seen = { records: place.records + records, broken: place.broken + bad.length }
  const came = { run: run.id, asked: now, answered: now, subjects: [] }
  if (bad.length > 0 && isExcess(voyage, seen)) {
    await refuse(store, voyage, seen, bad, came, 'nothing of this batch was stored')
  }
  await keepBad(tx, slice, bad, came)
  const { inserted, changed, keys } = written
  const gain = { position: now, records, quarantined: bad.length, inserted, changed, total: place.total }
  if (!(await countPage(tx, run, gain))) throw overtaken(slice)
  return { place: { ...place, ...seen, version, now, position: now }, isNew: inserted === keys }
}

/** What was made of the rows that nobody else works on; of those that have changed since, what is made of them now. */
async function held(tx: Transaction, still: Still, { raws, prepared }: Batch): Promise<Prepared> {
  if (raws.length === 0) return prepared
  const { same, changed } = await takeRaw(tx, still.origin, raws)
  const anew = changed.length > 0 ? await readRaw(tx, still.origin, still.account, changed) : []
  const kept: Prepared = {
    made: prepared.made.filter(({ raw }) => same.has(raw)),
    refused: prepared.refused.filter(({ raw }) => same.has(raw)),
    left: prepared.left.filter(raw => same.has(raw)),
  }
  return joined([kept, prepare(still, anew)])
}
