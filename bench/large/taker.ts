import { keepSmall } from '../../bin/heap.js'
import { load, openApp, startEngine } from '../../src/app/app.ts'
import type { Source } from '../../src/core/source.ts'
import { follow } from '../../src/engine/follow.ts'
import { plan } from '../../src/engine/plan.ts'
import { type Blocks, peakMb, watchLoop } from '../process.ts'
import { connector } from './stream.ts'

/** What it took to collect the answer, from the plan to the last commit. */
export type Taken = Blocks & { state: string; records: number; inserted: number; seconds: number; rssMb: number }

/** The real engine in a process of its own, with the heap that the program has; it collects once and tells. */
keepSmall()
const [home = '', url = ''] = process.argv.slice(2)
const note = (level: string, message: string) => {
  if (level === 'warn' || level === 'error') process.stderr.write(`${message}\n`)
}

const app = await openApp(await load({ folder: home, env: { SLUICE_HOME: home } }), note)
const source: Source = {
  connector,
  stream: connector.streams[0]!,
  account: 'public',
  credentials: {},
  baseUrl: url,
  settings: {},
  options: {},
}
const { engine, stop } = await startEngine({ ...app, sources: [source] }, note, ['worker'])
process.send!(await take())
await stop()
await app.close()

async function take(): Promise<Taken> {
  const loop = watchLoop()
  const began = performance.now()
  const planned = await plan(engine, { source, parts: [{}], cause: 'sync' })
  const [run] = await follow(engine, planned.runs, () => undefined)
  const seconds = (performance.now() - began) / 1000
  const { state, records, inserted } = run!
  return { state, records, inserted, seconds, ...loop.stop(), rssMb: peakMb() }
}
