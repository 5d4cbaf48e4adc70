import { expect, test } from 'vitest'
import type { Source } from '../core/source.ts'
import { readyOf } from './stages.ts'

function wish(name: string, stream: object, account = 'main'): { source: Source } {
  const whole = { name, schedule: [], ...stream }
  return { source: { connector: { name: 'acme' }, account, options: {}, stream: whole } as unknown as Source }
}

const supplies = wish('supplies', { table: 'acme.supplies' })
const goods = wish('goods', { table: 'acme.goods', for: { table: 'acme.supplies' } })
const stock = wish('stock', { table: 'acme.stock' })
const inventory = wish('inventory', { mode: 'derived', table: 'shared.stock', from: { table: 'acme.goods' } })
const all = [inventory, goods, stock, supplies]

test('what asks about rows, or is made of them, begins when the streams that bring them have ended', () => {
  expect(readyOf(all, [])).toEqual([stock, supplies])
  expect(readyOf([inventory, goods], [stock, supplies])).toEqual([])
  expect(readyOf([inventory, goods], [stock])).toEqual([goods])
  expect(readyOf([inventory], [goods])).toEqual([])
  expect(readyOf([inventory], [])).toEqual([inventory])
})

test('a stream that begins with another one waits for it, and what needs the rows of both for both', () => {
  const list = { name: 'list', table: 'acme.goods' }
  const of = (name: string, stream: object) => {
    const { source } = wish(name, stream)
    return { source: { ...source, connector: { name: 'acme', streams: [list] } } as unknown as Source }
  }
  const [lists, news] = [of('list', list), of('news', { table: 'acme.events', begins: 'list' })]
  const details = of('details', { table: 'acme.details', for: { table: 'acme.goods' } })
  expect(readyOf([details, news, lists], [])).toEqual([lists])
  expect(readyOf([details, news], [])).toEqual([news])
  expect(readyOf([details], [news])).toEqual([])
})

test('what comes after another stream by its schedule waits for it, though that writes another table', () => {
  const list = wish('list', { table: 'acme.goods' })
  const missing = wish('missing', { table: 'acme.details', for: { table: 'acme.goods' } })
  const schedule = () => [{ after: 'list' }, { after: 'missing' }]
  const typed = wish('typed', { mode: 'derived', table: 'shared.goods', from: { table: 'acme.goods' }, schedule })
  expect(readyOf([typed, missing, list], [])).toEqual([list])
  expect(readyOf([typed, missing], [])).toEqual([missing])
  expect(readyOf([typed], [missing])).toEqual([])
  expect(readyOf([typed], [])).toEqual([typed])
})

test('nobody waits for rows that nobody here brings, nor for those of another account', () => {
  expect(readyOf([goods, stock], [])).toEqual([goods, stock])
  expect(readyOf([goods], [wish('supplies', { table: 'acme.supplies' }, 'other')])).toEqual([goods])
})

test('streams that write what they read do not wait for themselves, and those that wait for each other begin together', () => {
  const [own, other] = ['own', 'other'].map(name => wish(name, { table: 'acme.tree', for: { table: 'acme.tree' } }))
  expect(readyOf([own!], [])).toEqual([own])
  expect(readyOf([own!, other!], [])).toEqual([own, other])
})
