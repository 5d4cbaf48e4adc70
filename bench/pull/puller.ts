import { keepSmall } from '../../bin/heap.js'
import { load, openApp, startEngine } from '../../src/app/app.ts'
import type { Run } from '../../src/core/run.ts'
import type { Source } from '../../src/core/source.ts'
import { follow } from '../../src/engine/follow.ts'
import { plan } from '../../src/engine/plan.ts'
import { peakMb } from '../process.ts'
import { from, symbols, to } from './load.ts'

/**
 * The real engine in a process of its own, started with the heap that the program has, so that its memory and its
 * processor time are its own. It pulls whenever its
 * parent says so, answers with what that took, and ends when its parent lets go of it.
 */
export type Pulled = { runs: Run[]; seconds: number; cpuSeconds: number; peakMb: number }

keepSmall()
const [home = '', vendorUrl = ''] = process.argv.slice(2)
const env = { SLUICE_HOME: home, BINANCE_BASE_URL: vendorUrl, SYMBOLS: symbols.join() }
const note = (level: string, message: string) => {
  if (level === 'warn' || level === 'error') process.stderr.write(`${message}\n`)
}

const app = await openApp(await load({ folder: home, env }), note)
const source = unlimited(app.sources[0]!)
const { engine, stop } = await startEngine({ ...app, sources: [source] }, note, ['worker'])

process.on('message', async () => void process.send!(await pull()))
process.on('disconnect', async () => {
  await stop()
  await app.close()
})
process.send!('ready')

async function pull(): Promise<Pulled> {
  const before = process.cpuUsage()
  const parts = source.stream.parts(source.options)
  const planned = await plan(engine, { source, parts, cause: 'sync', from, to })
  const runs = await follow(engine, planned.runs, () => undefined)
  const { user, system } = process.cpuUsage(before)
  return { runs, seconds: await secondsOf(planned.runs), cpuSeconds: (user + system) / 1e6, peakMb: peakMb() }
}

/** From the planning of the runs to the end of the last one, as the database noted them. */
async function secondsOf(ids: readonly string[]): Promise<number> {
  const [row] = await app.store.query<{ seconds: number }>(
    `select extract(epoch from max(finished_at) - min(planned_at))::float8 as seconds
     from sluice.runs where id = any($1::bigint[])`,
    [ids],
  )
  return row!.seconds
}

/** The limiter counts every request as it always does; its ceiling is never reached, and no minute begins with a wait. */
function unlimited(source: Source): Source {
  const rules = Object.entries(source.connector.limits).map(([name, { settle: _, ...rule }]) => {
    return [name, { ...rule, max: 1_000_000_000 }]
  })
  return { ...source, connector: { ...source.connector, limits: Object.fromEntries(rules) } }
}
