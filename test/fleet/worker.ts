import { load, openApp, startEngine } from '../../src/app/app.ts'
import { sourcesOf, type Wishes } from './connector.ts'

/** What a worker process is told in its only argument; the rest comes by the environment, as for every Sluice. */
export type Orders = { url: string; folder: string; wishes: Wishes }

/**
 * A worker of the fleet: an engine of the imitated vendor in a process of its own. Prints its log, one line of JSON each,
 * the first of them once it works. Ends on SIGTERM.
 */
const { url, folder, wishes }: Orders = JSON.parse(process.argv[2] ?? '')
const log = (level: string, message: string) =>
  void process.stdout.write(`${JSON.stringify({ at: Date.now(), level, message })}\n`)

const app = await openApp(await load({ folder, env: process.env }), log, 'never')
const running = await startEngine({ ...app, sources: sourcesOf(url, wishes) }, log, ['worker'])
process.once('SIGTERM', async () => {
  await running.stop()
  await app.close()
})
log('info', 'works')
