import { keepSmall } from '../../bin/heap.js'
import { load, openApp, startEngine } from '../../src/app/app.ts'
import { connectors } from '../../src/connectors/index.ts'
import type { Run } from '../../src/core/run.ts'
import type { Source } from '../../src/core/source.ts'
import { follow } from '../../src/engine/follow.ts'
import { plan } from '../../src/engine/plan.ts'
import { type Blocks, peakMb, watchLoop } from '../process.ts'

/** What it took to collect everything, from the plan to the last commit. */
export type Collected = Blocks & { runs: Run[]; seconds: number; cpuSeconds: number; rssMb: number }

/**
 * The real engine in a process of its own, with the heap that the program has. It collects the orders of all sellers whenever
 * its parent says so, and ends when its parent lets go of it.
 */
keepSmall()
const wildberries = connectors.find(({ name }) => name === 'wildberries')!
const [home = '', url = '', tokens = '{}'] = process.argv.slice(2)
const note = (level: string, message: string) => {
  if (level === 'warn' || level === 'error') process.stderr.write(`${message}\n`)
}
const app = await openApp(await load({ folder: home, env: { SLUICE_HOME: home } }), note)
const sources = Object.entries(JSON.parse(tokens) as Record<string, string>).map(([account, token]) =>
  sourceOf(account, token),
)
const { engine, stop } = await startEngine({ ...app, sources }, note, ['worker'])

process.on('message', async () => void process.send!(await collect()))
process.on('disconnect', async () => {
  await stop()
  await app.close()
})
process.send!('ready')

async function collect(): Promise<Collected> {
  const loop = watchLoop()
  const before = process.cpuUsage()
  const began = performance.now()
  const planned = await Promise.all(sources.map(source => plan(engine, { source, parts: [{}], cause: 'sync' })))
  const ids = planned.flatMap(({ runs }) => runs)
  const runs = await follow(engine, ids, () => undefined)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  return { runs, seconds, cpuSeconds: (user + system) / 1e6, rssMb: peakMb(), ...loop.stop() }
}

/** The limiter counts every question as it always does; its ceiling is never reached. */
function sourceOf(account: string, token: string): Source {
  const limits = Object.entries(wildberries.limits).map(([name, { settle: _, burst, ...rule }]) => {
    return [name, { ...rule, max: 1_000_000, every: '1s' as const }]
  })
  const connector = { ...wildberries, limits: Object.fromEntries(limits) }
  const stream = connector.streams.find(({ name }) => name === 'orders')!
  const settings = connector.options.parse({})
  return {
    connector,
    stream,
    account,
    credentials: { token },
    baseUrl: url,
    settings,
    options: stream.options.parse({}),
  }
}
