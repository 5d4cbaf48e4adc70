import { expect, it } from 'vitest'
import { asStored, storedCandles } from '../setup/exchange.ts'
import { jsonOf, linesOf, until } from '../setup/sluice.ts'
import { counted, midnight, minutes, setup } from './world.ts'

it('up collects every minute as it closes, tells what it does line by line, and ends with 0 on SIGTERM', async () => {
  const { begin, database, exchange } = await setup()
  const command = begin('up', '--json')
  await until('the past is loaded', async () => (await counted(database)).candles === minutes)
  for (const minute of [1, 2, 3]) {
    await exchange.at(`2025-03-10T12:0${minute}:30Z`)
    await until(`minute ${minute} is stored`, async () => (await counted(database)).candles === minutes + minute)
  }
  command.signal('SIGTERM')
  const ended = await command.ended
  expect(ended).toMatchObject({ code: 0, signal: null })
  const events = linesOf(ended.out)
  for (const event of events) {
    expect(event).toEqual({ time: expect.any(String), level: expect.any(String), message: expect.any(String) })
  }
  expect(events.at(0)?.message).toMatch(/^Sluice is up \(worker, scheduler\)/)
  expect(events.at(-1)?.message).toBe('Sluice has stopped.')
  expect(events.filter(({ message }) => /BTCUSDT\/1m: success, 1 records/.test(String(message)))).toHaveLength(3)
  const truth = exchange.truth('BTCUSDT', '1m', Date.parse(midnight), Date.parse('2025-03-10T12:03:30Z'))
  expect(await storedCandles(database, 'BTCUSDT', '1m')).toEqual(asStored(truth))
})

it('status tells when a stream is due next, and when nobody is there to take its turn', async () => {
  const { begin, sluice, exchange } = await setup()
  const command = begin('up')
  const due = async () => (await sluice('status')).out.split('\n').filter(line => line.startsWith('due '))
  const next = 'due 2025-03-10 12:01:00: binance.candles of public, every 1m'
  await until('the first turn is taken', async () => (await due()).includes(next))
  expect(jsonOf(await sluice('status', '--json'))).toMatchObject({
    schedules: [
      {
        ...{ connector: 'binance', account: 'public', stream: 'candles', turn: 'every 1m' },
        ...{ next: '2025-03-10T12:01:00.000Z', check: null, owed: 0 },
      },
    ],
  })
  command.signal('SIGTERM')
  expect(await command.ended).toMatchObject({ code: 0 })
  await exchange.at('2025-03-10T13:00:00Z')
  const late =
    'due since 2025-03-10 12:01:00: binance.candles of public, every 1m (no sluice up runs with these settings)'
  expect(await due()).toEqual([late])
})

it('up can be stopped while it starts, and while a page is on its way', async () => {
  const { begin, sluice, database, exchange } = await setup()
  const starting = begin('up')
  await until('it says that it is up', () => starting.out().includes('Sluice is up'))
  starting.signal('SIGINT')
  expect(await starting.ended).toMatchObject({ code: 0, signal: null })

  const hold = exchange.faults.add({ kind: 'hold', match: { path: '/api/v3/klines', nth: 4 } })
  const working = begin('up')
  await until('a page is on its way', () => hold.hits > 0)
  working.signal('SIGTERM')
  expect(await working.ended).toMatchObject({ code: 0, signal: null })
  expect((await sluice('sync')).code).toBe(0)
  expect(await counted(database)).toMatchObject({ candles: minutes })
})

it('two processes with one role each share the work', async () => {
  const { begin, database } = await setup({ symbols: ['BTCUSDT', 'ETHUSDT'] })
  const commands = [begin('up', '--roles', 'scheduler'), begin('up', '--roles', 'worker')]
  await until('all is loaded', async () => (await counted(database)).candles === 2 * minutes)
  for (const command of commands) command.signal('SIGTERM')
  for (const command of commands) expect(await command.ended).toMatchObject({ code: 0, signal: null })
})
