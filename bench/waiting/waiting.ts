import { fileURLToPath } from 'node:url'
import type { App } from '../../src/app/app.ts'
import type { Sql } from '../../src/db/store.ts'
import { type Bench, type Figure, median } from '../bench.ts'
import { forkOnce } from '../fork.ts'
import { inTemporaryHome } from '../home.ts'
import type { Held } from './worker.ts'

/** How many runs wait, each of a part of its own. */
const count = 10_000
const rounds = 3

/** Beats in a second (src/engine/tend.ts). */
const pace = 4

/**
 * What runs that wait cost: a worker process with an empty table of runs and with 10,000 that wait for tomorrow, turn by
 * turn on one database, each time a new process. A run that waits is a row and nothing else, so the process should not
 * grow; what is left is the statements that look four times a second whether one is due.
 */
export const waiting: Bench = {
  about: 'a worker with 10,000 waiting runs against one with none: memory, and the cost of looking',
  measure: note => inTemporaryHome(note, (app, home) => measure(app, home, note)),
}

async function measure({ store }: App, home: string, note: (line: string) => void): Promise<Figure[]> {
  const turns: { none: Held; many: Held }[] = []
  for (let round = 1; round <= rounds; round++) {
    await store.query('truncate sluice.runs')
    const none = await look(home)
    await fill(store)
    const many = await look(home)
    await check(store)
    turns.push({ none, many })
    note(`round ${round}: RSS ${none.rssMb.toFixed(1)} MB without, ${many.rssMb.toFixed(1)} MB with waiting runs`)
  }
  return figures(turns)
}

/** Runs as a worker leaves them that was throttled. */
async function fill(sql: Sql): Promise<void> {
  await sql.query(
    `insert into sluice.runs (connector, account, stream, part, span, cause, state, reason, due_at, from_at, position,
       planned_at, updated_at)
     select 'binance', 'public', 'candles', jsonb_build_object('symbol', 'S' || n, 'interval', '1m'), 'now', 'schedule',
       'waiting', 'throttled', sluice.now() + interval '1 day', sluice.now(), sluice.now(), sluice.now(), sluice.now()
     from generate_series(1, $1::int) as n`,
    [count],
  )
  await sql.query('analyze sluice.runs')
}

/** @throws when not all of them still wait: then something else was measured. */
async function check(sql: Sql): Promise<void> {
  const [row] = await sql.query<{ left: number }>(
    `select count(*)::int as left from sluice.runs where state = 'waiting'`,
  )
  if (row!.left !== count) throw new Error(`only ${row!.left} of ${count} runs still wait`)
}

/** Starts a worker and sees what it holds and takes. */
function look(home: string): Promise<Held> {
  return forkOnce(fileURLToPath(import.meta.resolve('./worker.ts')), [home], ['--expose-gc'])
}

function figures(turns: readonly { none: Held; many: Held }[]): Figure[] {
  const rows = [
    ['rssMb', 'memory (RSS)', 'MB', 1],
    ['heapMb', 'heap', 'MB', 1],
    ['beatMs', 'waking and adopting, in each second', 'ms', pace],
  ] as const
  return rows.flatMap(([key, title, unit, times]) => {
    const middle = (measure: (turn: { none: Held; many: Held }) => number) => median(turns.map(measure)) * times
    return [
      { title: `${title}: none waiting`, value: middle(({ none }) => none[key]), unit, key: `${key}None` },
      { title: `${title}: ${count.toLocaleString('en')}`, value: middle(({ many }) => many[key]), unit, key },
      {
        title: `${title}: difference`,
        value: middle(({ none, many }) => many[key] - none[key]),
        unit,
        key: `${key}More`,
      },
    ]
  })
}
