import { expect, onTestFinished, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { finishRuns, startEngine } from '../../test/setup/engine.ts'
import type { Source } from '../core/source.ts'
import { isDerived, type PullStream } from '../core/stream.ts'
import { describeOrigin, unflagAll } from '../db/origins.ts'
import { vendor, z } from '../index.ts'
import { plan } from './plan.ts'
import { replay } from './replay.ts'
import { standings } from './standing.ts'
import { verify } from './verify.ts'

const record = z.object({
  ...{ id: z.int(), sizes: z.array(z.string()), price: z.union([z.number(), z.string()]) },
  asked_at: z.string().transform(text => new Date(text)),
})

/** A normalizer of shelves: one row for each size, and none of an empty shelf. */
const normalizer = vendor('mill', {}).normalize({ name: 'goods', from: 'mill.shelves', table: 'mill.goods', record })
const steps = {
  key: ['account', 'id', 'size'],
  newer: ['seen_at'],
  schedule: [{ every: '1h' }],
  rows: ({ id, sizes, price, asked_at }: z.output<typeof record>) =>
    sizes.map(size => ({ id, size, price: String(price), seen_at: asked_at })),
} as const
const shelves = normalizer(steps)

/** A raw table and the table that is made of it, without any vendor. */
async function setup(batch = 200, stream = shelves) {
  const database = await setupDatabase()
  const { store } = database
  let now = Date.parse('2026-03-01T12:00:00Z')
  const at = async (moment: number) => {
    now = moment
    await database.at(new Date(now))
  }
  await at(now)
  await store.query(`create schema mill;
    create table mill.shelves (account text, id bigint, sizes jsonb not null, price text, asked_at timestamptz not null default sluice.now(),
      is_processed boolean not null default false, primary key (account, id));
    create table mill.goods (account text not null, id bigint not null, size text not null, price numeric(9,2) check (price < 1000000),
      seen_at timestamptz not null, primary key (account, id, size))`)
  const connector = vendor('mill', {}).connector({ url: 'http://mill.example', streams: [stream], migrations: '' })
  const base = { connector, account: 'main', credentials: {}, baseUrl: '', settings: {} }
  const source: Source = { ...base, stream, options: { batch_size: batch } }
  const running = await startEngine(database, { sources: [source] })
  onTestFinished(() => running.stop())
  const normalize = async () => {
    const { runs } = await plan(running.engine, { source, parts: [{}], cause: 'sync' })
    return (await finishRuns({ store, at, now: () => now, calls: () => 0 }, runs))[0]!
  }
  const fill = (from: number, to: number, sizes = ['S', 'M'], account = 'main') =>
    store.query(
      `insert into mill.shelves select $1, id, $2, id || '.50', sluice.now(), false from generate_series($3::int, $4::int) id`,
      [account, JSON.stringify(sizes), from, to],
    )
  const goods = () => store.query('select account, id::int, size, price from mill.goods order by account, id, size')
  return { ...database, source, normalize, fill, goods, pass: (ms: number) => at(now + ms), log: running.log }
}

test('where it stands is told by the rows it has dealt with, and those it has yet to', async () => {
  const { store, source, normalize, fill } = await setup()
  await fill(1, 5, [])
  await fill(1, 9, ['S'], 'other')
  await normalize()
  await fill(6, 8)
  expect(await standings(store, [source])).toMatchObject([{ stream: 'goods', rows: 5, left: 3 }])
})

test('every row becomes what it is made into, batch by batch; a second time there is nothing to do', async () => {
  const bench = await setup(10)
  await bench.fill(1, 25)
  await bench.fill(26, 26, [])
  await bench.fill(1, 3, ['L'], 'other')
  expect(await bench.normalize()).toMatchObject({ state: 'success', pages: 3, records: 26, inserted: 50, changed: 0 })
  const made = await bench.goods()
  expect(made).toHaveLength(50)
  expect(made[0]).toEqual({ account: 'main', id: 1, size: 'M', price: '1.50' })
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 0 })
  expect(await bench.store.query('select count(*)::int as n from mill.shelves where not is_processed')).toEqual([
    { n: 3 },
  ])
})

test('a row that has changed is made anew, and one that is older than what is there replaces nothing', async () => {
  const bench = await setup()
  await bench.fill(1, 2)
  await bench.normalize()
  await bench.pass(60_000)
  await bench.store.query(
    `update mill.shelves set price = '9', is_processed = false, asked_at = sluice.now() where id = 1`,
  )
  await bench.store.query(
    `update mill.shelves set price = '8', is_processed = false, asked_at = asked_at - interval '1 day' where id = 2`,
  )
  expect(await bench.normalize()).toMatchObject({ records: 2, inserted: 0, changed: 2 })
  expect(await bench.goods()).toMatchObject([
    { price: '9.00' },
    { price: '9.00' },
    { price: '2.50' },
    { price: '2.50' },
  ])
})

test('of a batch one row that its schema, its columns or the database refuse goes to quarantine, and the others are made', async () => {
  const bench = await setup()
  await bench.fill(1, 200)
  await bench.store.query(`update mill.shelves set sizes = '"S"' where id = 7`)
  await bench.store.query(`update mill.shelves set price = '1.005' where id = 77`)
  await bench.store.query(`update mill.shelves set price = '5000000' where id = 123`)
  expect(await bench.normalize()).toMatchObject({ state: 'partial', records: 200, inserted: 394, quarantined: 3 })
  const bad = await bench.store.query(
    `select field, value, reason, (record::jsonb ->> 'id')::int as id from sluice.quarantine order by 4`,
  )
  expect(bad).toMatchObject([
    { id: 7, field: 'sizes', value: '"S"' },
    { id: 77, field: 'price', value: '1.005' },
    { id: 123, field: null, reason: expect.stringContaining('mill.goods does not take it') },
  ])
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 0 })
  const proof = await verify(bench, bench.source, {})
  expect(proof).toMatchObject({ counted: 394, quarantined: 3, undone: 0, wrong: [] })
})

test('all rows of an account are dealt with once more, however many they are, and those of others are left alone', async () => {
  const bench = await setup(10_000)
  await bench.fill(1, 20_500, ['S'])
  await bench.fill(1, 3, ['S'], 'other')
  await bench.store.query('update mill.shelves set is_processed = id <> 7')
  if (!isDerived(shelves)) throw new TypeError('a normalizer is derived')
  const origin = await describeOrigin(bench.store, shelves.from)
  expect(await unflagAll(bench.store, origin, 'main')).toBe(20_499)
  expect(
    await bench.store.query('select account, count(*)::int as n from mill.shelves where is_processed group by 1'),
  ).toEqual([{ account: 'other', n: 3 }])
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 20_500 })
})

test('what was refused is made of the row as it now is, by replaying it', async () => {
  const bench = await setup()
  await bench.fill(1, 3)
  await bench.store.query(`update mill.shelves set sizes = '"S"' where id < 3`)
  await bench.normalize()
  await bench.store.query(`update mill.shelves set sizes = '["S"]' where id = 1`)
  const replayed = await replay(bench.store, [bench.source], {})
  expect(replayed).toEqual({ tried: 2, inserted: 1, changed: 0, unneeded: 0, broken: 1 })
  expect(await bench.goods()).toHaveLength(3)
})

test('a run tells from its first batch on how many rows it has to deal with', async () => {
  const bench = await setup(100)
  await bench.fill(1, 250, ['S'])
  await bench.store.query(`create table seen as select total, records from sluice.runs;
    create function look() returns trigger language plpgsql as $$ begin insert into seen values (new.total, new.records); return null; end $$;
    create trigger look after update on sluice.runs for each row when (new.records > old.records) execute function look()`)
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 250, total: 250 })
  expect(await bench.store.query('select total::int, records::int from seen order by records')).toEqual([
    { total: 250, records: 100 },
    { total: 250, records: 200 },
    { total: 250, records: 250 },
  ])
})

test('a refused row that was mended and dealt with since is told as there already when it is replayed', async () => {
  const bench = await setup()
  await bench.fill(1, 3, ['S'])
  await bench.store.query(`update mill.shelves set sizes = '"S"' where id < 3`)
  await bench.normalize()
  await bench.store.query(`update mill.shelves set sizes = '["S"]', is_processed = false where id = 1`)
  await bench.normalize()
  const replayed = await replay(bench.store, [bench.source], {})
  expect(replayed).toEqual({ tried: 2, inserted: 0, changed: 0, unneeded: 1, broken: 1 })
})

test('a normalizer that throws, or that goes wrong with most rows, harms nothing', async () => {
  const faulty = {
    ...shelves,
    rows: ({ id }: { id: number }) => {
      if (id % 4 === 0) throw new TypeError('no such size')
      return id > 500 ? [{ id, size: null, price: '1', seen_at: new Date() }] : []
    },
  } as unknown as PullStream
  const bench = await setup(200, faulty)
  await bench.fill(1, 100)
  expect(await bench.normalize()).toMatchObject({ state: 'partial', quarantined: 25 })
  await bench.fill(501, 900)
  const failed = await bench.normalize()
  expect(failed).toMatchObject({ state: 'failed', errorCode: 'too-many-broken' })
  expect(failed.error).toContain('nothing of this batch was stored')
  expect(await bench.store.query('select count(*)::int as n from mill.shelves where is_processed')).toEqual([
    { n: 100 },
  ])
})

test('rows that somebody else is just writing are left for the next time', async () => {
  const bench = await setup()
  await bench.fill(1, 3)
  const other = await bench.another(1)
  const release = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const writing = other.transaction(async tx => {
    await tx.query('select from mill.shelves where id = 2 for update')
    held.resolve()
    await release.promise
  })
  await held.promise
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 2 })
  release.resolve()
  await writing
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 1 })
})

test('columns of another table are read with each row; one that lacks them is made as soon as they are there', async () => {
  const priced = vendor('mill', {}).normalize({
    name: 'goods',
    from: 'mill.shelves',
    beside: { table: 'mill.rooms', by: ['account', 'id'], columns: ['size', 'since'] },
    table: 'mill.goods',
    record: z.object({ id: z.int(), size: z.string().optional(), since: z.string().optional() }),
  })({
    key: ['account', 'id', 'size'],
    newer: ['seen_at'],
    schedule: [{ every: '1h' }],
    rows: ({ id, size, since }) => (size && since ? [{ id, size, price: '1', seen_at: new Date(since) }] : undefined),
  })
  const bench = await setup(200, priced)
  await bench.store.query(`create table mill.rooms (account text, id bigint, size text, since timestamptz, primary key (account, id));
    insert into mill.rooms values ('main', 1, 'XL', sluice.now()), ('other', 2, 'S', sluice.now())`)
  await bench.fill(1, 2)
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 2, inserted: 1 })
  expect(await bench.goods()).toMatchObject([{ id: 1, size: 'XL' }])
  await bench.store.query(`insert into mill.rooms values ('main', 2, 'M', sluice.now())`)
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 1, inserted: 1 })
  expect(await bench.goods()).toMatchObject([
    { id: 1, size: 'XL' },
    { id: 2, size: 'M' },
  ])
  expect(await bench.normalize()).toMatchObject({ records: 0 })
})

/** The same normalizer, which takes back what it made before: such goods cost 0 from then on. */
const tidy = normalizer({
  ...steps,
  former: {
    by: ['id'],
    whose: ({ id }) => (id === 9 ? undefined : { id }),
    ended: ({ size, price }, { price: now, asked_at }) => {
      if (size === 'XXL') throw new TypeError('sold by nobody')
      return price === '0.00' ? undefined : { price: now === '13' ? '13000000' : '0', seen_at: asked_at }
    },
  },
})

async function setupTidy() {
  const bench = await setup(2, tidy)
  const changed = (set: string, where: string) =>
    bench.store.query(`update mill.shelves set is_processed = false, asked_at = sluice.now(), ${set} where ${where}`)
  const lines = async () => (await bench.goods()).map(row => Object.values(row).join(' '))
  return { ...bench, changed, lines }
}

test('what a row made before and makes no more is taken back with it, also when it makes nothing; all else stays', async () => {
  const bench = await setupTidy()
  await bench.fill(1, 4)
  await bench.fill(9, 9)
  await bench.store.query(`insert into mill.goods values ('other', 1, 'S', 7, sluice.now())`)
  await bench.normalize()
  await bench.pass(60_000)
  await bench.changed(`sizes = '["M", "L"]'`, 'id = 1')
  await bench.changed(`sizes = '[]'`, 'id in (3, 9)')
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 3, inserted: 1, changed: 4 })
  const now = [
    ...['main 1 L 1.50', 'main 1 M 1.50', 'main 1 S 0.00', 'main 2 M 2.50', 'main 2 S 2.50', 'main 3 M 0.00'],
    ...['main 3 S 0.00', 'main 4 M 4.50', 'main 4 S 4.50', 'main 9 M 9.50', 'main 9 S 9.50', 'other 1 S 7.00'],
  ]
  expect(await bench.lines()).toEqual(now)
  const seen = () => bench.store.query(`select size, seen_at from mill.goods where id = 3 order by size`)
  const ended = await seen()
  await bench.pass(60_000)
  await bench.changed(`sizes = '[]'`, 'id = 3')
  expect(await bench.normalize()).toMatchObject({ records: 1, inserted: 0, changed: 0 })
  expect(await seen()).toEqual(ended)
  await bench.changed(`sizes = '["S"]'`, 'id = 3')
  await bench.normalize()
  expect((await bench.lines()).filter(line => line.startsWith('main 3'))).toEqual(['main 3 M 0.00', 'main 3 S 3.50'])
})

test('as long as a row cannot be made, or what it made before cannot be ended, both stay as they were', async () => {
  const bench = await setupTidy()
  await bench.fill(1, 3, ['S'])
  await bench.fill(4, 4, ['XXL'])
  await bench.fill(5, 8, ['S'])
  await bench.normalize()
  const before = await bench.lines()
  await bench.pass(60_000)
  await bench.changed(`sizes = '["M"]', price = '5000000'`, 'id = 1')
  await bench.changed(`sizes = '["M"]', price = '1.005'`, 'id = 2')
  await bench.changed(`sizes = '["M"]', price = '13'`, 'id = 3')
  await bench.changed(`sizes = '["M"]'`, 'id = 4')
  await bench.changed(`sizes = '["S", "M"]'`, 'id > 4')
  expect(await bench.normalize()).toMatchObject({ state: 'partial', records: 8, inserted: 4, quarantined: 4 })
  expect((await bench.lines()).filter(line => !line.includes(' M '))).toEqual(before)
  const why = await bench.store.query(
    `select field, reason from sluice.quarantine order by (record::jsonb ->> 'id')::int`,
  )
  expect(why).toMatchObject([
    { field: null, reason: expect.stringContaining('mill.goods does not take it') },
    { field: 'price' },
    { field: null, reason: expect.stringContaining('price of a row that it made before') },
    { field: null, reason: 'what it made before cannot be ended: sold by nobody' },
  ])
  await bench.store.query(`update mill.shelves set price = '1', sizes = '["M"]' where id = 1`)
  await replay(bench.store, [bench.source], {})
  expect((await bench.lines()).filter(line => line.startsWith('main 1'))).toEqual(['main 1 M 1.00', 'main 1 S 0.00'])
})

test('a column by which rows are found, and that the table lacks, is told before anything is made', async () => {
  const lost = { ...tidy, former: { by: ['shelf'], whose: () => ({}), ended: () => undefined } } as PullStream
  const bench = await setup(2, lost)
  await bench.fill(1, 1)
  const failed = await bench.normalize()
  expect(failed).toMatchObject({ state: 'failed', errorCode: 'schema-mismatch', records: 0 })
  expect(failed.error).toContain('mill.goods has no column "shelf"')
})

test('when what is read beside rows has changed they are made anew: those rows, of that account, once', async () => {
  const priced = vendor('mill', {}).normalize({
    name: 'goods',
    from: 'mill.shelves',
    beside: { table: 'mill.rooms', by: ['account', 'room'], columns: ['size'], flag: 'is_read' },
    table: 'mill.goods',
    record: z.object({ id: z.int(), size: z.string().optional(), asked_at: z.string() }),
  })({
    key: ['account', 'id', 'size'],
    newer: ['seen_at'],
    schedule: [{ every: '1h' }],
    rows: ({ id, size, asked_at }) => (size ? [{ id, size, price: '1', seen_at: new Date(asked_at) }] : undefined),
  })
  const bench = await setup(200, priced)
  await bench.store.query(`create table mill.rooms (account text, room bigint, size text, is_read boolean not null default false,
      primary key (account, room));
    alter table mill.shelves add column room bigint not null generated always as (id % 250) stored;
    insert into mill.rooms select account, room, 'S' from unnest(array['main', 'other']) account, generate_series(0, 248) room`)
  await bench.fill(1, 1000)
  await bench.fill(1, 10, [], 'other')
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 1000, inserted: 996 })
  const unread = () =>
    bench.store.query(`select account, count(*)::int as n from mill.rooms where not is_read group by 1`)
  expect(await unread()).toEqual([{ account: 'other', n: 249 }])
  await bench.store.query(`update mill.rooms set size = 'M', is_read = false where room between 1 and 120`)
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 4 * 120 + 4, inserted: 4 * 120 })
  expect(await unread()).toEqual([{ account: 'other', n: 249 }])
  expect(await bench.normalize()).toMatchObject({ records: 4, inserted: 0 })
})
