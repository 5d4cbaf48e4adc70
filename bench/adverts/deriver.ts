import { keepSmall } from '../../bin/heap.js'
import { load, openApp, startEngine } from '../../src/app/app.ts'
import { connectors } from '../../src/connectors/index.ts'
import type { Run } from '../../src/core/run.ts'
import type { Source } from '../../src/core/source.ts'
import { follow } from '../../src/engine/follow.ts'
import { plan } from '../../src/engine/plan.ts'
import { type Blocks, peakMb, watchLoop } from '../process.ts'

/** What it took to make rows of everything, from the plan to the last commit. */
export type Derived = Blocks & { runs: Run[]; seconds: number; cpuSeconds: number; rssMb: number }

/**
 * The real engine in a process of its own, with the heap that the program has. It normalises the adverts whenever its parent
 * says so, and ends when its parent lets go of it.
 */
keepSmall()
const [home = ''] = process.argv.slice(2)
const note = (level: string, message: string) => {
  if (level === 'warn' || level === 'error') process.stderr.write(`${message}\n`)
}
const app = await openApp(await load({ folder: home, env: { SLUICE_HOME: home } }), note)
const source = sourceOf()
const { engine, stop } = await startEngine({ ...app, sources: [source] }, note, ['worker'])

process.on('message', async () => void process.send!(await derive()))
process.on('disconnect', async () => {
  await stop()
  await app.close()
})
process.send!('ready')

async function derive(): Promise<Derived> {
  const loop = watchLoop()
  const before = process.cpuUsage()
  const began = performance.now()
  const planned = await plan(engine, { source, parts: [{}], cause: 'sync' })
  const runs = await follow(engine, planned.runs, () => undefined)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  return { runs, seconds, cpuSeconds: (user + system) / 1e6, rssMb: peakMb(), ...loop.stop() }
}

function sourceOf(): Source {
  const connector = connectors.find(({ name }) => name === 'che168')!
  const stream = connector.streams.find(({ name }) => name === 'adverts')!
  return {
    ...{ connector, stream, account: 'main', credentials: {}, baseUrl: '' },
    settings: connector.options.parse({}),
    options: stream.options.parse({}),
  }
}
