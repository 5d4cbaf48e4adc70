import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { adverts } from '../../src/connectors/che168/adverts.ts'
import advert from '../../src/connectors/che168/normal/fixtures/advert.json' with { type: 'json' }
import { che168 } from '../../src/connectors/che168/vendor.ts'
import type { Source } from '../../src/core/source.ts'
import type { DerivedStream } from '../../src/core/stream.ts'
import { describeOrigin, unflagAll } from '../../src/db/origins.ts'
import { plan } from '../../src/engine/plan.ts'
import { setupDatabase } from '../setup/database.ts'
import { finishRuns, startEngine } from '../setup/engine.ts'

/** The part of the raw table that the normalizer reads; where the connector's own is there, that is taken. */
const rawTable = `
  create schema if not exists che168;
  create table if not exists che168.raw_data (
    account text not null, id bigint generated always as identity, vendor_id text, inner_id text not null,
    change_type text not null, created_at timestamptz, data jsonb not null, first_loaded_at timestamptz not null,
    last_updated_at timestamptz not null, source text not null, active_status smallint not null,
    is_processed boolean not null, last_change_id bigint not null, is_whole boolean not null,
    is_partial boolean not null generated always as (not is_whole) stored, is_asked boolean not null,
    removed_at timestamptz, primary key (account, inner_id))`

const processed = join(import.meta.dirname, '../../src/connectors/che168/migrations/002_processed.sql')

type Raw = { data: unknown; active?: boolean; partial?: boolean }

/** Raw adverts without a vendor, and what becomes of them. */
async function setup() {
  const database = await setupDatabase()
  const { store } = database
  let now = Date.parse('2026-03-01T12:00:00Z')
  const at = async (moment: number) => {
    now = moment
    await database.at(new Date(now))
  }
  await at(now)
  await store.query(rawTable)
  const [made] = await store.query<{ is: boolean }>(`select to_regclass('che168.processed_data') is not null as is`)
  if (!made!.is) await store.query(readFileSync(processed, 'utf8'))
  const connector = che168.connector({ url: 'http://che168.example', streams: [adverts], migrations: '' })
  const base = { connector, account: 'main', credentials: {}, baseUrl: '', settings: {} }
  const source: Source = { ...base, stream: adverts, options: { batch_size: 200 } }
  const running = await startEngine(database, { sources: [source] })
  onTestFinished(() => running.stop())
  return {
    store,
    rows: <R extends object = Record<string, unknown>>(text: string) => store.query<R>(text),
    fill: (list: readonly Raw[], from = 50_000_000) =>
      store.query(
        `insert into che168.raw_data (account, vendor_id, inner_id, change_type, created_at, data, first_loaded_at,
           last_updated_at, source, active_status, is_processed, last_change_id, is_whole, is_asked, removed_at)
         select 'main', n::text, (n + $1)::text, case when active then 'added' else 'removed' end, sluice.now(), data,
           sluice.now(), sluice.now(), 'initial_load', case when active then 0 else 1 end, false, n, not partial, true, case when not active then sluice.now() end
         from jsonb_to_recordset($2::jsonb) as r(n bigint, data jsonb, active boolean, partial boolean)`,
        [from, JSON.stringify(list.map((raw, n) => ({ active: true, partial: false, ...raw, n })))],
      ),
    normalize: async () => {
      const { runs } = await plan(running.engine, { source, parts: [{}], cause: 'sync' })
      return (await finishRuns({ store, at, now: () => now, calls: () => 0 }, runs))[0]!
    },
    again: async () => unflagAll(store, await describeOrigin(store, (adverts as DerivedStream).from), 'main'),
  }
}

test('of 400 adverts one cannot be read: it alone is in quarantine, with field, value and reason', async () => {
  const bench = await setup()
  const list = Array.from({ length: 400 }, (_, n) => ({ data: { ...advert, price: String(100_000 + n) } as object }))
  list[77] = { data: { ...advert, price: [158_000] } }
  await bench.fill(list)
  expect(await bench.normalize()).toMatchObject({
    state: 'partial',
    records: 400,
    inserted: 399,
    quarantined: 1,
    pages: 3,
  })
  expect(
    await bench.rows(`select field, value, reason, record::jsonb ->> 'inner_id' as inner_id from sluice.quarantine`),
  ).toEqual([
    { field: 'data.price', value: '[158000]', reason: 'is neither a text nor a number', inner_id: '50000077' },
  ])
  const [sums] = await bench.rows(
    `select count(*)::int as adverts, sum(price)::int as price, count(distinct url)::int as pages, min(gears) as gears,
       count(*) filter (where active and mark = 'Mercedes-Benz' and displacement_cc = 1497 and city_code = '4420')::int as right
     from che168.processed_data`,
  )
  expect(sums).toEqual({
    adverts: 399,
    price: 400 * 100_000 + (399 * 400) / 2 - 100_077,
    pages: 1,
    gears: 9,
    right: 399,
  })
}, 60_000)

test('what is gone or known in pieces has a row, and what changes is made anew', async () => {
  const bench = await setup()
  await bench.fill([
    { data: advert },
    { data: advert, active: false },
    { data: { price: 7500 }, partial: true },
    { data: {}, active: false, partial: true },
  ])
  expect(await bench.normalize()).toMatchObject({ state: 'success', inserted: 4 })
  const rows = () =>
    bench.rows(
      `select active, partial, mark, price, removed_at is not null as removed from che168.processed_data order by inner_id`,
    )
  const whole = { partial: false, mark: 'Mercedes-Benz', price: 135_800 }
  const [, gone, piece, nothing] = [
    { active: true, removed: false, ...whole },
    { active: false, removed: true, ...whole },
    { active: true, removed: false, partial: true, mark: null, price: 7_500 },
    { active: false, removed: true, partial: true, mark: null, price: null },
  ]
  expect(await rows()).toEqual([{ active: true, removed: false, ...whole }, gone, piece, nothing])
  await bench.store.query(
    `update che168.raw_data set data = data || '{"price": "99000"}', last_change_id = last_change_id + 9,
       last_updated_at = last_updated_at + interval '1 day', is_processed = false where inner_id = '50000000'`,
  )
  expect(await bench.normalize()).toMatchObject({ records: 1, inserted: 0, changed: 1 })
  expect(await rows()).toEqual([{ active: true, removed: false, ...whole, price: 99_000 }, gone, piece, nothing])
  expect(await bench.again()).toBe(4)
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 4, inserted: 0, changed: 0 })
}, 60_000)

test('words that no dictionary has are listed by how often they occur', async () => {
  const bench = await setup()
  const odd = (data: object) => ({ data: { ...advert, ...data } })
  await bench.fill([
    ...[odd({ color: 'Серо-Буро' }), odd({ color: 'Серо-Буро', mark: '金冠汽车' }), odd({ mark: '金冠汽车' })],
    ...[odd({ color: 'Серо-Буро' }), odd({ address: '合肥, 高新区' }), odd({})],
  ])
  expect(await bench.normalize()).toMatchObject({ state: 'success', inserted: 6 })
  expect(await bench.rows('select field, value, adverts::int from che168.unmapped_values')).toEqual([
    { field: 'color', value: 'Серо-Буро', adverts: 3 },
    { field: 'mark', value: '金冠汽车', adverts: 2 },
    { field: 'district', value: '高新区', adverts: 1 },
  ])
  expect(await bench.rows("select mark, color from che168.processed_data where mark ~ '金' order by inner_id")).toEqual(
    [
      { mark: '金冠汽车', color: null },
      { mark: '金冠汽车', color: 'black' },
    ],
  )
}, 60_000)

/** Values at and beyond the edges of every column, in the fields and in each line of the table. */
const edges = fc.constantFrom<unknown>(
  ...[
    '0',
    '1',
    '-1',
    '1.5',
    '9.99',
    '0.05',
    '0.004',
    '32767',
    '32768',
    '65536',
    '99999',
    '2147483648',
    '99999999999999999999',
  ],
  ...[
    '1e308',
    'NaN',
    '',
    '-',
    '未知',
    '9'.repeat(40),
    '999.99',
    '1000',
    '20',
    '20.04',
    '19.96',
    '30000',
    '12345.678',
    '无级变速',
  ],
  ...[
    '4门7/8/9座',
    '5门999-9999座',
    '9999*9999*9999',
    '99999*未知*1',
    '99挡',
    '1.5T 9999马力 L99',
    '纯电动 9999马力',
    '31.08万',
    '99999亿',
  ],
  ...[
    '2019款',
    'x 9999款 y',
    '2019-06',
    '0000-01',
    '9999-12-31',
    'A'.repeat(3_000),
    '\u2028',
    '\\',
    "'",
    '"',
    '\\u0041',
  ],
  ...[0, 1.5, -1, 1e308, 5e-324, 2 ** 53],
)

test('whatever is in the fields, the columns take what is made of it', async () => {
  const bench = await setup()
  const [{ paramtypeitems: groups }, names] = [advert.extra.configuration, Object.keys(advert)]
  const spoilt = fc.sample(fc.array(edges, { minLength: 120, maxLength: 120 }), { seed: 7, numRuns: 600 })
  const electric = [
    '电动机总功率(kW)',
    '系统综合功率(kW)',
    '电池能量(kWh)',
    'CLTC纯电续航里程(km)',
    '快充时间(小时)',
    '整备质量(kg)',
    '高度(mm)',
  ]
  const list = spoilt.map((values, n) => {
    const next = () => values.pop()
    const data: Record<string, unknown> = { ...advert }
    for (const name of names) if (n % 2 === 0 && name !== 'extra') data[name] = next()
    const items = electric.map((name, id) => ({ id, name, value: next() }))
    const paramtypeitems = groups.map(({ name, paramitems }) => ({
      name,
      paramitems: paramitems.map(item => ({ ...item, value: n % 3 === 0 ? item.value : next() })),
    }))
    const configuration = { paramtypeitems: [...paramtypeitems, { name: '别的', paramitems: items }] }
    return { data: { ...data, extra: { ...advert.extra, configuration } } }
  })
  await bench.fill(list)
  expect(await bench.normalize()).toMatchObject({ state: 'success', records: 600, inserted: 600, quarantined: 0 })
  const [seen] = await bench.rows(
    `select count(*) filter (where quality_flags is null)::int as clean, count(distinct power)::int as powers from che168.processed_data`,
  )
  expect(seen!.clean).toBeLessThan(300)
  expect(seen!.powers).toBeGreaterThan(3)
}, 60_000)
