import { expect, test } from 'vitest'
import { setup } from '../../test/setup/engine.ts'
import { mistrust, verify } from './verify.ts'

const remove = ({ store }: Awaited<ReturnType<typeof setup>>, from: string, to: string) =>
  store.query('delete from binance.candles where timestamp >= $1 and timestamp < $2', [
    Date.parse(from),
    Date.parse(to),
  ])
const range = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) })

test('deleted rows are found and named, without a call to the exchange', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  const calls = bench.sim.calls.length
  await remove(bench, '2026-03-01T03:00:00Z', '2026-03-01T03:05:00Z')
  await remove(bench, '2026-03-01T09:00:00Z', '2026-03-01T09:01:00Z')
  const proof = await bench.verify()
  expect(proof).toMatchObject({ rows: 1200, counted: 1194, open: [] })
  expect(proof.wrong.flatMap(({ missing }) => missing)).toEqual([
    range('2026-03-01T03:00:00Z', '2026-03-01T03:05:00Z'),
    range('2026-03-01T09:00:00Z', '2026-03-01T09:01:00Z'),
  ])
  expect(bench.sim.calls).toHaveLength(calls)
})

test('what is mistrusted is open until the next sync heals it, and only that is asked for', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync({ from: '2026-03-01', to: '2026-03-01T05:00:00Z' })
  await bench.sync({ from: '2026-03-01T06:00:00Z', to: '2026-03-01T09:00:00Z' })
  await remove(bench, '2026-03-01T07:00:00Z', '2026-03-01T08:00:00Z')
  await mistrust({ store: bench.store }, bench.source, await bench.verify())
  expect(await bench.verify()).toMatchObject({
    wrong: [],
    open: [range('2026-03-01T06:00:00Z', '2026-03-01T09:00:00Z')],
  })

  const before = bench.sent()
  const whole = { from: '2026-03-01', to: '2026-03-01T09:00:00Z' }
  await bench.sync(whole)
  expect(bench.sent() - before).toBe(240)
  expect(await bench.rows()).toEqual(bench.truth(undefined, whole.from, whole.to))
  expect(await bench.verify()).toMatchObject({ rows: 540, counted: 540, wrong: [], open: [] })
  expect((await bench.want(whole)).runs).toEqual([])
})

test('what the exchange itself lacks is not missing', async () => {
  const outages = [{ from: Date.parse('2026-03-01T10:00:00Z'), to: Date.parse('2026-03-01T13:00:00Z') }]
  const bench = await setup({ world: { outages } })
  await bench.start()
  await bench.sync()
  await remove(bench, '2026-03-01T09:30:00Z', '2026-03-01T10:00:00Z')
  const proof = await bench.verify()
  expect(proof.wrong.flatMap(({ missing }) => missing)).toEqual([range('2026-03-01T09:30:00Z', '2026-03-01T10:00:00Z')])
  expect(proof.holes).toMatchObject([{ ...range('2026-03-01T10:00:00Z', '2026-03-01T13:00:00Z'), status: 'suspected' }])
})

test('rows that got lost are noticed by a page that touches their stretch, told, and asked for again', async () => {
  const outages = [{ from: Date.parse('2026-03-01T19:30:00Z'), to: Date.parse('2026-03-01T20:03:00Z') }]
  const bench = await setup({ world: { outages } })
  await bench.start()
  await bench.sync()
  await remove(bench, '2026-03-01T03:00:00Z', '2026-03-01T03:05:00Z')
  await bench.at('2026-03-01T20:05:30Z')
  expect(await bench.sync()).toMatchObject([{ span: 'now' }])
  expect(await bench.alerts()).toMatchObject([{ code: 'lost-rows', level: 'warning' }])
  expect((await bench.verify()).open).toEqual([range('2026-03-01T00:00:00Z', '2026-03-01T19:30:00Z')])

  await bench.sync()
  expect(await bench.alerts()).toEqual([])
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.verify()).toMatchObject({ wrong: [], open: [] })
})

test('extra rows are as wrong as missing ones', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  await bench.store.query(
    `insert into binance.candles select symbol, interval, timestamp + 1, open_time, close_time, open_price, high_price,
       low_price, close_price, volume, quote_volume, trades, taker_buy_volume, taker_buy_quote_volume, closed
     from binance.candles limit 1`,
  )
  expect((await bench.verify()).wrong).toMatchObject([{ rows: 1200, counted: 1201, missing: [] }])
})

test('a part of the time can be verified by itself', async () => {
  const bench = await setup({ options: { batch_size: 1000, start_date: '2026-02-01' } })
  await bench.start()
  await bench.sync()
  await remove(bench, '2026-02-03T03:00:00Z', '2026-02-03T03:05:00Z')
  const within = (from: string, to: string) => verify(bench, bench.source, bench.slice().part, range(from, to))
  expect((await within('2026-02-02', '2026-02-04')).wrong).toHaveLength(1)
  expect((await within('2026-02-20', '2026-02-22')).wrong).toEqual([])
})
