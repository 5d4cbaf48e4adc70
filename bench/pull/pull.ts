import { fileURLToPath } from 'node:url'
import type { App } from '../../src/app/app.ts'
import { makePartitions } from '../../src/db/partitions.ts'
import { type Bench, type Figure, median } from '../bench.ts'
import { forkOf } from '../fork.ts'
import { inTemporaryHome } from '../home.ts'
import { copyAll, encodeCopy, insertRowByRow } from './baselines.ts'
import { from, rowCount, to } from './load.ts'
import type { Pulled } from './puller.ts'
import { type Content, clear, contentOf } from './table.ts'
import { truthOf } from './truth.ts'
import { startVendor } from './vendor.ts'

type Note = (line: string) => void

/** All three take turns and are compared turn by turn, so that a machine that grows slower does so for all. */
const rounds = 5

/** Row by row is slow: a sample in each round says how slow. */
const sample = 2_000

/**
 * How fast pages become rows: 500,000 candles in pages of 1,000 over loopback HTTP, through queue, limiter, checks,
 * checkpoint and coverage, into an embedded store as users have it; against the same rows copied into the same table.
 */
export const pull: Bench = {
  about: 'pages of 1,000 over HTTP, checked and committed, against COPY and against single inserts',
  measure: note => inTemporaryHome(note, (app, home) => compare(app, home, note)),
}

async function compare(app: App, home: string, note: Note): Promise<Figure[]> {
  const vendor = await startVendor()
  const program = fileURLToPath(import.meta.resolve('./puller.ts'))
  const puller = await forkOf<Pulled>(program, [home, vendor.url]).catch(async error => {
    await vendor.stop()
    throw error
  })
  try {
    note(`making ${rowCount.toLocaleString('en')} rows`)
    const rows = truthOf(vendor.world)
    return await measure({ app, rows, pull: puller.measure, note })
  } finally {
    await puller.stop()
    await vendor.stop()
  }
}

type Bed = { app: App; rows: string[][]; pull(): Promise<Pulled>; note: Note }

async function measure({ app, rows, pull, note }: Bed): Promise<Figure[]> {
  const { store } = app
  const pieces = encodeCopy(rows)
  await makePartitions(store, 'binance.candles', 'timestamp', { from, to })
  const turns: Turn[] = []
  for (let round = 0; round <= rounds; round++) {
    await clear(store)
    const seconds = await copyAll(store.connection, pieces)
    const truth = await contentOf(store)
    await clear(store)
    const outcome = await pull()
    check(outcome, await contentOf(store), truth)
    note(`${round === 0 ? 'warming up' : `round ${round}`}: copy ${speed(seconds)}, pull ${speed(outcome.seconds)}`)
    await clear(store)
    const singleSeconds = (await insertRowByRow(store.connection, rows.slice(0, sample))) * (rowCount / sample)
    if (round > 0) turns.push({ ...outcome, copySeconds: seconds, singleSeconds })
  }
  return figures(turns)
}

/** How long one round took for all rows, in each of the three ways. */
type Turn = Pulled & { copySeconds: number; singleSeconds: number }

/** @throws when the pull left out anything, or wrote anything that is not the vendor's truth. */
function check({ runs }: Pulled, content: Content, truth: Content): void {
  const failed = runs.find(({ state }) => state !== 'success')
  if (failed) throw new Error(`a run ended as ${failed.state}: ${failed.error ?? failed.warning}`)
  if (truth.rows !== rowCount) throw new Error(`the copied table holds ${truth.rows} rows, not ${rowCount}`)
  if (content.rows !== truth.rows || content.checksum !== truth.checksum) {
    throw new Error(`the pulled table is not the vendor's: ${JSON.stringify(content)}, not ${JSON.stringify(truth)}`)
  }
}

function figures(turns: readonly Turn[]): Figure[] {
  const middle = (measure: (turn: Turn) => number) => median(turns.map(measure))
  const pull = rowCount / middle(({ seconds }) => seconds)
  const copy = rowCount / middle(({ copySeconds }) => copySeconds)
  const single = rowCount / middle(({ singleSeconds }) => singleSeconds)
  const copyRatio = middle(({ seconds, copySeconds }) => copySeconds / seconds)
  const rowRatio = middle(({ seconds, singleSeconds }) => singleSeconds / seconds)
  const cpu = middle(({ cpuSeconds }) => cpuSeconds)
  return [
    { title: 'pull', value: pull, unit: 'rows/s', key: 'rowsPerSecond' },
    { title: 'copy', value: copy, unit: 'rows/s' },
    { title: 'row by row', value: single, unit: 'rows/s' },
    { title: 'pull / copy', value: copyRatio, unit: '', key: 'copyRatio', goal: { least: 0.5 } },
    { title: 'pull / row by row', value: rowRatio, unit: '', key: 'rowRatio', goal: { least: 20 } },
    { title: 'memory (peak RSS)', value: turns.at(-1)!.peakMb, unit: 'MB', key: 'peakMb', goal: { most: 250 } },
    { title: 'processor time of the pull', value: cpu, unit: 's' },
  ]
}

function speed(seconds: number): string {
  return `${Math.round(rowCount / seconds).toLocaleString('en')} rows/s`
}
