import { beforeAll, describe, expect, it } from 'vitest'
import { imitateBinance } from '../../src/sim/binance/exchange.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupFileDatabase } from '../setup/database.ts'
import { type Env, jsonOf, run, setupFileFolder, urlOf } from '../setup/sluice.ts'
import { midnight, minutes, noon } from './world.ts'

const [folder, database] = [await setupFileFolder(), await setupFileDatabase()]
const listed = Date.parse(midnight)
/** Between two and three o'clock nothing was traded, and one price cannot be read. */
const outages = [{ from: listed + 2 * 3_600_000, to: listed + 3 * 3_600_000 }]
const quirks = [{ symbol: 'BTCUSDT', interval: '1m', openTime: listed + 4 * 3_600_000, field: 1, value: 'abc' }]
const exchange = imitateBinance({
  symbols: [{ symbol: 'BTCUSDT', listed }],
  now: () => Date.parse(noon),
  outages,
  quirks,
})

let env: Env = {}
const sluice = (...args: string[]) => run(args, { folder, env })

beforeAll(async () => {
  const { url, close } = await serve(exchange)
  env = {
    DATABASE_URL: urlOf(database.connection),
    BINANCE_BASE_URL: url,
    START_DATE: '2025-03-10',
    SYMBOLS: 'BTCUSDT',
  }
  await database.at(noon)
  const { code } = await sluice('sync')
  expect(code).toBe(3)
  return close
})

describe.concurrent('with --json', () => {
  it.each([
    ['status', 0],
    ['verify', 0],
    ['doctor', 0],
    ['migrate', 0],
    ['migrate --dry-run', 0],
    ['sync', 0],
    ['sync binance.candles --from 2025-03-10T01:00 --to 2025-03-10T02:00', 0],
    ['sql select_1', 2],
    ['sync nonsense.candles', 2],
    ['nonsense', 2],
    ['sync --nonsense', 2],
    ['verify --from yesterday', 2],
  ])('sluice %s writes exactly one JSON value to stdout and ends with %i', async (line, code) => {
    const ended = await sluice(...line.split(' '), '--json')
    expect(ended).toMatchObject({ code, signal: null })
    const value = jsonOf<{ error?: { code: string; message: string } }>(ended)
    if (code === 2) expect(value.error).toEqual({ code: expect.any(String), message: expect.any(String) })
    else expect(value).not.toHaveProperty('error')
  })

  it('status tells of every part what is proven, what lacks and how its last run ended', async () => {
    const { now, parts, alerts } = jsonOf<{ now: string; parts: object[]; alerts: object[] }>(
      await sluice('status', '--json'),
    )
    expect(now).toBe(new Date(noon).toISOString())
    expect(alerts).toEqual([])
    expect(parts).toEqual([
      expect.objectContaining({
        stream: 'candles',
        part: { symbol: 'BTCUSDT', interval: '1m' },
        rows: minutes - 61,
        from: new Date(midnight).toISOString(),
        to: '2025-03-10T12:00:00.000Z',
        holes: 1,
        quarantined: 1,
        run: expect.objectContaining({ state: 'partial' }),
      }),
    ])
  })

  it('verify counts the table, and names what the vendor itself lacks', async () => {
    expect(jsonOf(await sluice('verify', '--json'))).toMatchObject([
      {
        slice: { stream: 'candles' },
        rows: minutes - 61,
        counted: minutes - 61,
        wrong: [],
        open: [],
        quarantined: 1,
        holes: [{ from: '2025-03-10T02:00:00.000Z', to: '2025-03-10T03:00:00.000Z', status: 'suspected' }],
      },
    ])
  })

  it('sql gives rows as objects: numeric and bigint as text, instants as ISO 8601, the rest as JSON has it', async () => {
    const statement = `select 12345678901234567890.10::numeric(30,2) as price, 9007199254740993::bigint as id, 7::int as n,
      timestamptz '2019-01-01 03:00+03' as at, true as yes, null as nothing, '{"a":[1]}'::jsonb as tree, 'ü' as text`
    expect(jsonOf(await sluice('sql', statement, '--json'))).toEqual([
      {
        price: '12345678901234567890.10',
        id: '9007199254740993',
        n: 7,
        at: '2019-01-01T00:00:00Z',
        yes: true,
        nothing: null,
        tree: { a: [1] },
        text: 'ü',
      },
    ])
  })

  it('doctor tells what it looked at, whether it is well, and what it saw', async () => {
    const findings = jsonOf<{ check: string; ok: boolean; seen: string }[]>(await sluice('doctor', '--json'))
    expect(findings.map(({ check, ok }) => [check, ok])).toEqual(
      ['program', 'store', 'rights', 'tables', 'clock', 'limits', 'binance', 'alerts'].map(check => [check, true]),
    )
    expect(findings.find(({ check }) => check === 'binance')?.seen).toContain(env.BINANCE_BASE_URL)
  })

  it('doctor names the public host of the vendor where no other is set, whatever that host answers', async () => {
    const { BINANCE_BASE_URL: _, ...rest } = env
    const ended = await run(['doctor', '--json'], { folder, env: rest })
    const vendor = jsonOf<{ check: string; seen: string }[]>(ended).find(({ check }) => check === 'binance')
    expect(vendor?.seen).toContain('https://api.binance.com')
  })
})

describe.concurrent('for people', () => {
  it('status is a table', async () => {
    const { code, out, err } = await sluice('status')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [heading, row] = out.trimEnd().split('\n')
    expect(heading).toMatch(/^stream +part +state +rows +from \(UTC\) +to \(UTC\) +behind +note$/)
    expect(row).toMatch(
      /^binance\.candles +BTCUSDT\/1m +partial +659 +2025-03-10 00:00:00 +2025-03-10 12:00:00 +30 s .*1 in quarantine/,
    )
  })

  it('verify is a sentence for each part, and a line for each hole', async () => {
    const { code, out } = await sluice('verify')
    expect(code).toBe(0)
    expect(out).toMatch(/^binance\/public candles BTCUSDT\/1m: complete, 659 rows counted, 659 proven\n/)
    expect(out).toContain('2025-03-10 02:00:00 to 2025-03-10 03:00:00: the vendor sent nothing; to be asked again')
    expect(out).toContain('1 records in quarantine')
  })

  it('doctor is a line for each thing it looked at', async () => {
    const { code, out } = await sluice('doctor')
    expect(code).toBe(0)
    for (const line of out.trimEnd().split('\n')) expect(line).toMatch(/^ok {3}\w+: \S/)
  })

  it('sql is a table, and what it read can come from stdin', async () => {
    const input = 'select symbol, open_price, closed from binance.candles order by timestamp limit 1'
    const { code, out } = await run(['sql'], { folder, env, input })
    expect(code).toBe(0)
    expect(out).toMatch(/^symbol +open_price +closed\nBTCUSDT +\d+\.\d{8} +true\n$/)
  })

  it('help names every command', async () => {
    const { code, out } = await sluice('--help')
    expect(code).toBe(0)
    for (const name of ['up', 'sync', 'runs', 'status', 'verify', 'limits', 'sql', 'migrate', 'doctor', 'demo']) {
      expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
    }
  })

  it('a version is a version', async () => {
    expect((await sluice('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
