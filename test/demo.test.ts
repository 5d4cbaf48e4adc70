import { existsSync } from 'node:fs'
import { chmod, cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linesOf, run, setupFolder, start, until } from './setup/sluice.ts'

const root = join(import.meta.dirname, '..')
type Summary = { state: string; runs: { part: { symbol: string }; records: number; state: string }[] }
type Status = { parts: { rows: number; holes: number }[]; alerts: object[] }

/** The value of the line that has this name in it. */
function found<T>(out: string, name: string): T {
  return linesOf(out).find(line => name in line) as T
}

it('demo --once loads everything, tells a summary and ends with 0, in a clone that only its user can enter', async () => {
  const clone = await setupFolder()
  for (const name of ['bin', 'src', 'package.json']) await cp(join(root, name), join(clone, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'))
  await chmod(clone, 0o700)
  const ended = await run(['demo', '--once', '--json'], { folder: clone, bin: join(clone, 'bin/sluice.js') })
  expect(ended.code, ended.err).toBe(0)
  expect(linesOf(ended.out)).toHaveLength(3)
  const summary = found<Summary>(ended.out, 'runs')
  expect(summary.state).toBe('success')
  expect(summary.runs.map(({ part, state }) => [part.symbol, state])).toEqual(
    ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT'].map(symbol => [symbol, 'success']),
  )
  for (const { records } of summary.runs) expect(records).toBeGreaterThan(30 * 1440 - 180)
  expect(found<Status>(ended.out, 'parts').parts).toHaveLength(5)
  expect(found<{ refused: number }>(ended.out, 'refused')).toEqual({ compared: [], refused: 0 })
  expect(ended.err).toMatch(/Progress: 100\.0% \([\d,]+ \/ [\d,]+ records\) \| Speed: [\d,]+ records\/min/)
})

it('the plain demo shows progress and a table, goes on until Ctrl-C, and leaves the rest of the folder alone', async () => {
  const folder = await setupFolder()
  const env = { SYMBOLS: 'NOSUCH', DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing', START_DATE: '1999-01-01' }
  const command = start(['demo'], { folder, env })
  await until('it has loaded everything and goes on', () => command.err().includes('From here on news are collected'))
  expect(command.child.exitCode).toBe(null)
  const { out } = command
  for (const symbol of ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT']) {
    expect(out()).toMatch(new RegExp(`^binance\\.candles +${symbol}/1m +success +[\\d,]+ `, 'm'))
  }
  command.signal('SIGINT')
  const ended = await command.ended
  expect({ code: ended.code, signal: ended.signal }, ended.err).toEqual({ code: 0, signal: null })
  expect(existsSync(join(folder, '.sluice/demo'))).toBe(true)
  expect(existsSync(join(folder, '.sluice/postgres'))).toBe(false)
})
