import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { countOf } from './count.ts'
import type { RuleName } from './rules.ts'

/**
 * A vendor that enforces one rule, in a process of its own. It answers `{}` or 429, tells its parent where it listens, and,
 * when asked, everything that has arrived.
 */
export type Arrival = { at: number; process: string; lane: string; answered: boolean }

const [name = ''] = process.argv.slice(2)
const isWithin = countOf(name as RuleName)
const arrivals: Arrival[] = []

const server = createServer(({ url = '/' }, answer) => {
  const at = performance.timeOrigin + performance.now()
  const answered = isWithin(at)
  const query = new URL(url, 'http://vendor').searchParams
  arrivals.push({ at, process: query.get('process')!, lane: query.get('lane')!, answered })
  const headers = { 'content-type': 'application/json', 'content-length': '2', 'retry-after': '1' }
  answer.writeHead(answered ? 200 : 429, headers).end('{}')
})

process.on('message', () => void process.send!(arrivals))
process.on('disconnect', () => {
  server.close()
  server.closeAllConnections()
})
server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
