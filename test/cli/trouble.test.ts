import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/sim/binance/faults.ts'
import type { Database } from '../setup/database.ts'
import { asStored, klinesOf, storedCandles } from '../setup/exchange.ts'
import { type Command, jsonOf, until } from '../setup/sluice.ts'
import { counted, midnight, minutes, noon, setup } from './world.ts'

const listed = Date.parse(midnight)
const klines = '/api/v3/klines'
type Summary = { state: string; runs: Record<string, unknown>[] }

/** Lets the store's clock go on by seconds as long as the command runs: every wait of it is over at once. */
async function hurried({ ended, child }: Command, database: Database) {
  let moment = Date.parse(noon)
  await until('the command has ended', async () => {
    moment += 1_000
    await database.at(new Date(moment))
    return child.exitCode !== null
  })
  return ended
}

describe('an answer that is no answer fails the run with exit code 1, says what came, and leaves nothing half-written', () => {
  const answers: [what: string, fault: Fault, code: string, message: RegExp][] = [
    ['HTML', { kind: 'html' }, 'vendor-wrong-type', /candles.*text\/html in place of json.*\(after 3 tries\)/],
    ['JSON that is cut', { kind: 'cut' }, 'bad-json', /binance\/public candles BTCUSDT\/1m: .*not complete JSON/],
    ['less than was announced', { kind: 'short' }, 'vendor-cut', /broke the connection before its answer was complete/],
    ['another envelope', { kind: 'garbage' }, 'bad-page', /BTCUSDT\/1m: the answer is not a list of candles/],
    ['a status 500', { kind: 'status', status: 500 }, 'vendor-error', /500.*\(after 3 tries\)/],
  ]

  it.each(answers)('%s', async (_, fault, code, message) => {
    const { begin, database, exchange } = await setup({ env: { MAX_RETRIES: '3' } })
    exchange.faults.add({ ...fault, match: { path: klines, nth: 3 }, times: 100 })
    const ended = await hurried(begin('sync', '--json'), database)
    expect(ended.code, ended.err).toBe(1)
    const { state, runs } = jsonOf<Summary>(ended)
    expect(state).toBe('failed')
    expect(runs).toMatchObject([{ state: 'failed', errorCode: code, error: expect.stringMatching(message), pages: 2 }])
    expect(ended.err).toMatch(message)
    expect(await counted(database)).toEqual({ candles: 200, coverage: 1, checkpoints: 1, runs: 1, quarantine: 0 })
  })

  it('and status tells it until a later sync has gone on from there', async () => {
    const { begin, sluice, database, exchange } = await setup({ env: { MAX_RETRIES: '1' } })
    exchange.faults.add({ kind: 'html', match: { path: klines, nth: 3 } })
    expect((await begin('sync').ended).code).toBe(1)
    expect((await sluice('status')).out).toMatch(/BTCUSDT\/1m +failed .*\nWARNING: .*text\/html/)
    expect((await sluice('sync')).code).toBe(0)
    expect((await sluice('status')).out).not.toMatch(/failed|text\/html/)
    const truth = exchange.truth('BTCUSDT', '1m', listed, Date.parse(noon))
    expect(await storedCandles(database, 'BTCUSDT', '1m')).toEqual(asStored(truth))
  })
})

it('a symbol that the vendor does not list fails the run at once, and the others are loaded', async () => {
  const { sluice, database, exchange } = await setup()
  const ended = await sluice('sync', '--symbols', 'BTCUSDT,NOSUCH', '--json')
  expect(ended.code).toBe(1)
  expect(jsonOf<Summary>(ended).runs).toMatchObject([
    { part: { symbol: 'BTCUSDT' }, state: 'success', records: minutes },
    {
      part: { symbol: 'NOSUCH' },
      state: 'failed',
      pages: 0,
      error: expect.stringContaining('does not list this symbol'),
    },
  ])
  expect(klinesOf(exchange).filter(({ query }) => query.symbol === 'NOSUCH')).toHaveLength(1)
  expect(await counted(database)).toMatchObject({ candles: minutes, coverage: 1, quarantine: 0 })
})

it('a vendor that cannot be reached fails the run, and the message names the address', async () => {
  const { begin, database } = await setup({ env: { BINANCE_BASE_URL: 'http://127.0.0.1:9', MAX_RETRIES: '2' } })
  const ended = await hurried(begin('sync', '--json'), database)
  expect(ended.code).toBe(1)
  expect(jsonOf<Summary>(ended).runs).toMatchObject([
    { state: 'failed', errorCode: 'vendor-unreachable', error: expect.stringMatching(/127\.0\.0\.1, port 9 refuses/) },
  ])
  expect(await counted(database)).toMatchObject({ candles: 0, coverage: 0 })
})

it('a record that cannot be stored as it is goes to quarantine, the rest is stored, and the run is partial', async () => {
  const values: [value: unknown, reason: RegExp][] = [
    ['abc', /is not a number/],
    ['109.123456789', /has 9 decimals; the column holds 8 and would round it/],
    ['', /is not a number/],
    ['1234567890123.00000001', /13 digits before the point; the column holds 12/],
    [null, /string/],
  ]
  const quirks = values.map(([value], at) => {
    return { symbol: 'BTCUSDT', interval: '1m', openTime: listed + at * 60_000, field: 1, value }
  })
  const { sluice, database, exchange } = await setup({ world: { quirks } })
  const ended = await sluice('sync', '--json')
  expect(ended.code).toBe(3)
  const counts = { records: minutes, inserted: minutes - 5, quarantined: 5 }
  expect(jsonOf<Summary>(ended)).toMatchObject({
    state: 'partial',
    runs: [{ ...counts, warning: '5 records are in quarantine' }],
  })
  const readable = exchange.truth('BTCUSDT', '1m', listed + 5 * 60_000, Date.parse(noon))
  expect(await storedCandles(database, 'BTCUSDT', '1m')).toEqual(asStored(readable))
  const kept = await database.store.query<{ record: string; reason: string }>(
    'select record, reason from sluice.quarantine order by id',
  )
  expect(kept.map(({ record }) => JSON.parse(record)[1])).toEqual(values.map(([value]) => value))
  for (const [at, [, reason]] of values.entries()) expect(kept[at]?.reason).toMatch(reason)
  expect((await sluice('verify')).code).toBe(0)
})
