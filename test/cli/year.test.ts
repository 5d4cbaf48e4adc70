import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/sim/binance/market.ts'
import { type Database, setupDatabase } from '../setup/database.ts'
import { asStored, candleColumns, setupVendor } from '../setup/exchange.ts'
import { jsonOf, run, setupFolder, urlOf } from '../setup/sluice.ts'

const day = 86_400_000
const [from, to] = [Date.parse('2019-01-01'), Date.parse('2020-01-01')]

/** The folder of recorded answers: named by SLUICE_VENDOR_SPECS, or beside the repository. */
const recorded = [process.env.SLUICE_VENDOR_SPECS, join(import.meta.dirname, '../../../shared/data')]
  .map(folder => folder && join(folder, 'binance'))
  .find(folder => folder && existsSync(folder))

/** The vendor's own answer: all days of 2019. */
function recordedYear(folder: string): Row[] {
  const file = readdirSync(folder).find(name => /^klines_BTCUSDT_1d_1546300800000_\d+\.json$/.test(name))
  return JSON.parse(readFileSync(join(folder, file!), 'utf8'))
}

/** Days from before to after 2019, with values as long as the columns hold. */
function madeUpYears(): Row[] {
  return Array.from({ length: 400 }, (_, at): Row => {
    const open = from - 10 * day + at * day
    const price = (units: number) => `${3_000 + at}.${String(units).padStart(8, '0')}`
    const volume = `1234567890123456789012345678.${String(at).padStart(8, '0')}`
    return [
      open,
      price(1),
      price(99_999_999),
      price(0),
      price(at),
      volume,
      open + day - 1,
      '0.00000001',
      at,
      '0.00000000',
      '5.00000000',
      '0',
    ]
  })
}

/** A small server that answers for candles from a list, and for the rest of what a client may ask plainly. */
function listing(rows: readonly Row[], calls: string[]) {
  const answer = ({ pathname, searchParams }: URL): unknown => {
    const number = (name: string, otherwise: number) => Number(searchParams.get(name) ?? otherwise)
    switch (pathname) {
      case '/api/v3/klines':
        return rows
          .filter(([open]) => open >= number('startTime', 0) && open <= number('endTime', Number.MAX_SAFE_INTEGER))
          .slice(0, number('limit', 500))
      case '/api/v3/time':
        return { serverTime: Date.now() }
      case '/api/v3/exchangeInfo':
        return { symbols: [{ symbol: 'BTCUSDT', status: 'TRADING' }] }
      default:
        return {}
    }
  }
  return {
    fetch: async ({ url }: Request) => {
      calls.push(url)
      return Response.json(answer(new URL(url)))
    },
  }
}

/** Everything a command could have changed: the rows with their versions, and the ledgers. */
async function everything({ store }: Database) {
  const rows = await store.query('select xmin, c.* from binance.candles c order by c.timestamp')
  const ledgers = await Promise.all(
    ['checkpoints', 'coverage', 'holes', 'runs', 'quarantine', 'alerts'].map(name =>
      store.query(`select xmin, l.* from sluice.${name} l order by l::text`),
    ),
  )
  return { rows, ledgers }
}

async function proveYear(rows: Row[]): Promise<void> {
  const calls: string[] = []
  const [folder, database, url] = [await setupFolder(), await setupDatabase(), await setupVendor(listing(rows, calls))]
  const env = { DATABASE_URL: urlOf(database.connection), BINANCE_BASE_URL: url }
  const sluice = (...args: string[]) => run(args, { folder, env })
  const line = 'sync binance.candles --symbols BTCUSDT --interval 1d --from 2019-01-01 --to 2020-01-01 --json'

  const first = await sluice(...line.split(' '))
  expect(first.code, first.err).toBe(0)
  expect(jsonOf(first)).toMatchObject({
    state: 'success',
    runs: [{ state: 'success', records: 365, inserted: 365, changed: 0, quarantined: 0 }],
  })
  const read = await sluice('sql', `select ${candleColumns} from binance.candles order by candles.timestamp`, '--json')
  expect(jsonOf(read)).toEqual(asStored(rows.filter(([open]) => open >= from && open < to)))
  expect(
    jsonOf(await sluice('sql', 'select distinct symbol, interval, closed from binance.candles', '--json')),
  ).toEqual([{ symbol: 'BTCUSDT', interval: '1d', closed: true }])
  expect((await sluice('verify')).code).toBe(0)

  const [asked, before] = [calls.length, await everything(database)]
  const second = await sluice(...line.split(' '))
  expect(second.code, second.err).toBe(0)
  expect(jsonOf(second)).toMatchObject({ state: 'success', runs: [], complete: [{ part: { symbol: 'BTCUSDT' } }] })
  expect(calls).toHaveLength(asked)
  expect(await everything(database)).toEqual(before)
}

describe('a year of days, asked for by its dates, is stored exactly, and asked for once', () => {
  const why = recorded ? '' : ' (not run: SLUICE_VENDOR_SPECS names no folder of recorded answers)'

  it.skipIf(!recorded)(`as the vendor answered for 2019${why}`, async () => {
    const rows = recordedYear(recorded!)
    expect(rows).toHaveLength(365)
    await proveYear(rows)
  })

  it('as it could have answered, with the longest numbers there are', () => proveYear(madeUpYears()))
})
