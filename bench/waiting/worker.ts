import { setTimeout as sleep } from 'node:timers/promises'
import { keepSmall } from '../../bin/heap.js'
import { load, openApp, startEngine } from '../../src/app/app.ts'
import { adopt, wake } from '../../src/engine/tend.ts'

/** What a process that works and tends holds after a while (MB, after a collection), and what one beat of it takes (ms). */
export type Held = { rssMb: number; heapMb: number; beatMs: number }

/** How long it tends before it is looked at (ms), and how many beats are timed then. */
const [span, beats] = [15_000, 200]

keepSmall()
const [home = ''] = process.argv.slice(2)
const app = await openApp(await load({ folder: home, env: { SLUICE_HOME: home } }), () => undefined)
const { engine, stop } = await startEngine(app, () => undefined, ['worker'])
await sleep(span)
global.gc!()
const { rss, heapUsed } = process.memoryUsage()
const began = performance.now()
for (let beat = 0; beat < beats; beat++) {
  await adopt(engine)
  await wake(engine)
}
const beatMs = (performance.now() - began) / beats
process.send!({ rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, beatMs } satisfies Held)
process.on('disconnect', async () => {
  await stop()
  await app.close()
})
