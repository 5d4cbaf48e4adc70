import type { Clock } from '../core/clock.ts'
import { Misuse } from '../core/failure.ts'
import type { Part } from '../core/part.ts'
import { sliceText, standing } from '../core/run.ts'
import { newborn, type Source, sliceOf } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'
import { countedOf } from '../db/counts.ts'
import {
  countAgainst,
  dropNewborn,
  holdBoth,
  makeNursery,
  replaceList,
  replaceRows,
  type Stock,
  takeLedgers,
} from '../db/generations.ts'
import { restartRuns } from '../db/orphans.ts'
import { latestOfSpan } from '../db/runs.ts'
import { lockPlans } from '../db/slices.ts'
import type { Sql, Store } from '../db/store.ts'
import { describe } from '../db/table.ts'

/** A new generation with fewer than this share of the rows in use looks as if something were wrong with it. */
const least = 0.9

/** What a swap came to: how many rows were in use before and are now, and where those that were replaced are kept. */
export type Swap = { before: number; after: number; kept: string }

/**
 * Makes ready to load a stream anew beside what is in use. What was loaded by an earlier attempt is gone on with, unless
 * `afresh`.
 * @throws Misuse for a stream that is derived from others, and for one that another one begins with and goes on from
 */
export async function prepareNewborn(store: Store, source: Source, part: Part, afresh = false): Promise<void> {
  const { connector, stream } = source
  if (isDerived(stream)) {
    const advice = `derive it anew with: sluice normalize ${connector.name}.${stream.name} --all`
    throw new Misuse('not-replayable', `${connector.name}.${stream.name} is made of other rows; ${advice}`)
  }
  const heir = connector.streams.find(({ begins }) => begins === stream.name)
  if (heir) {
    const reason = `${connector.name}.${heir.name} goes on with its rows, and what that has changed would be lost`
    throw new Misuse('not-replayable', `${connector.name}.${stream.name} cannot be loaded beside itself: ${reason}`)
  }
  const young = newborn(source)
  await store.transaction(async tx => {
    await lockPlans(tx, sliceOf(source, {}))
    await makeNursery(tx, stream.table, young.stream.table)
    if (afresh) await dropNewborn(tx, sliceOf(young, part), await stockOf(tx, young, part))
  })
}

/**
 * Puts a new generation in the place of the one in use, in one transaction: its rows, and all that is known of them. What
 * others have collected meanwhile is asked for again from where the new generation ends. Nothing is lost: rows that are
 * replaced are kept in a table of their own.
 * @throws Misuse `new-incomplete` when its load has not ended in success, `new-smaller` when it has suspiciously few rows
 */
export async function swapNewborn(
  { store, clock }: { store: Store; clock: Clock },
  source: Source,
  part: Part,
  acceptsFewer: boolean,
): Promise<Swap> {
  const [slice, young] = [sliceOf(source, part), newborn(source)]
  const theirs = sliceOf(young, part)
  const day = (await clock.now()).toISOString().slice(0, 10)
  return store.transaction(async tx => {
    await holdBoth(tx, slice, theirs)
    const run = await latestOfSpan(tx, theirs, standing)
    if (run?.state !== 'success') throw incomplete(sliceText(slice), run?.state)
    const [live, fresh] = [await stockOf(tx, source, part), await stockOf(tx, young, part)]
    const isList = source.stream.mode === 'snapshot'
    const [{ rows: before }, { rows: after }] = [
      await countAgainst(tx, live, fresh.table, isList),
      await countAgainst(tx, fresh, live.table, isList),
    ]
    if (after < before * least && !acceptsFewer) throw smaller(sliceText(slice), before, after)
    const name = `${source.connector.name}_${source.stream.name}_${day}_${run.id}`
    const kept = await (isList ? replaceList : replaceRows)(tx, live, fresh.table, name)
    await takeLedgers(tx, slice, theirs)
    await restartRuns(tx, slice, 'the stream was loaded anew')
    await dropNewborn(tx, theirs, fresh)
    return { before, after, kept }
  })
}

async function stockOf(sql: Sql, { stream, account }: Source, part: Part): Promise<Stock> {
  const table = await describe(sql, stream)
  return { ...countedOf(table, part, account), columns: table.columns.map(({ name }) => name), key: stream.key }
}

function incomplete(name: string, state = 'not begun'): Misuse {
  const text = `${name}: the new generation is ${state}, and only a complete one takes the place of what is in use`
  return new Misuse('new-incomplete', `${text}; run the same command again to go on with it`)
}

function smaller(name: string, before: number, after: number): Misuse {
  const text = `${name}: the new generation has ${after} rows where ${before} are in use, which were left as they are`
  const advice = 'The vendor may no longer have the older ones. To take it all the same, add --accept-fewer'
  return new Misuse('new-smaller', `${text}. ${advice}; what is replaced is kept in a table of its own`)
}
