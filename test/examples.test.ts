import { execFile } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { imitateBinance } from '../src/sim/binance/exchange.ts'
import { serve } from '../src/sim/serve.ts'
import { setupDatabase } from './setup/database.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** A copy of the examples, an imitated exchange and a database of their own; commands run there as their reader types them. */
async function setup(signal: AbortSignal) {
  const listed = Date.UTC(2017, 7, 17, 4)
  const outages = [{ from: Date.UTC(2025, 0, 5, 2), to: Date.UTC(2025, 0, 5, 5) }]
  const symbols = ['BTCUSDT', 'ETHUSDT'].map(symbol => ({ symbol, listed }))
  const vendor = await serve(imitateBinance({ symbols, outages }))
  const { connection } = await setupDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-examples-'))
  cpSync(join(root, 'examples'), folder, { recursive: true })
  onTestFinished(async () => {
    await vendor.close()
    rmSync(folder, { recursive: true })
  })
  const { host, port, user, password, database } = connection
  const url = `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`
  const env = { PATH: process.env.PATH, DATABASE_URL: url, BINANCE_BASE_URL: vendor.url, node: process.execPath, root }
  const type = async (line: string, where: string) => {
    const script = `sluice() { "$node" "$root/bin/sluice.js" "$@"; }; ${line.replaceAll('npx sluice', 'sluice')}`
    return (await run('bash', ['-c', script], { cwd: join(folder, where), env, signal })).stdout
  }
  return { folder, type }
}

/** The lines of a page's `sh` blocks. */
function linesOf(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!)
  return blocks.flatMap(block => block.trim().split('\n'))
}

test('the commands of the example to collect candles work as its page tells them, and so does every query', {
  timeout: 180_000,
}, async ({ signal }) => {
  const { folder, type } = await setup(signal)
  const example = 'collect-candles'
  const lines = linesOf(readFileSync(join(folder, example, 'README.md'), 'utf8'))
  expect(lines.length).toBeGreaterThan(3)
  for (const line of lines) await type(line, example)

  const counts = await type(
    `npx sluice sql --json "select symbol, interval, count(*)::int from binance.candles group by 1, 2 order by 1, 2"`,
    example,
  )
  const hours = 31 * 24 - 3
  expect(JSON.parse(counts)).toEqual([
    { symbol: 'BTCUSDT', interval: '1d', count: 31 },
    { symbol: 'BTCUSDT', interval: '1h', count: hours },
    { symbol: 'ETHUSDT', interval: '1d', count: 31 },
    { symbol: 'ETHUSDT', interval: '1h', count: hours },
  ])

  const queries = globSync('queries/*.sql', { cwd: folder })
  expect(queries.length).toBeGreaterThan(2)
  for (const query of queries) await type(`npx sluice sql --json < ${query}`, dirname('.'))
  const days = JSON.parse(await type('npx sluice sql --json < queries/daily-summary.sql', '.'))
  expect(days).toHaveLength(62)
  expect(days[4]).toMatchObject({ symbol: 'BTCUSDT', day: '2025-01-05T00:00:00Z', hours: '21' })
  expect(JSON.parse(await type('npx sluice sql --json < queries/holes.sql', '.'))).toHaveLength(2)
})
