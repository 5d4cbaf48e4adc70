import { expect, it } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { exportTable, type Wish } from './export.ts'

/** A small table with one column of every kind, and a way to have it as text. */
async function setup() {
  const { store } = await setupDatabase()
  await store.query(`create domain price as numeric(30, 8)`)
  await store.query(`create table public."Odd table" (
    id bigint not null, part text not null, n int, price price, at timestamptz, day date, yes boolean, ratio float8,
    tree jsonb, old json, list int[], "a ""b" text, primary key (part, id))`)
  await store.query(`insert into public."Odd table" values
    (9007199254740993, 'b', 1, 0.00000005, '2025-03-10 03:00:00.5+03', '2025-03-10', true, 0.1, '{"a": [1.10, "ü"]}', '{ "a":\n1 }', '{1,2}', e'x,"y"\nz\\\\'),
    (10, 'b', 2, 12345678901234567890.1, '-infinity', null, false, 'NaN', 'null', null, null, ''),
    (9, 'a', null, null, null, null, null, null, null, null, null, null)`)
  const text = async (wish: Partial<Wish> & Pick<Wish, 'format'>) => {
    const pieces: Buffer[] = []
    const take = async (piece: Buffer) => pieces.push(piece) > 0
    const exported = await exportTable(
      store,
      { table: 'public.Odd table', ...wish },
      take,
      new AbortController().signal,
    )
    return { exported, text: Buffer.concat(pieces).toString() }
  }
  return { store, text }
}

it('as CSV there is a heading, and every row in the order of the key with exact numbers and ISO instants', async () => {
  const { text } = await setup()
  expect(await text({ format: 'csv' })).toEqual({
    exported: { whole: true, rows: 3 },
    text: `id,part,n,price,at,day,yes,ratio,tree,old,list,"a ""b"
9,a,,,,,,,,,,
10,b,2,12345678901234567890.10000000,-infinity,,false,NaN,null,,,""
9007199254740993,b,1,0.00000005,2025-03-10T00:00:00.5Z,2025-03-10,true,0.1,"{""a"": [1.10, ""ü""]}","{ ""a"":
1 }","{1,2}","x,""y""
z\\"
`,
  })
})

it('as NDJSON every row is an object on a line of its own; numeric and bigint are text', async () => {
  const { text } = await setup()
  const { exported, text: lines } = await text({ format: 'ndjson' })
  expect(exported).toEqual({ whole: true, rows: 3 })
  expect(lines.split('\n')).toHaveLength(4)
  const rows = lines
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(rows.map(({ id }) => id)).toEqual(['9', '10', '9007199254740993'])
  expect(rows[2]).toEqual({
    ...{
      id: '9007199254740993',
      part: 'b',
      n: 1,
      price: '0.00000005',
      at: '2025-03-10T00:00:00.5Z',
      day: '2025-03-10',
    },
    ...{ yes: true, ratio: 0.1, tree: { a: [1.1, 'ü'] }, old: { a: 1 }, list: '{1,2}', 'a "b': 'x,"y"\nz\\' },
  })
  expect(rows[1]).toMatchObject({ price: '12345678901234567890.10000000', at: '-infinity', ratio: 'NaN', tree: null })
})

it('only the columns and the time that are asked for are there; the time may be an instant or epoch milliseconds', async () => {
  const { text } = await setup()
  const columns = ['part', 'id']
  const at = { column: 'at', from: new Date('2025-03-10T00:00:00.5Z'), to: new Date('2025-03-10T00:00:00.501Z') }
  expect((await text({ format: 'csv', columns, within: at })).text).toBe('part,id\nb,9007199254740993\n')
  const ms = { column: 'id', from: new Date(9), to: new Date(10) }
  expect((await text({ format: 'csv', columns, within: ms })).text).toBe('part,id\na,9\n')
})

it('a table or column that is not there is refused with those that are', async () => {
  const { text } = await setup()
  await expect(text({ format: 'csv', table: 'binance.candle' })).rejects.toThrow(
    /no table "binance\.candle"; .*binance\.candles/,
  )
  await expect(text({ format: 'csv', columns: ['Price'] })).rejects.toThrow(/no column "Price"; did you mean "price"\?/)
})

it('whoever has enough, fails or is stopped leaves a store behind that goes on as if nothing had been', async () => {
  const { store } = await setup()
  await store.query(
    'create table public.long as select n, repeat(md5(n::text), 20) as text from generate_series(1, 50000) n',
  )
  const wish = { table: 'public.long', format: 'csv' } as const
  const never = new AbortController().signal
  expect(await exportTable(store, wish, async () => false, never)).toEqual({ whole: false })
  const full = async () => Promise.reject(new Error('no room'))
  await expect(exportTable(store, wish, full, never)).rejects.toThrow('no room')
  const stopped = new AbortController()
  const stop = async () => {
    stopped.abort()
    return true
  }
  expect(await exportTable(store, wish, stop, stopped.signal)).toEqual({ whole: false })
  const [left] = await store.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
  )
  expect(left).toEqual({ n: 0 })
})

it('what is committed meanwhile is not in it', async () => {
  const { store, text } = await setup()
  await store.query(
    'create table public.long as select n, repeat(md5(n::text), 20) as text from generate_series(1, 50000) n',
  )
  let pieces = 0
  const take = async () => {
    if (pieces++ === 0)
      await store.query('insert into public.long select n, md5(n::text) from generate_series(1, 1000) n')
    return true
  }
  const signal = new AbortController().signal
  expect(await exportTable(store, { table: 'public.long', format: 'csv' }, take, signal)).toEqual({
    whole: true,
    rows: 50_000,
  })
  expect((await text({ table: 'public.long', format: 'csv' })).exported).toEqual({ whole: true, rows: 51_000 })
})
