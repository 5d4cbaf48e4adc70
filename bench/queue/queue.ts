import type { App } from '../../src/app/app.ts'
import { type Bench, type Figure, median } from '../bench.ts'
import { inTemporaryHome } from '../home.ts'
import { byHand, nothing, openBare } from './bare.ts'
import { openEngine } from './engine.ts'
import { makeTables, rowsOf, world } from './ticks.ts'
import type { Way } from './way.ts'

/** Runs handed over at once, and runs handed over one by one, in each round. */
const [runs, singles] = [300, 100]
const rounds = 3

/**
 * What a run costs beside the job that moves it. 300 runs, each of which asks for one page of one record from a vendor
 * that answers at once in this process, are done in three ways, turn by turn on one database and with as many workers:
 *
 * - engine: planned, queued, claimed, begun, asked, checked, committed, concluded, as `sluice up` does it
 * - bare: the queue library by way of the same thin file (src/db/queue.ts), and jobs that do nothing: what no engine on
 *   it can fall below. A wait of the library between two jobs is in all three alike
 * - by hand: the queue library, and jobs that ask the same page and store row and checkpoint in one transaction: what
 *   people write who need none of the engine's promises (limits, fences, coverage, a verdict, a history of runs)
 *
 * All are timed from before the hand-over to the end of the last run. The times until a run is claimed are of
 * runs handed over one by one while nothing else happens: the engine's from before it plans to the claim in the
 * database, the library's from before its insert to the start of the job's handler.
 */
export const queue: Bench = {
  about: 'runs of one tiny page through the engine, against bare jobs and jobs written by hand',
  measure: note => inTemporaryHome(note, app => measure(app, note)),
}

async function measure(app: App, note: (line: string) => void): Promise<Figure[]> {
  await makeTables(app.store)
  const turns: Turn[] = []
  for (let round = 0; round <= rounds; round++) {
    const turn = await turnOf(app)
    const [engine, bare, hand] = [turn.engine, turn.bare, turn.hand].map(({ each }) => each.toFixed(2))
    note(`${round === 0 ? 'warming up' : `round ${round}`}: engine ${engine}, bare ${bare}, by hand ${hand} ms a run`)
    if (round > 0) turns.push(turn)
  }
  return figures(turns)
}

/** How long each of many runs took (ms), and how long single ones waited for a worker (ms). */
type Took = { each: number; waits: number[] }

type Turn = { engine: Took; bare: Took; hand: Took }

async function turnOf(app: App): Promise<Turn> {
  const { chore, close } = byHand(app)
  const bare = await timed(app, () => openBare(app, nothing), false)
  const hand = await timed(app, () => openBare(app, chore), true).finally(close)
  const engine = await timed(app, () => openEngine(app), true)
  return { engine, bare, hand }
}

/** @throws when rows that ought to be there are not. */
async function timed({ store }: App, open: () => Promise<Way>, stores: boolean): Promise<Took> {
  await store.query('truncate bench.ticks')
  await store.query('checkpoint')
  const way = await open()
  try {
    world.hours++
    const each = (await way.load(runs)) / runs
    const rows = await rowsOf(store)
    if (rows !== (stores ? runs : 0)) throw new Error(`there are ${rows} rows after ${runs} runs`)
    const waits: number[] = []
    for (let at = 0; at < singles; at++) {
      world.hours++
      waits.push(await way.latency())
    }
    return { each, waits }
  } finally {
    await way.close()
  }
}

function figures(turns: readonly Turn[]): Figure[] {
  const middle = (measure: (turn: Turn) => number) => median(turns.map(measure))
  const engine = middle(turn => turn.engine.each)
  const bare = middle(turn => turn.bare.each)
  const hand = middle(turn => turn.hand.each)
  const overhead = middle(turn => turn.engine.each - turn.bare.each)
  const [claims, starts] = [turns.flatMap(turn => turn.engine.waits), turns.flatMap(turn => turn.bare.waits)]
  return [
    { title: 'engine, a run', value: engine, unit: 'ms', key: 'engineMs' },
    { title: 'bare, a job that does nothing', value: bare, unit: 'ms', key: 'bareMs' },
    { title: 'by hand, a job that stores one row', value: hand, unit: 'ms', key: 'handMs' },
    { title: 'engine - bare', value: overhead, unit: 'ms', key: 'overheadMs' },
    { title: 'engine / bare', value: middle(turn => turn.engine.each / turn.bare.each), unit: '', key: 'bareRatio' },
    { title: 'engine / by hand', value: middle(turn => turn.engine.each / turn.hand.each), unit: '', key: 'handRatio' },
    { title: 'planned to claimed, median', value: median(claims), unit: 'ms', key: 'claimMs' },
    { title: 'planned to claimed, p99', value: late(claims), unit: 'ms', key: 'claimP99Ms' },
    { title: 'sent to handled, median', value: median(starts), unit: 'ms', key: 'startMs' },
    { title: 'sent to handled, p99', value: late(starts), unit: 'ms', key: 'startP99Ms' },
  ]
}

/** The time that one in a hundred exceeds. */
function late(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1]!
}
