import { expect, it } from 'vitest'
import { asStored, klinesOf, storedCandles } from '../setup/exchange.ts'
import { jsonOf, until } from '../setup/sluice.ts'
import { counted, midnight, minutes, noon, setup } from './world.ts'

type Summary = {
  state: string
  interrupted: boolean
  seconds: number
  runs: { state: string; pages: number; records: number; inserted: number; changed: number; part: object }[]
  complete: { part: object }[]
}

it('sync stores every closed candle of every symbol as the vendor has it, and says so in one JSON value', async () => {
  const symbols = ['BTCUSDT', 'ETHUSDT']
  const { sluice, database, exchange } = await setup({ symbols })
  const ended = await sluice('sync', '--json')
  expect(ended).toMatchObject({ code: 0, signal: null })
  const { state, interrupted, runs, complete } = jsonOf<Summary>(ended)
  expect({ state, interrupted, complete }).toEqual({ state: 'success', interrupted: false, complete: [] })
  expect(
    runs.map(({ part, records, inserted, changed, pages }) => ({ part, records, inserted, changed, pages })),
  ).toEqual(
    symbols.map(symbol => {
      const counts = { records: minutes, inserted: minutes, changed: 0, pages: 8 }
      return { part: { symbol, interval: '1m' }, ...counts }
    }),
  )
  for (const symbol of symbols) {
    const truth = exchange.truth(symbol, '1m', Date.parse(midnight), Date.parse(noon))
    expect(await storedCandles(database, symbol, '1m')).toEqual(asStored(truth))
  }
})

it('a second sync finds nothing lacking, asks nothing and writes nothing', async () => {
  const { sluice, database, exchange } = await setup()
  await sluice('sync')
  const [calls, rows] = [exchange.calls.length, await counted(database)]
  const again = await sluice('sync', '--json')
  expect(again.code).toBe(0)
  expect(jsonOf<Summary>(again)).toMatchObject({ state: 'success', runs: [], complete: [{ stream: 'candles' }] })
  expect((await sluice('sync')).out).toBe('Nothing was lacking: binance/public candles BTCUSDT/1m\n')
  expect(exchange.calls).toHaveLength(calls)
  expect(await counted(database)).toEqual(rows)
})

it('several intervals and symbols of one command are parts of their own', async () => {
  const { sluice, database } = await setup({ symbols: ['BTCUSDT', 'ETHUSDT'] })
  const ended = await sluice('sync', 'binance.candles', '--symbols', "['ETHUSDT']", '--interval', '1h,15m', '--json')
  expect(ended.code).toBe(0)
  expect(jsonOf<Summary>(ended).runs.map(({ part, records }) => ({ ...part, records }))).toEqual([
    { symbol: 'ETHUSDT', interval: '1h', records: 12 },
    { symbol: 'ETHUSDT', interval: '15m', records: 48 },
  ])
  expect(await counted(database)).toMatchObject({ candles: 60, runs: 2 })
})

it('a range is inclusive at its beginning and exclusive at its end, in UTC whatever the zone of the machine', async () => {
  const { sluice, database } = await setup()
  const ended = await sluice('sync', '--from', '2025-03-10T01:00', '--to', '2025-03-10T02:00:00Z')
  expect(ended.code).toBe(0)
  const rows = await storedCandles(database, 'BTCUSDT', '1m')
  expect(rows.map(({ timestamp }) => Number(timestamp)).slice(0, 1)).toEqual([Date.parse('2025-03-10T01:00Z')])
  expect(rows.map(({ timestamp }) => Number(timestamp)).slice(-1)).toEqual([Date.parse('2025-03-10T01:59Z')])
  expect(rows).toHaveLength(60)
})

it('progress goes to stderr: how much of how much, and how fast', async () => {
  const { sluice } = await setup()
  const { code, out, err } = await sluice('sync')
  expect(code).toBe(0)
  const lines = err.trim().split('\n')
  for (const line of lines) {
    expect(line).toMatch(/^\[INFO\] Progress: \d{1,3}\.\d% \([\d,]+ \/ [\d,]+ records\) \| Speed: [\d,]+ records\/min$/)
  }
  expect(lines.at(-1)).toContain('Progress: 100.0% (720 / 720 records) | Speed: ')
  expect(out).not.toContain('Progress')
})

it('Ctrl-C stops a sync after the page in hand, and the next sync goes on from there', async () => {
  const { begin, sluice, database, exchange } = await setup()
  exchange.faults.add({ kind: 'hold', match: { path: '/api/v3/klines', nth: 4 } })
  const command = begin('sync', '--json')
  await until('three pages are committed', async () => (await counted(database)).candles === 300)
  command.signal('SIGINT')
  const ended = await command.ended
  expect(ended).toMatchObject({ code: 3, signal: null })
  expect(jsonOf<Summary>(ended)).toMatchObject({ state: 'unfinished', interrupted: true, runs: [{ pages: 3 }] })
  expect(await counted(database)).toMatchObject({ candles: 300, coverage: 1, runs: 1 })

  const before = klinesOf(exchange).length
  const again = await sluice('sync', '--json')
  expect(again.code).toBe(0)
  expect(jsonOf<Summary>(again)).toMatchObject({ state: 'success', runs: [{ pages: 8, records: minutes }] })
  const starts = klinesOf(exchange)
    .slice(before)
    .map(({ query }) => Number(query.startTime))
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(Date.parse('2025-03-10T04:59Z'))
  expect(await counted(database)).toMatchObject({ candles: minutes, runs: 1 })
})

it('a second Ctrl-C ends the process at once, and nothing is lost', async () => {
  const { begin, sluice, database, exchange } = await setup()
  const ended = await database.store.transaction(async tx => {
    exchange.faults.add({ kind: 'hold', match: { path: '/api/v3/klines', nth: 3 } })
    const command = begin('sync')
    await until('the third page is asked for', () => klinesOf(exchange).length > 2)
    await tx.query('lock table sluice.runs in access exclusive mode')
    await until('it is gone', () => {
      command.signal('SIGINT')
      return command.child.exitCode !== null
    })
    return command.ended
  })
  expect(ended.code).toBe(1)
  expect((await sluice('sync')).code).toBe(0)
  expect(await counted(database)).toMatchObject({ candles: minutes })
})
