import { expect, test } from 'vitest'
import { noon, setupLot } from './bench.ts'
import { type Script, scripted, type Told } from './script.ts'

/** The list was begun at change 100. */
const listed = { price: 8000, km_age: 62_000, mark: 'Kia' }

type Row = Record<string, unknown>

/** An event about the one advert of a case; ids count on from 200 in steps of 10 unless told. */
type Step = { id?: number; change_type: string; created_at?: unknown; data?: unknown }

type Case = { says: string; isListed?: boolean; steps: Step[]; row: Row; data: Row }

const added = { price: 7000, km_age: 63_000, mark: 'Kia', color: 'red' }

const cases: Case[] = [
  {
    says: 'an advert of the list is active, and older than every event from the anchor on',
    ...{ isListed: true, steps: [] },
    row: { source: 'initial_load', active_status: 0, change_type: 'added', last_change_id: '99', is_partial: false },
    data: listed,
  },
  {
    says: 'C4: one that is added comes into being, whole',
    steps: [{ change_type: 'added', data: added }],
    row: { source: 'daily_update', active_status: 0, change_type: 'added', is_partial: false },
    data: added,
  },
  {
    says: 'C4: one that is known and added anew is told anew',
    ...{ isListed: true, steps: [{ change_type: 'added', data: added }] },
    row: { source: 'initial_load', active_status: 0, change_type: 'added', is_partial: false },
    data: added,
  },
  {
    says: 'C5: only what came is changed, new_price as price',
    ...{ isListed: true, steps: [{ change_type: 'changed', data: { new_price: 7500 } }] },
    row: { source: 'initial_load', active_status: 0, change_type: 'changed', is_partial: false },
    data: { ...listed, price: 7500 },
  },
  {
    says: 'C5: every new_ field goes by its own name, a mileage by km_age, others as they are, zero and null too',
    isListed: true,
    steps: [
      { change_type: 'changed', data: { new_mileage: '0', new_color: 'blue', vin: null, price: 1, new_price: 2 } },
    ],
    row: { change_type: 'changed' },
    data: { ...listed, km_age: '0', color: 'blue', vin: null, price: 2 },
  },
  {
    says: 'C5: one that is unknown comes into being in part',
    steps: [{ change_type: 'changed', data: { new_price: 7500 } }],
    row: { source: 'daily_update', active_status: 0, change_type: 'changed', is_partial: true, is_asked: false },
    data: { price: 7500 },
  },
  {
    says: 'C6: one that is removed keeps what was known of it',
    ...{ isListed: true, steps: [{ change_type: 'removed', data: {} }] },
    row: { source: 'initial_load', active_status: 1, change_type: 'removed', is_partial: false },
    data: listed,
  },
  {
    says: 'C6: what comes with a removal is not merged',
    ...{ isListed: true, steps: [{ change_type: 'removed', data: { price: 0, new_price: 0 } }] },
    row: { active_status: 1 },
    data: listed,
  },
  {
    says: 'C6: a removal counts whatever comes with it',
    ...{ isListed: true, steps: [{ change_type: 'removed', created_at: 'yesterday', data: 'sold' }] },
    row: { active_status: 1, change_type: 'removed', removed_at: null },
    data: listed,
  },
  {
    says: 'C6: a removal counts though its data are a list and its time a number',
    ...{ isListed: true, steps: [{ change_type: 'removed', created_at: 1_762_333_000, data: ['?'] }] },
    row: { active_status: 1, change_type: 'removed', removed_at: null },
    data: listed,
  },
  {
    says: 'C6: one that is unknown comes into being inactive, and nothing is asked about it',
    steps: [{ change_type: 'removed' }],
    row: { source: 'daily_update', active_status: 1, change_type: 'removed', is_asked: true },
    data: {},
  },
  {
    says: 'one that was removed and is added again is active again',
    isListed: true,
    steps: [{ change_type: 'removed' }, { change_type: 'added', data: added }],
    row: { active_status: 0, change_type: 'added', is_partial: false },
    data: added,
  },
  {
    says: 'one that is added without its fields is active again, and is asked about',
    isListed: true,
    steps: [{ change_type: 'removed' }, { change_type: 'added', data: [] }],
    row: { active_status: 0, change_type: 'added', is_asked: false },
    data: listed,
  },
  {
    says: 'a change of one that is gone does not bring it back',
    isListed: true,
    steps: [{ change_type: 'removed' }, { change_type: 'changed', data: { new_price: 5 } }],
    row: { active_status: 1, change_type: 'changed' },
    data: { ...listed, price: 5 },
  },
  {
    says: 'events that come twice and out of order mean what they mean in order',
    isListed: true,
    steps: [
      { id: 930, change_type: 'changed', data: { new_price: 3 } },
      { id: 910, change_type: 'removed' },
      { id: 920, change_type: 'added', data: added },
      { id: 910, change_type: 'removed' },
      { id: 930, change_type: 'changed', data: { new_price: 3 } },
    ],
    row: { active_status: 0, change_type: 'changed', last_change_id: '930' },
    data: { ...added, price: 3 },
  },
  {
    says: 'an event older than the list means nothing',
    ...{ isListed: true, steps: [{ id: 99, change_type: 'removed' }] },
    row: { active_status: 0, change_type: 'added', last_change_id: '99' },
    data: listed,
  },
]

/** A market in which every case has an advert of its own. */
function marketOf(all: readonly Case[]) {
  const numbered = all.map((each, nth) => ({ ...each, innerId: String(1001 + nth) }))
  const offers = numbered.flatMap(({ isListed, innerId }) => (isListed ? [listing(innerId)] : []))
  const told = numbered.flatMap(({ steps, innerId }, nth) =>
    steps.map(({ id = 0, ...step }, at) => ({
      id: id || 200 + nth * 20 + at,
      inner_id: innerId,
      created_at: later,
      ...step,
    })),
  )
  return { numbered, offers, told }
}

const later = '2026-11-05T09:30:00.250+03:00'

function listing(inner_id: string, data: unknown = listed): Told {
  return { id: 1, inner_id, change_type: 'added', created_at: '2026-10-01T08:00:00Z', data }
}

const columns = `source, active_status, change_type, last_change_id::text, is_partial, is_asked, removed_at`

test('events mean for each advert what they should, known or not, once or twice, in order or not', async () => {
  const { numbered, offers, told } = marketOf(cases)
  const answers = [{ result: told, meta: { cur_change_id: 100, next_change_id: null, limit: 1000 } }]
  const script: Script = { offers, asked: [], answers }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  expect(await lot.sync('changes')).toMatchObject({ state: 'success', quarantined: 0 })
  for (const { says, innerId, row, data } of numbered) {
    const found = await lot.rows<Row>(`select ${columns}, data from che168.raw_data where inner_id = $1`, [innerId])
    expect(found, says).toMatchObject([row])
    expect(found[0]!.data, says).toEqual(data)
  }
  const ids = new Set(told.map(({ id }) => id).filter(id => id >= 100))
  expect(await lot.rows('select change_id from che168.events')).toHaveLength(ids.size)
})

test('what an event touches is to be normalised again, and bears the time of the event beside its first one', async () => {
  const script: Script = { offers: [listing('1'), listing('2')], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  await lot.rows('update che168.raw_data set is_processed = true')
  script.events = [{ id: 100, inner_id: '2', change_type: 'changed', created_at: later, data: { new_price: 1 } }]
  await lot.sync('changes')
  const rows = await lot.rows(
    'select inner_id, is_processed, created_at, first_created_at, vendor_id from che168.raw_data order by inner_id',
  )
  const first = new Date('2026-10-01T08:00:00Z')
  expect(rows).toEqual([
    { inner_id: '1', is_processed: true, created_at: first, first_created_at: first, vendor_id: '1' },
    { inner_id: '2', is_processed: false, created_at: new Date(later), first_created_at: first, vendor_id: '1' },
  ])
})

test('events that were taken already, offered once more by a later page, change nothing', async () => {
  const old: Told[] = [
    { id: 100, inner_id: '1', change_type: 'removed', created_at: later },
    { id: 101, inner_id: '1', change_type: 'added', created_at: later, data: added },
  ]
  const script: Script = { offers: [listing('1')], events: old, asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  await lot.sync('changes')
  const before = await lot.rows('select * from che168.raw_data')
  script.answers = [{ result: old, meta: { cur_change_id: 102, next_change_id: null, limit: 20 } }]
  expect(await lot.sync('changes')).toMatchObject({ state: 'success', inserted: 0, changed: 0 })
  expect(await lot.rows('select * from che168.raw_data')).toEqual(before)
})

test('the list that comes to an advert of which events have told a part is the rest of it', async () => {
  const event = { id: 200, inner_id: '1', change_type: 'changed', created_at: later, data: { new_price: 1 } }
  const script: Script = { offers: [listing('1')], events: [event], first: 100, asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('changes')
  await lot.rows('update che168.raw_data set is_processed = true')
  await lot.sync('offers')
  const [row] = await lot.rows(`select ${columns}, data, is_processed from che168.raw_data`)
  expect(row).toMatchObject({
    ...{ source: 'daily_update', active_status: 0, change_type: 'changed', last_change_id: '200', is_partial: false },
    ...{ data: { ...listed, price: 1 }, is_processed: false, is_asked: true },
  })
  expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 0, counted: 0 })
})

test('an advert told in part is asked about, in either form of the answer, and keeps what events have said', async () => {
  const change = (id: number, inner_id: string, data: unknown) => ({
    id,
    inner_id,
    change_type: 'changed',
    created_at: later,
    data,
  })
  const script: Script = {
    offers: [listing('1')],
    events: [
      change(100, '1', { new_price: 7 }),
      change(101, '2', { new_price: 5, new_mileage: 9 }),
      change(102, '3', { new_price: 6 }),
      change(103, '4', { new_price: 4 }),
      { id: 104, inner_id: '1', change_type: 'removed' },
      { id: 105, inner_id: '1', change_type: 'added' },
    ],
    adverts: {
      1: { inner_id: 1, price: 70, mark: 'Lada' },
      2: { inner_id: '2', price: 50, km_age: 1, mark: 'Audi' },
      3: { data: { inner_id: '3', price: 6, mark: 'BMW' } },
    },
    asked: [],
  }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  await lot.sync('changes')
  expect(await lot.sync('offer')).toMatchObject({ state: 'success' })
  const rows = await lot.rows(`select inner_id, is_partial, data from che168.raw_data order by inner_id`)
  expect(rows).toEqual([
    { inner_id: '1', is_partial: false, data: { inner_id: 1, price: 70, mark: 'Lada' } },
    { inner_id: '2', is_partial: false, data: { inner_id: '2', price: 5, km_age: 9, mark: 'Audi' } },
    { inner_id: '3', is_partial: false, data: { inner_id: '3', price: 6, mark: 'BMW' } },
    { inner_id: '4', is_partial: true, data: { price: 4 } },
  ])
  const asked = () => script.asked.filter(each => each.startsWith('offer?'))
  expect(asked()).toHaveLength(4)
  await lot.sync('offer')
  expect(asked()).toHaveLength(4)
  script.events!.push(change(106, '4', { new_price: 3 }))
  await lot.sync('changes')
  await lot.sync('offer')
  expect(asked().slice(4)).toEqual(['offer?inner_id=4'])
  script.events!.push({ id: 107, inner_id: '4', change_type: 'removed' })
  await lot.sync('changes')
  expect(await lot.rows(`select active_status from che168.raw_data where inner_id = '4'`)).toEqual([
    { active_status: 1 },
  ])
})

test('prices are kept as they have been, from the list on, the same one once, and late ones in their place', async () => {
  const change = (id: number, new_price: unknown) => ({
    id,
    inner_id: '1',
    change_type: 'changed',
    created_at: later,
    data: { new_price },
  })
  const script: Script = {
    offers: [listing('1', { price: '98000' }), listing('2', { price: 0 })],
    events: [
      change(100, 97_000),
      change(101, '97000'),
      change(102, ''),
      change(103, '96500.50'),
      change(104, 'ask us'),
    ],
    asked: [],
  }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  await lot.sync('changes')
  script.answers = [{ result: [change(110, 96_000), change(108, 96_200)], meta: {} }]
  await lot.sync('changes')
  script.answers = [{ result: [change(109, 96_100)], meta: {} }]
  await lot.sync('changes')
  const rows = await lot.rows(
    'select inner_id, change_id::text, at, price::text, currency from che168.price_history h order by h.change_id',
  )
  const of = { inner_id: '1', currency: 'CNY' }
  expect(rows).toEqual([
    { ...of, change_id: '99', at: new Date('2026-10-01T08:00:00Z'), price: '98000.000000' },
    { ...of, change_id: '100', at: new Date(later), price: '97000.000000' },
    { ...of, change_id: '103', at: new Date(later), price: '96500.500000' },
    { ...of, change_id: '108', at: new Date(later), price: '96200.000000' },
    { ...of, change_id: '109', at: new Date(later), price: '96100.000000' },
    { ...of, change_id: '110', at: new Date(later), price: '96000.000000' },
  ])
})

test('a list that is taken anew replaces what it is newer than, and tells which adverts it lacks', async () => {
  const script: Script = { offers: [listing('1'), listing('2'), listing('3')], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  script.events = [{ id: 300, inner_id: '3', change_type: 'changed', created_at: later, data: { new_price: 3 } }]
  await lot.sync('changes')
  const first = await lot.rows('select inner_id, id, first_loaded_at from che168.raw_data order by inner_id')
  Object.assign(script, { first: 250, offers: [listing('1', { price: 1 }), listing('3', { price: 30 }), listing('4')] })
  expect(await lot.sync('offers')).toMatchObject({ state: 'success', records: 0 })
  await lot.pass(3_600_000)
  lot.change('offers', { list_since: new Date(noon + 1000).toISOString() })
  expect(await lot.sync('offers')).toMatchObject({ state: 'success', records: 3, inserted: 1 })
  const rows = await lot.rows(
    `select inner_id, data -> 'price' as price, last_change_id::text as last, source from che168.raw_data order by inner_id`,
  )
  const source = 'initial_load'
  expect(rows).toEqual([
    { inner_id: '1', price: 1, last: '249', source },
    { inner_id: '2', price: 8000, last: '99', source },
    { inner_id: '3', price: 3, last: '300', source },
    { inner_id: '4', price: 8000, last: '249', source },
  ])
  expect(
    (await lot.rows('select inner_id, id, first_loaded_at from che168.raw_data order by inner_id')).slice(0, 3),
  ).toEqual(first)
  expect(await lot.rows('select inner_id from che168.unlisted')).toEqual([{ inner_id: '2' }])
  expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 4, counted: 4 })
})
