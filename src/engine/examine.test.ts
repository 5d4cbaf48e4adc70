import { expect, test } from 'vitest'
import { candles } from '../connectors/binance/candles.ts'
import { binance } from '../connectors/binance/index.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Source } from '../core/source.ts'
import type { PullStream } from '../core/stream.ts'
import { examineSchedules } from './examine.ts'

/** A source of this name with these schedules, or with some that are made of its settings. */
function source(name: string, schedule: PullStream['schedule']): Source {
  const stream = { ...binance.streams[0]!, name, schedule }
  return {
    connector: binance,
    stream,
    account: 'public',
    credentials: {},
    baseUrl: 'http://localhost',
    settings: {},
    options: candles.options.parse({}),
  }
}

const chain = (name: string, ...after: string[]) =>
  source(
    name,
    after.map(each => ({ after: each })),
  )

test('a schedule that its author got wrong is a fault that names the stream and the value', () => {
  const bad = () => examineSchedules([source('orders', [{ every: '1m' }, { daily: '25:00' }])])
  expect(bad).toThrow(/^binance\.orders \(account public\) has a schedule .*"25:00" is no time of day/)
  expect(bad).not.toThrow(expect.objectContaining({ code: 'bad-schedule' }))
})

test('one that comes from settings is for the user to correct', () => {
  const made = ({ zone = 'Europe/Mosow' }): Schedule[] => [{ cron: '0 3 * * *', zone: String(zone) }]
  expect(() => examineSchedules([source('orders', made)])).toThrow(
    expect.objectContaining({
      name: 'Misuse',
      code: 'bad-schedule',
      message: expect.stringMatching(/^binance\.orders .*no time zone "Europe\/Mosow".* correct them\.$/),
    }),
  )
})

test('the same schedule twice is refused, the same time in another zone is not', () => {
  const [moscow, utc]: Schedule[] = [{ cron: '0 3 * * *', zone: 'Europe/Moscow' }, { cron: '0 3 * * *' }]
  expect(() => examineSchedules([source('orders', [utc!, moscow!])])).not.toThrow()
  expect(() => examineSchedules([source('orders', [utc!, moscow!, { ...utc!, zone: 'UTC' }])])).toThrow('has it twice')
})

test('chains lead somewhere, and not in a circle', () => {
  const every = source('orders', [{ every: '1m' }])
  const chains = [every, chain('invoices', 'orders'), chain('taxes', 'orders', 'invoices'), chain('sums', 'taxes')]
  expect(() => examineSchedules(chains)).not.toThrow()
  expect(() => examineSchedules([every, chain('invoices', 'order')])).toThrow('the account has no stream "order"')
  expect(() => examineSchedules([chain('orders', 'orders')])).toThrow('waits for a stream that waits for it')
  const circle = [chain('a', 'b'), chain('b', 'c', 'd'), chain('c', 'd'), chain('d', 'a')]
  expect(() => examineSchedules(circle)).toThrow('waits for a stream that waits for it')
  const other = { ...every, account: 'second' }
  expect(() => examineSchedules([other, chain('invoices', 'orders')])).toThrow('has no stream "orders"')
})
