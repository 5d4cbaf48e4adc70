import { expect, test } from 'vitest'
import { replay } from '../../src/engine/replay.ts'
import { hour, setupLot } from './bench.ts'
import { type Script, scripted, type Told } from './script.ts'

/** The list was begun at change 100. */
const listed = { inner_id: '1', price: 8000, km_age: 62_000, mark: 'Kia' }
const added = { price: 7000, km_age: 63_000, mark: 'Kia', color: 'red' }
const answered = { inner_id: '1', price: 3, km_age: 62_000, mark: 'Kia', color: 'blue' }

type Event = { id: number; change_type: string; data?: unknown; created_at?: string }

type Case = {
  says: string
  /** Whether the list has the advert, and from which change on it is taken anew after the first events. */
  isListed?: boolean
  relisted?: number
  /** Events in their turn, and the one that comes behind them. */
  first: Event[]
  late: Event
  /** What the vendor says of the advert when it is asked; it does not know it where this is left out. */
  answer?: object
  isAsked: boolean
  gone: 0 | 1
  data: object
}

const change = (id: number, data: object): Event => ({ id, change_type: 'changed', data })
const gone = (id: number): Event => ({ id, change_type: 'removed' })
const add = (id: number, data: object = added): Event => ({ id, change_type: 'added', data })

const cases: Case[] = [
  {
    says: 'a change is asked about, and what later ones have told holds',
    ...{
      isListed: true,
      first: [change(300, { new_price: 3 })],
      late: change(200, { new_price: 5, new_color: 'blue' }),
    },
    answer: { ...answered, price: 9 },
    ...{ isAsked: true, gone: 0, data: { ...answered, price: 3 } },
  },
  {
    says: 'a change of one that was added again since means nothing',
    ...{ isListed: true, first: [add(300)], late: change(200, { new_price: 5 }) },
    ...{ isAsked: false, gone: 0, data: added },
  },
  {
    says: 'a change of one that is gone means nothing',
    ...{ isListed: true, first: [gone(300)], late: change(200, { new_price: 5 }) },
    ...{ isAsked: false, gone: 1, data: listed },
  },
  {
    says: 'a change from before the newer list means nothing',
    ...{ isListed: true, first: [], relisted: 250, late: change(200, { new_price: 5 }) },
    ...{ isAsked: false, gone: 0, data: listed },
  },
  {
    says: 'a removal makes it gone, though changes were told since',
    ...{ isListed: true, first: [change(300, { new_price: 3 })], late: gone(200), answer: answered },
    ...{ isAsked: false, gone: 1, data: { ...listed, price: 3 } },
  },
  {
    says: 'a removal of one that was added again since means nothing',
    ...{ isListed: true, first: [add(300), change(310, { new_price: 3 })], late: gone(200) },
    ...{ isAsked: false, gone: 0, data: { ...added, price: 3 } },
  },
  {
    says: 'a removal before a list that was begun since is asked about, and is none where the advert is found',
    ...{ isListed: true, first: [change(300, { new_price: 3 })], relisted: 250, late: gone(200), answer: answered },
    ...{ isAsked: true, gone: 0, data: answered },
  },
  {
    says: 'a removal before a list that was begun since is one where the advert is not found',
    ...{ isListed: true, first: [change(300, { new_price: 3 })], relisted: 250, late: gone(200) },
    ...{ isAsked: true, gone: 1, data: { ...listed, price: 3 } },
  },
  {
    says: 'an addition is the rest of one of which a part is known',
    ...{ first: [change(300, { new_price: 3 })], late: add(200) },
    ...{ isAsked: false, gone: 0, data: { ...added, price: 3 } },
  },
  {
    says: 'an addition of one that was removed since leaves it so',
    ...{ first: [gone(300)], late: add(200) },
    ...{ isAsked: false, gone: 1, data: added },
  },
  {
    says: 'an addition of one that was removed before it is asked about, and brings it back where it is found',
    ...{ isListed: true, first: [gone(190), change(300, { new_price: 3 })], late: add(200), answer: answered },
    ...{ isAsked: true, gone: 0, data: answered },
  },
  {
    says: 'an addition of one that was removed before it brings it back, though nothing of it has changed',
    ...{ isListed: true, first: [gone(190), change(300, { new_price: 8000 })], late: add(200), answer: listed },
    ...{ isAsked: true, gone: 0, data: listed },
  },
  {
    says: 'an addition of one that was removed before it brings nothing back where it is not found',
    ...{ isListed: true, first: [gone(190), change(300, { new_price: 3 })], late: add(200) },
    ...{ isAsked: true, gone: 1, data: { ...listed, price: 3 } },
  },
]

const told = ({ data = {}, ...event }: Event): Told => ({
  ...{ inner_id: '1', created_at: '2026-11-05T09:00:00Z', data },
  ...event,
})

test.each(cases)('an event that comes late: $says', async one => {
  const offers = one.isListed ? [{ id: 1, inner_id: '1', change_type: 'added', data: listed }] : []
  const script: Script = { offers, asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  const changes = async (...events: Event[]) => {
    script.answers = [{ result: events.map(told), meta: { next_change_id: null } }]
    expect(await lot.sync('changes')).toMatchObject({ state: 'success' })
  }
  await lot.sync('offers')
  await changes(...one.first)
  await lot.sync('offer')
  if (one.relisted !== undefined) {
    await lot.pass(hour)
    script.first = one.relisted
    lot.change('offers', { list_since: new Date(lot.now()).toISOString() })
    await lot.sync('offers')
  }
  const of = () => script.asked.filter(each => each.startsWith('offer?')).length
  const before = of()
  if (one.answer) script.adverts = { 1: one.answer }
  await changes(one.late)
  await lot.sync('offer')
  expect(of() - before).toBe(one.isAsked ? 1 : 0)
  const found = await lot.rows('select active_status as gone, data from che168.raw_data')
  expect(found).toEqual([{ gone: one.gone, data: one.data }])
  const all = await lot.rows('select * from che168.raw_data')
  await changes(one.late)
  await lot.sync('offer')
  expect(await lot.rows('select * from che168.raw_data')).toEqual(all)
})

test('an advert that was not found is asked about again when it has changed, and is back where it is found', async () => {
  const listing = { id: 1, inner_id: '1', change_type: 'added', data: {} }
  const script: Script = { offers: [listing], events: [], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  const standing = () => lot.rows(`select active_status as gone, (data ->> 'price')::int as price from che168.raw_data`)
  await lot.sync('offers')
  await lot.sync('changes')
  await lot.sync('offer')
  expect(await standing()).toEqual([{ gone: 1, price: null }])
  script.events = [told(change(200, { new_price: 3 }))]
  script.adverts = { 1: answered }
  await lot.sync('changes')
  expect(await standing()).toEqual([{ gone: 1, price: 3 }])
  await lot.sync('offer')
  expect(await standing()).toEqual([{ gone: 0, price: 3 }])
})

test('a change of an advert that was removed after all is not asked about, though it was not found once', async () => {
  const listing = { id: 1, inner_id: '1', change_type: 'added', data: {} }
  const script: Script = { offers: [listing], events: [], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  for (const name of ['offers', 'changes', 'offer']) await lot.sync(name)
  script.events = [add(200), gone(201), change(202, { new_price: 3 })].map(told)
  script.adverts = { 1: answered }
  await lot.sync('changes')
  expect(await lot.sync('offer')).toMatchObject({ records: 0 })
  expect(await lot.rows('select active_status as gone from che168.raw_data')).toEqual([{ gone: 1 }])
})

test('a removal that is replayed from quarantine behind a later change makes the advert gone', async () => {
  const offers = [{ id: 1, inner_id: '1', change_type: 'added', data: listed }]
  const events = [told({ id: 200, change_type: 'removed' }), told(change(300, { new_price: 3 }))]
  const script: Script = { offers, events: [{ ...events[0]!, change_type: 'sold' }, events[1]!], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  expect(await lot.sync('changes')).toMatchObject({ state: 'partial', quarantined: 1 })
  await lot.rows(`update sluice.quarantine set record = replace(record, 'sold', 'removed')`)
  expect(await replay(lot.store, [lot.source('changes')], {})).toMatchObject({ tried: 1, broken: 0 })
  expect(await lot.rows('select active_status as gone, removed_at from che168.raw_data')).toEqual([
    { gone: 1, removed_at: new Date('2026-11-05T09:00:00Z') },
  ])
})

test('an answer about no advert, or about another one, is in quarantine, and the other adverts are asked about all the same', async () => {
  const events = ['1', '2', '3'].map((inner_id, at) => ({ ...told(change(200 + at, { new_price: 5 })), inner_id }))
  const adverts = { 1: { error: 'sold' }, 2: { ...answered, inner_id: '9' }, 3: { ...answered, inner_id: 3 } }
  const script: Script = { events, adverts, asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  await lot.sync('changes')
  expect(await lot.sync('offer')).toMatchObject({ state: 'partial', quarantined: 2 })
  const bad = await lot.quarantine()
  expect(bad.map(({ field, reason }) => [field, reason]).toSorted()).toEqual([
    ['in_place_of', 'is the advert that was asked for, and the answer is about another one'],
    ['inner_id', 'is no number of an advert'],
  ])
  expect(await lot.rows(`select inner_id, data ->> 'color' as color from che168.raw_data order by 1`)).toEqual([
    ...[
      { inner_id: '1', color: null },
      { inner_id: '2', color: null },
    ],
    { inner_id: '3', color: 'blue' },
  ])
  expect(await lot.sync('offer')).toMatchObject({ state: 'success', records: 0 })
  expect(script.asked.filter(each => each.startsWith('offer?'))).toHaveLength(3)
})
