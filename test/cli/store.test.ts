import { expect, it } from 'vitest'
import { setupDatabase } from '../setup/database.ts'
import { asStored, klinesOf, storedCandles } from '../setup/exchange.ts'
import { jsonOf, linesOf, run, setupFolder, urlOf } from '../setup/sluice.ts'
import { counted, midnight, minutes, noon, setup } from './world.ts'

type Refusal = { error: { code: string; message: string } }

it('sql changes nothing without --write, however it is asked, and takes one statement at a time', async () => {
  const { sluice, database } = await setup()
  await sluice('sync')
  const before = await counted(database)
  const refused: [statement: string, args: string[], message: RegExp][] = [
    ['delete from binance.candles', [], /read-only transaction; add --write to change data/],
    ['with gone as (delete from binance.candles returning 1) select * from gone', [], /read-only transaction/],
    ['create table mine (n int)', [], /read-only transaction/],
    ['do $$ begin set transaction read write; delete from binance.candles; end $$', [], /must be set before any query/],
    ['select 1; delete from binance.candles', [], /multiple commands/],
    ['commit; delete from binance.candles', [], /multiple commands/],
    ['delete from binance.candles; select 1', ['--write'], /multiple commands/],
    ['selec 1', ['--write'], /syntax error/],
    ['select * from nothing', [], /"nothing" does not exist/],
    [' ', [], /statement is empty/],
  ]
  for (const [statement, args, message] of refused) {
    const ended = await sluice('sql', statement, ...args, '--json')
    expect(ended.code, statement).toBe(2)
    expect(jsonOf<Refusal>(ended).error.message, statement).toMatch(message)
  }
  expect(await counted(database)).toEqual(before)

  const written = await sluice('sql', 'delete from sluice.alerts', '--write')
  expect(written).toMatchObject({ code: 0, out: 'DELETE 0\n' })
})

it('verify names the stretch that lacks rows, --repair has it asked for again, and the next sync heals it', async () => {
  const { sluice, database, exchange } = await setup()
  await sluice('sync')
  const [from, to] = [Date.parse('2025-03-10T05:10Z'), Date.parse('2025-03-10T05:20Z')]
  await database.store.query('delete from binance.candles where timestamp >= $1 and timestamp < $2', [from, to])

  const found = await sluice('verify')
  expect(found.code).toBe(1)
  expect(found.out).toContain('binance/public candles BTCUSDT/1m: WRONG, 710 rows counted, 720 proven')
  expect(found.out).toContain('    missing: 2025-03-10 05:10:00 to 2025-03-10 05:20:00\n')
  expect(found.out).toContain('sluice verify --repair, then sluice sync')
  expect(jsonOf(await sluice('verify', '--json'))).toMatchObject([
    {
      wrong: [
        { rows: 720, counted: 710, missing: [{ from: new Date(from).toISOString(), to: new Date(to).toISOString() }] },
      ],
    },
  ])
  expect((await sluice('verify', '--from', '2025-03-10T06:00', '--to', '2025-03-10T05:00')).code).toBe(2)

  expect((await sluice('verify', '--repair')).code).toBe(1)
  expect((await sluice('verify')).code).toBe(3)
  const calls = klinesOf(exchange).length
  expect((await sluice('sync')).code).toBe(0)
  expect(klinesOf(exchange).length).toBeGreaterThan(calls)
  expect((await sluice('verify')).code).toBe(0)
  const truth = exchange.truth('BTCUSDT', '1m', Date.parse(midnight), Date.parse(noon))
  expect(await storedCandles(database, 'BTCUSDT', '1m')).toEqual(asStored(truth))
  expect(await counted(database)).toMatchObject({ candles: minutes })
})

it('migrate --dry-run says what it would do and does nothing; migrate does it; then there is nothing to do', async () => {
  const [folder, database] = [await setupFolder(), await setupDatabase({ empty: true })]
  const sluice = (...args: string[]) => run(args, { folder, env: { DATABASE_URL: urlOf(database.connection) } })
  const schemas = () =>
    database.store.query(`select nspname from pg_namespace where nspname !~ '^pg_|^information' order by 1`)
  const before = await schemas()

  const dry = await sluice('migrate', '--dry-run', '--json')
  expect(dry.code, dry.err).toBe(0)
  const { migrations } = jsonOf<{ migrations: string[] }>(dry)
  expect(migrations).toEqual(expect.arrayContaining(['sluice/001_engine', 'binance/001_candles']))
  expect((await sluice('migrate', '--dry-run')).out).toMatch(/^Would apply to .*: sluice\/001_engine, /)
  expect(await schemas()).toEqual(before)
  expect((await sluice('status')).code).toBe(2)
  expect(await schemas()).toEqual(before)

  expect(jsonOf(await sluice('migrate', '--json'))).toEqual({ dryRun: false, migrations })
  expect(jsonOf(await sluice('migrate', '--dry-run', '--json'))).toEqual({ dryRun: true, migrations: [] })
  expect((await sluice('migrate')).out).toMatch(/^The tables at .* are current\.\n$/)
  expect((await sluice('status')).out).toBe('Nothing has been collected yet. Begin with: sluice sync\n')
  expect(linesOf((await sluice('status', '--json')).out)).toMatchObject([{ parts: [], alerts: [] }])
})
