import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makePartitions } from '../../src/db/partitions.ts'
import type { Database } from '../setup/database.ts'
import { jsonOf, linesOf, until } from '../setup/sluice.ts'
import { setup } from './world.ts'

const first = Date.parse('2025-03-10T00:00:00Z')

/** Fills the table of candles with so many minutes, of two symbols in turn. */
async function fill({ store }: Database, rows: number): Promise<void> {
  const to = new Date(first + rows * 60_000)
  await makePartitions(store, 'binance.candles', 'timestamp', { from: new Date(first), to })
  await store.query(
    `insert into binance.candles
     select (array['ETHUSDT', 'BTCUSDT'])[n % 2 + 1], '1m', at, to_timestamp(at / 1000), to_timestamp(at / 1000 + 60) - interval '1 ms',
       n + 0.00000001, n + 2.5, n, n * 1.1, n * 1000.12345678, n * 7, n, 0, 0, true
     from generate_series(1, $1::int) n, lateral (select $2::bigint + n::bigint * 60000 as at) moment`,
    [rows, first],
  )
}

/** Has a command tell at its end how much memory it had at most, in MB. */
const telling = `data:text/javascript,process.on('exit',()=>process.stderr.write('MB:'+process.resourceUsage().maxRSS/1024+'\\n'))`
const memoryOf = (err: string) => Number(/MB:([\d.]+)\n$/.exec(err)?.[1])

it('100,000 rows are all in the file, each as the table has it, and memory does not grow with them', {
  timeout: 180_000,
}, async () => {
  const { sluice, folder, database } = await setup({ env: { NODE_OPTIONS: `--import=${telling}` } })
  await fill(database, 20_000)
  const small = await sluice('export', 'binance.candles', '--output', 'small.ndjson')
  await database.store.query('delete from binance.candles')
  await fill(database, 100_000)
  const large = await sluice('export', 'binance.candles', '--output', 'large.ndjson')
  expect([small.code, large.code]).toEqual([0, 0])

  const size = statSync(join(folder, 'large.ndjson')).size
  const [before, after] = [memoryOf(small.err), memoryOf(large.err)]
  const told = `${(size / 1e6).toFixed(0)} MB; memory ${after.toFixed(0)} MB, with a fifth of it ${before.toFixed(0)} MB`
  process.stdout.write(`export of 100,000 rows: ${told}\n`)
  expect(size).toBeGreaterThan(30_000_000)
  expect(after - before, told).toBeLessThan(40)

  const rows = await database.store.query<Record<string, unknown>>(
    'select * from binance.candles order by symbol, interval, timestamp',
  )
  const lines = linesOf(readFileSync(join(folder, 'large.ndjson'), 'utf8'))
  const isSame = (row: Record<string, unknown>, line: Record<string, unknown>) =>
    Object.keys(row).every(name => {
      const value = row[name]
      return value instanceof Date ? value.getTime() === Date.parse(String(line[name])) : value === line[name]
    })
  expect(lines).toHaveLength(100_000)
  expect(lines.findIndex((line, nth) => !isSame(rows[nth]!, line))).toBe(-1)
})

it('a reader that goes away has seen enough, and a slow one gets everything', async () => {
  const { folder, env, database } = await setup()
  await fill(database, 100_000)
  const sluice = `"${process.execPath}" "${join(import.meta.dirname, '../../bin/sluice.js')}" export binance.candles`
  const shell = (line: string) =>
    execFileSync('bash', ['--norc', '-c', `set -o pipefail; ${line}`], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
    }).toString()
  expect(shell(`${sluice} 2>&1 | head -n 2`).split('\n')[1]).toMatch(
    /^BTCUSDT,1m,1741564860000,2025-03-10T00:01:00Z,2025-03-10T00:01:59\.999Z,1\.00000001,3\.50000000,/,
  )
  expect(shell(`${sluice} | (read line; head -c 1000000 > /dev/null; wc -l)`).trim()).toMatch(/^\d{5}$/)
  expect(shell(`${sluice} | wc -l`).trim()).toBe('100001')
})

it('a range, columns, and what was written: as a sentence or as JSON', async () => {
  const { sluice, folder, database } = await setup()
  await fill(database, 100)
  const range = ['--from', '2025-03-10T00:10', '--to', '2025-03-10T00:13', '--columns', 'open_time,symbol']
  const text =
    'open_time,symbol\n2025-03-10T00:11:00Z,BTCUSDT\n2025-03-10T00:10:00Z,ETHUSDT\n2025-03-10T00:12:00Z,ETHUSDT\n'
  expect(await sluice('export', 'binance.candles', ...range)).toMatchObject({ code: 0, out: text, err: '' })
  const told = await sluice('export', 'binance.candles', ...range, '--output', 'a.csv', '--json')
  expect(jsonOf(told)).toEqual({ rows: 3, bytes: text.length, file: 'a.csv' })
  expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe(text)
  expect(statSync(join(folder, 'a.csv')).mode & 0o777).toBe(0o600)
  const said = await sluice('export', 'binance.collector_state', '--output', 'b.jsonl')
  expect(said).toMatchObject({ code: 0, out: '0 rows, 0 bytes: b.jsonl\n' })
})

it('what cannot be is refused with the way out, before anything is written', async () => {
  const { sluice, folder } = await setup()
  mkdirSync(join(folder, 'place'))
  const refusals: [string, string, RegExp][] = [
    ['binance.candle', 'unknown-table', /There is no table "binance\.candle"; there are .*binance\.candles/],
    ['binance.candles --columns symbol,close --output a.csv', 'unknown-column', /did you mean "closed"/],
    ['binance.candles --format xml', 'bad-flag', /known: csv, ndjson/],
    ['sluice.runs --from 2025-01-01 --output a.csv', 'bad-range', /use sluice sql/],
    ['binance.candles --output place', 'bad-output', /what is there is no file/],
    ['binance.candles --output nowhere/a.csv', 'bad-output', /ENOENT/],
  ]
  for (const [line, code, message] of refusals) {
    const target = line.includes('--output') ? [] : ['--output', 'a.csv']
    const ended = await sluice('export', ...line.split(' '), ...target, '--json')
    expect(ended.code, line).toBe(2)
    expect(jsonOf(ended)).toEqual({ error: { code, message: expect.stringMatching(message) } })
  }
  const bare = await sluice('export', 'binance.candles', '--json')
  expect(jsonOf(bare)).toMatchObject({ error: { code: 'bad-flag', message: expect.stringMatching(/add --output/) } })
  expect(readdirSync(folder)).toEqual(['place'])
})

it('an export that is stopped leaves the file as it was, and nothing beside it', async () => {
  const { begin, folder, database } = await setup()
  await fill(database, 300_000)
  writeFileSync(join(folder, 'a.csv'), 'of yesterday')
  const command = begin('export', 'binance.candles', '--output', 'a.csv')
  await until('it has begun to write', () => readdirSync(folder).some(name => name.endsWith('.part')))
  command.signal('SIGINT')
  const { code, err, signal } = await command.ended
  expect({ code, signal, err }).toEqual({
    code: 3,
    signal: null,
    err: '[INFO] Stopped before the end. a.csv was not written.\n',
  })
  expect(readdirSync(folder)).toEqual(['a.csv'])
  expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('of yesterday')
})
