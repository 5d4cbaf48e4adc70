import { expect, it } from 'vitest'
import { jsonOf } from '../setup/sluice.ts'
import { minutes, setup } from './world.ts'

type Renewed = { state: string; runs: { stream: string; records: number }[]; swaps: object[] }

it('sync --resync puts what the vendor has in the place of damaged rows, and tells where those are kept', async () => {
  const { sluice, database } = await setup()
  await sluice('sync')
  const before = await database.store.query('select * from binance.candles order by open_time')
  await database.store.query('update binance.candles set close_price = 0 where trades % 2 = 0')
  const ended = await sluice('sync', 'binance.candles', '--resync', '--json')
  expect(ended.code, ended.err).toBe(0)
  const { runs, swaps } = jsonOf<Renewed>(ended)
  expect(runs).toMatchObject([{ stream: 'candles~new', records: minutes }])
  expect(swaps).toMatchObject([{ slice: { stream: 'candles' }, before: minutes, after: minutes, lacking: 0 }])
  expect(await database.store.query('select * from binance.candles order by open_time')).toEqual(before)
  expect((await sluice('verify')).code).toBe(0)
})

it('a load anew that lacks what is in use ends with 3 and replaces nothing, until that is accepted', async () => {
  const { sluice, env, database } = await setup()
  await sluice('sync')
  env.START_DATE = '2025-03-10T06:00:00Z'
  const held = await sluice('sync', 'binance.candles', '--resync')
  expect(held.code, held.err).toBe(3)
  expect(held.err).toContain('lacks 360 of those')
  expect(await database.store.query('select count(*)::int as n from binance.candles')).toEqual([{ n: minutes }])
  const accepted = await sluice('sync', 'binance.candles', '--resync', '--accept-fewer')
  expect(accepted.code, accepted.err).toBe(0)
  expect(accepted.out).toContain('360 rows in place of 720, 360 of which it lacks')
})

it.each([
  [['sync', '--accept-fewer'], 'says something of --resync'],
  [['sync', '--resync'], 'which stream'],
  [['sync', 'binance.candles', '--resync', '--from', '2025-03-10'], 'leave out --from'],
])('what --resync cannot be is refused: %j', async (args, message) => {
  const { sluice, exchange } = await setup()
  const ended = await sluice(...args)
  expect(ended).toMatchObject({ code: 2, err: expect.stringContaining(message) })
  expect(exchange.calls).toEqual([])
})
