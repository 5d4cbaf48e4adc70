import type { Clock } from '../core/clock.ts'
import { Misuse } from '../core/failure.ts'
import type { Part } from '../core/part.ts'
import { rangeText } from '../core/range.ts'
import { type Slice, sliceText, standing } from '../core/run.ts'
import { newborn, type Source, sliceOf } from '../core/source.ts'
import { isDerived, isRanged } from '../core/stream.ts'
import { resolve } from '../db/alerts.ts'
import { readProven } from '../db/chains.ts'
import { countedOf } from '../db/counts.ts'
import { readCoverage } from '../db/coverage.ts'
import {
  countAgainst,
  countBrought,
  dropNewborn,
  forgetNewborns,
  holdBoth,
  makeNursery,
  replaceList,
  replaceRows,
  type Stock,
  takeLedgers,
} from '../db/generations.ts'
import { restartRuns } from '../db/orphans.ts'
import { makePartitions } from '../db/partitions.ts'
import { lift } from '../db/pauses.ts'
import { countBad } from '../db/quarantine.ts'
import { latestOfSpan } from '../db/runs.ts'
import { readSkipped } from '../db/skipped.ts'
import { lockPlans } from '../db/slices.ts'
import type { Sql, Store } from '../db/store.ts'
import { describe } from '../db/table.ts'
import { unended } from './plan.ts'

/**
 * A list that lacks more than this share of the rows in use looks as if something were wrong with it. Of other streams no row goes
 * away by itself: what a new generation lacks the vendor has forgotten, and nobody can ask for it again.
 */
const most = 0.1

/**
 * What a swap came to: how many rows were in use before and are now, how many of those before are lacking now (as many as others have
 * brought since the load began are asked for again, and are not), and where those that were replaced are kept.
 */
export type Swap = { before: number; after: number; lacking: number; kept: string }

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
    if (await makeNursery(tx, stream.table, young.stream.table)) await forgetNewborns(tx, sliceOf(young, part))
    if (afresh) await dropNewborn(tx, sliceOf(young, part), await stockOf(tx, young, part))
  })
}

/**
 * Puts a new generation in the place of the one in use, in one transaction: its rows, and all that is known of them. What
 * others have collected meanwhile is asked for again from where the new generation ends. Nothing is lost: rows that are
 * replaced are kept in a table of their own. A pause of the stream is lifted, as by any success that was asked for by hand.
 * @throws Misuse `new-incomplete` when its load has not ended in success or lacks something, `new-smaller` when it lacks rows
 * that are in use; of a list, more than it may
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
  await makeRoom(store, source, theirs)
  return store.transaction(async tx => {
    await holdBoth(tx, slice, theirs)
    const run = await latestOfSpan(tx, theirs, standing)
    if (run?.state !== 'success') throw incomplete(sliceText(slice), run?.state)
    await refuseLacking(tx, slice, theirs)
    const [live, fresh] = [await stockOf(tx, source, part), await stockOf(tx, young, part)]
    const isList = source.stream.mode === 'snapshot'
    const { rows: before, lacking: absent } = await countAgainst(tx, live, fresh.table, isList)
    const { rows: after } = await countAgainst(tx, fresh, live.table, isList)
    const later = isList ? 0 : await countBrought(tx, slice, run.startedAt!)
    const swap = { before, after, lacking: Math.max(0, absent - later) }
    if (swap.lacking > (isList ? before * most : 0) && !acceptsFewer) throw smaller(sliceText(slice), swap)
    const name = `${source.connector.name}_${source.stream.name}_${day}_${run.id}`
    const kept = await (isList ? replaceList : replaceRows)(tx, live, fresh.table, name)
    await takeLedgers(tx, slice, theirs)
    await restartRuns(tx, slice, 'the stream was loaded anew')
    await lift(tx, slice, 'with its stream')
    await resolve(tx, `run ${JSON.stringify(slice)}`)
    await dropNewborn(tx, theirs, fresh)
    return { ...swap, kept }
  })
}

/** The new generation may reach further back than what is in use ever did, and so into partitions that are not there yet. */
async function makeRoom(store: Store, { stream }: Source, theirs: Slice): Promise<void> {
  if (!isRanged(stream) || !stream.partition) return
  const covered = await readCoverage(store, theirs)
  for (const range of covered) await makePartitions(store, stream.table, stream.partition.by, range)
}

async function stockOf(sql: Sql, { stream, account }: Source, part: Part): Promise<Stock> {
  const table = await describe(sql, stream)
  return { ...countedOf(table, part, account), columns: table.columns.map(({ name }) => name), key: stream.key }
}

function incomplete(name: string, state = 'not begun'): Misuse {
  const text = `${name}: the new generation is ${state}, and only a complete one takes the place of what is in use`
  return new Misuse('new-incomplete', `${text}; run the same command again to go on with it`)
}

/** A later run of the same load can be a success and not bring what an earlier one had to leave out. */
async function refuseLacking(tx: Sql, slice: Slice, theirs: Slice): Promise<void> {
  const [bad, skipped] = [await countBad(tx, theirs), await readSkipped(tx, theirs)]
  if (skipped.length > 0) throw incomplete(sliceText(slice), `without ${skipped.length} of its pages`)
  if ((await readProven(tx, theirs)).some(({ complete }) => !complete))
    throw incomplete(sliceText(slice), 'not at its end')
  const [range] = await unended(tx, theirs)
  if (range) throw incomplete(sliceText(slice), `not complete in ${rangeText(range)}`)
  if (bad === 0) return
  const stream = `--stream ${theirs.connector}.${theirs.stream}`
  const text = `${sliceText(slice)}: ${bad} records of the new generation are in quarantine, and what is in use stays`
  const advice = `Once they can be read: sluice quarantine replay ${stream}; to do without them: sluice quarantine dismiss ${stream}`
  throw new Misuse('new-incomplete', `${text}. ${advice}; then run the same command again`)
}

function smaller(name: string, { before, after, lacking }: Omit<Swap, 'kept'>): Misuse {
  const counts = `has ${after} rows where ${before} are in use, and lacks ${lacking} of those`
  const text = `${name}: the new generation ${counts}; they were left as they are`
  const advice = 'The vendor may no longer have the older ones. To take it all the same, add --accept-fewer'
  return new Misuse('new-smaller', `${text}. ${advice}; what is replaced is kept in a table of its own`)
}
