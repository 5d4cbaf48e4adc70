import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { App } from '../../src/app/app.ts'
import { migrate } from '../../src/db/migrations.ts'
import { type Bench, type Figure, median } from '../bench.ts'
import { forkOnce } from '../fork.ts'
import { inTemporaryHome } from '../home.ts'
import { serveOrders } from '../reader/answer.ts'
import { orderCount } from '../reader/orders.ts'
import { connector } from './stream.ts'
import type { Taken } from './taker.ts'

const rounds = 3

type Note = (line: string) => void

/**
 * One answer of 80,000 orders from the wire to committed rows, each with its raw record, by the engine in a process of its
 * own and an embedded store as users have it: how long its main thread is ever held, and how much memory it takes. First
 * into an empty table, then once more over the same rows.
 */
export const large: Bench = {
  about: 'an answer of 80,000 orders from the wire to rows: blocking, memory, time',
  measure: note => inTemporaryHome(note, (app, home) => compare(app, home, note)),
}

async function compare({ store }: App, home: string, note: Note): Promise<Figure[]> {
  const server = await serveOrders()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await migrate(store, [{ name: connector.name, folder: connector.migrations }])
  const [fresh, again]: Taken[][] = [[], []]
  try {
    for (let round = 1; round <= rounds; round++) {
      await store.query('truncate bench.orders')
      await store.query(`delete from sluice.checkpoints where connector = 'bench'`)
      await store.query(`delete from sluice.coverage where connector = 'bench'`)
      fresh!.push(await take(home, url, orderCount))
      again!.push(await take(home, url, 0))
      note(`round ${round}: new ${told(fresh!.at(-1)!)}; again ${told(again!.at(-1)!)}`)
    }
  } finally {
    server.close()
  }
  return [...figures(fresh!, 'new', ''), ...figures(again!, 'again', 'again')]
}

/** @throws when not every record arrived. */
async function take(home: string, url: string, inserted: number): Promise<Taken> {
  const taken = await forkOnce<Taken>(fileURLToPath(import.meta.resolve('./taker.ts')), [home, url])
  const isRight = taken.state === 'success' && taken.records === orderCount && taken.inserted === inserted
  if (!isRight) throw new Error(`not all of it arrived: ${JSON.stringify(taken)}`)
  return taken
}

function told({ seconds, late, busy, rssMb }: Taken): string {
  return `${seconds.toFixed(2)} s, blocks ${late.toFixed(1)} ms (${busy.toFixed(1)} busy), ${rssMb.toFixed(0)} MB`
}

/** What must never be exceeded is told as its worst, what compares as its median. */
function figures(taken: readonly Taken[], title: string, key: string): Figure[] {
  const worst = (of: (each: Taken) => number) => Math.max(...taken.map(of))
  const named = (name: string) => (key ? `${key}${name[0]!.toUpperCase()}${name.slice(1)}` : name)
  const rate = orderCount / median(taken.map(({ seconds }) => seconds))
  return [
    {
      title: `longest block, ${title}`,
      value: worst(({ late }) => late),
      unit: 'ms',
      key: named('longestBlockMs'),
      goal: { most: 50 },
    },
    { title: `of processor time, ${title}`, value: worst(({ busy }) => busy), unit: 'ms', key: named('busyBlockMs') },
    {
      title: `memory (peak RSS), ${title}`,
      value: worst(({ rssMb }) => rssMb),
      unit: 'MB',
      key: named('rssMb'),
      goal: { most: 250 },
    },
    { title: `rows, ${title}`, value: rate, unit: 'rows/s', key: named('rowsPerSecond') },
  ]
}
