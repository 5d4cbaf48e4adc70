import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { pack } from './pack.ts'
import { write } from './rows.ts'
import { describe as describeTable, type Encoded, encode } from './table.ts'

const { store } = await setupFileDatabase()
await store.query(`create table public.orders (
  id bigint not null, place text not null default 'x', closed boolean not null, trades integer not null,
  price numeric(20,8), note text, primary key (id, place))`)
await store.query(
  'create table public.plain (id bigint primary key, value text, asked_at timestamptz not null, gone_at timestamptz)',
)

const declared = { table: 'public.orders', key: ['id', 'place'], newer: ['closed', 'trades'] }
const table = await describeTable(store, declared)
const plain = await describeTable(store, { table: 'public.plain', key: ['id'], newer: [] })

beforeEach(async () => void (await store.query('truncate public.orders, public.plain')))

type Order = { id: number; closed: boolean; trades: number; price?: string | null; note?: string | null }

const encodeAll = (orders: readonly Order[]) =>
  pack(
    table,
    orders.map(order => encode(table, { place: 'x', ...order }) as Encoded),
  )
const put = (orders: readonly Order[], fresh = false) =>
  store.transaction(tx => write(tx, table, encodeAll(orders), fresh))
const stored = () => store.query<Order>('select id::int, closed, trades, price, note from orders order by id')

const order = (closed: boolean, trades: number, price: string, note: string | null = null): Order => ({
  id: 1,
  closed,
  trades,
  price,
  note,
})

test('a newer version replaces an older one, an older one nothing', async () => {
  expect(await put([order(false, 5, '1')])).toEqual({ keys: 1, inserted: 1, changed: 0, revived: 0 })
  expect(await put([order(false, 6, '2')])).toEqual({ keys: 1, inserted: 0, changed: 1, revived: 0 })
  expect(await put([order(false, 5, '3')])).toEqual({ keys: 1, inserted: 0, changed: 0, revived: 0 })
  expect(await put([order(true, 1, '4')])).toEqual({ keys: 1, inserted: 0, changed: 1, revived: 0 })
  expect(await put([order(false, 99, '5')])).toEqual({ keys: 1, inserted: 0, changed: 0, revived: 0 })
  expect(await stored()).toEqual([order(true, 1, '4.00000000')])
})

test('a row as new as the stored one is written when a value differs, and only then', async () => {
  await put([order(true, 5, '1', 'a')])
  expect(await put([order(true, 5, '1.0', 'a')])).toEqual({ keys: 1, inserted: 0, changed: 0, revived: 0 })
  expect(await put([order(true, 5, '2', 'a')])).toEqual({ keys: 1, inserted: 0, changed: 1, revived: 0 })
  expect(await put([order(true, 5, '2', null)])).toEqual({ keys: 1, inserted: 0, changed: 1, revived: 0 })
  expect(await stored()).toEqual([order(true, 5, '2.00000000')])
})

test('without newer columns the row that was asked for later is written, and counts where a value differs', async () => {
  const put = (value: string | null, minute: number) => {
    const row = { id: 1, value, asked_at: new Date(minute * 60_000) }
    return store.transaction(tx => write(tx, plain, pack(plain, [encode(plain, row) as Encoded]), false))
  }
  const plainly = async () => (await store.query<object>('select value, asked_at as asked from plain'))[0]
  expect(await put('a', 2)).toMatchObject({ inserted: 1, changed: 0 })
  expect(await put('b', 1)).toMatchObject({ inserted: 0, changed: 0 })
  expect(await plainly()).toEqual({ value: 'a', asked: new Date(120_000) })
  expect(await put('a', 3)).toMatchObject({ inserted: 0, changed: 0 })
  expect(await plainly()).toEqual({ value: 'a', asked: new Date(180_000) })
  expect(await put(null, 4)).toMatchObject({ inserted: 0, changed: 1 })
  expect(await plainly()).toEqual({ value: null, asked: new Date(240_000) })
})

test('a row that was gone and is listed again is back, and counted', async () => {
  const put = (minute: number) => {
    const row = { id: 1, value: 'a', asked_at: new Date(minute * 60_000) }
    return store.transaction(tx => write(tx, plain, pack(plain, [encode(plain, row) as Encoded]), false))
  }
  await put(1)
  await store.query(`update plain set gone_at = '1970-01-01 00:02:30Z'`)
  expect(await put(2)).toEqual({ keys: 1, inserted: 0, changed: 0, revived: 0 })
  expect(await store.query('select gone_at is null as here from plain')).toEqual([{ here: false }])
  expect(await put(3)).toEqual({ keys: 1, inserted: 0, changed: 1, revived: 1 })
  expect(await put(4)).toEqual({ keys: 1, inserted: 0, changed: 0, revived: 0 })
  expect(await store.query('select gone_at as gone from plain')).toEqual([{ gone: null }])
})

const version = fc.record({
  id: fc.integer({ min: 1, max: 3 }),
  closed: fc.boolean(),
  trades: fc.integer({ min: 0, max: 3 }),
})
/** Versions that differ in what tells newer from older; their price tells which one is stored. */
const versions = fc
  .uniqueArray(version, { minLength: 1, maxLength: 10, selector: each => JSON.stringify(each) })
  .map(all => all.map(each => ({ ...each, price: `${Number(each.closed)}.${each.trades}0000000`, note: null })))
/** Cut into pages, in any order, some of them taken for a stretch that was never loaded. */
const arrivals = versions.chain(all =>
  fc.tuple(
    fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 25, maxLength: 25 }),
    fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
  ),
)

test('older never overwrites newer, in whatever order, pages and company they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async ([given, sizes, fresh]) => {
      await store.query('truncate public.orders')
      const left = [...given]
      for (let page = 0; left.length > 0; page++) await put(left.splice(0, sizes[page]), fresh[page])
      const newest = new Map<number, Order>()
      const age = ({ closed, trades }: Order) => (closed ? 100 : 0) + trades
      for (const each of given)
        if (age(each) >= age(newest.get(each.id) ?? { ...each, trades: -1, closed: false })) newest.set(each.id, each)
      expect(await stored()).toEqual([...newest.values()].toSorted((a, b) => a.id - b.id))
    }),
    { numRuns: 60 },
  )
})

test('of a key that comes twice in a page the newest is taken, and of equals the last', async () => {
  const page = [order(false, 7, '1'), order(true, 2, '2'), order(true, 2, '3'), order(false, 9, '4')]
  expect(await put(page)).toEqual({ keys: 1, inserted: 1, changed: 0, revived: 0 })
  expect(await stored()).toEqual([order(true, 2, '3.00000000')])
})

test('a stretch that was never loaded is copied, texts of all kinds included', async () => {
  const notes = ['a\tb', 'a\nb', 'a\\b', '\\N', 'a\r\nb', '\\.', '', '\'"', 'ü€🙂', null]
  const orders = notes.map((note, id) => ({ id, closed: true, trades: id, price: '0.00000005', note }))
  expect(await put(orders, true)).toEqual({ keys: notes.length, inserted: notes.length, changed: 0, revived: 0 })
  expect(await stored()).toEqual(orders)
})

test('what is copied and what is upserted is stored alike', async () => {
  const note = fc.option(
    fc.string().filter(text => !text.includes('\u0000') && text.isWellFormed()),
    { nil: null },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(note, { minLength: 1, maxLength: 30 }), async notes => {
      const orders = notes.map((each, id) => ({ id, closed: true, trades: 1, price: null, note: each }))
      await store.query('truncate public.orders')
      await put(orders, true)
      const copied = await stored()
      await store.query('truncate public.orders')
      await put(orders, false)
      expect(copied).toEqual(orders)
      expect(await stored()).toEqual(copied)
    }),
    { numRuns: 40 },
  )
})

test('a key that is there against expectation sends the copy through the guard', async () => {
  await put([{ ...order(true, 9, '9'), id: 2 }])
  const page = [1, 2, 3].map(id => ({ ...order(true, 5, '1'), id }))
  expect(await put(page, true)).toEqual({ keys: 3, inserted: 2, changed: 0, revived: 0 })
  expect((await stored()).map(({ trades }) => trades)).toEqual([5, 9, 5])
})

test('a page with a key twice is stored once, copied or not', async () => {
  expect(await put([order(true, 1, '1'), order(true, 2, '2')], true)).toEqual({
    keys: 1,
    inserted: 1,
    changed: 0,
    revived: 0,
  })
  expect(await stored()).toEqual([order(true, 2, '2.00000000')])
})

test('a page that fails leaves nothing, and the connection goes on', async () => {
  const wrong = pack(table, [['1', 'x', 'true', '1', 'no number', null]])
  for (const fresh of [true, false]) {
    await expect(store.transaction(tx => write(tx, table, wrong, fresh))).rejects.toThrow('no number')
  }
  expect(await stored()).toEqual([])
})

test('nothing is written for no rows', async () => {
  expect(await put([])).toEqual({ keys: 0, inserted: 0, changed: 0, revived: 0 })
})

test.each([
  [{ price: '0.123456789' }, 'price', 'has 9 decimals; the column holds 8 and would round it'],
  [{ price: '1234567890123.1' }, 'price', 'has 13 digits before the point; the column holds 12'],
  [{ price: 'NaN' }, 'price', 'is not a number'],
  [{ note: 'a\u0000b' }, 'note', 'holds a NUL or half a character'],
  [{ trades: 2 ** 31 }, 'trades', 'is not a whole number between -2147483648 and 2147483647'],
  [{ closed: null }, 'closed', 'is missing'],
])('a row with %j does not fit, and the field and reason are told', (change, field, reason) => {
  expect(encode(table, { id: 1, place: 'x', closed: true, trades: 1, ...change })).toMatchObject({ field, reason })
})

test.each([
  [{ ...declared, table: 'public.nothing' }, 'schema-missing'],
  [{ ...declared, newer: ['age'] }, 'schema-mismatch'],
  [{ ...declared, newer: ['note'] }, 'schema-mismatch'],
])('a stream that does not fit its table is refused: %j', async (wrong, code) => {
  await expect(describeTable(store, wrong)).rejects.toMatchObject({ name: 'Misuse', code })
})

test('a column may have a name that every object of the language knows', async () => {
  await store.query('create table public.racing (id bigint primary key, constructor text)')
  const racing = await describeTable(store, { table: 'public.racing', key: ['id'], newer: ['id'], flags: {} })
  const put = async (name: string) => {
    const row = encode(racing, { id: 1, constructor: name }, { account: 'main' }) as Encoded
    return store.transaction(tx => write(tx, racing, pack(racing, [row]), false))
  }
  await put('Lotus')
  expect(await put('Brabham')).toMatchObject({ changed: 1 })
  expect(await store.query('select constructor from racing')).toEqual([{ constructor: 'Brabham' }])
})

test('flags go back to false: whenever a row was asked for, or when something of it has changed', async () => {
  await store.query(`create table public.flagged (
    id bigint primary key, value text, asked_at timestamptz not null, gone_at timestamptz,
    done boolean not null default false, told boolean not null default false)`)
  const flagged = await describeTable(store, {
    ...{ table: 'public.flagged', key: ['id'], newer: [], flags: { done: 'asked', told: 'changed' } },
  })
  const put = (value: string, minute: number) => {
    const row = { id: 1, value, asked_at: new Date(minute * 60_000), done: false, told: false }
    return store.transaction(tx => write(tx, flagged, pack(flagged, [encode(flagged, row) as Encoded]), false))
  }
  const deal = () => store.query('update flagged set done = true, told = true')
  const flags = () => store.query('select done, told from flagged')
  await put('a', 1)
  expect(await flags()).toEqual([{ done: false, told: false }])
  await deal()
  expect(await put('a', 2)).toMatchObject({ inserted: 0, changed: 0 })
  expect(await flags()).toEqual([{ done: false, told: true }])
  await deal()
  expect(await put('b', 3)).toMatchObject({ changed: 1 })
  expect(await flags()).toEqual([{ done: false, told: false }])
  await deal()
  await put('a', 1)
  expect(await flags()).toEqual([{ done: true, told: true }])
  await store.query(`update flagged set gone_at = '1970-01-01 00:04:00Z'`)
  await put('b', 5)
  expect(await flags()).toEqual([{ done: false, told: false }])
})
