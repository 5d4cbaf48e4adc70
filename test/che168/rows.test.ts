import { expect, test } from 'vitest'
import type { Vendor } from '../../src/sim/serve.ts'
import { noon, setupLot } from './bench.ts'
import { type Script, scripted, type Told } from './script.ts'

const whole = { price: 8000, km_age: 62_000, mark: 'Kia' }

function listing(inner_id: string, more: Partial<Told> = {}): Told {
  return { id: 1, inner_id, change_type: 'added', created_at: '2026-10-01T08:00:00Z', data: whole, ...more }
}

function event(id: number, inner_id: string, change_type: string, minute: number, data: object = {}): Told {
  return { id, inner_id, change_type, created_at: at(minute).toISOString(), data }
}

const at = (minute: number) => new Date(noon - 3_600_000 + minute * 60_000)

/** The same vendor by a clock that is wrong by so much (ms). */
function belated({ fetch }: Vendor, ms: number): Vendor {
  return {
    fetch: async request => {
      const answer = await fetch(request)
      answer.headers.set('date', new Date(noon - ms).toUTCString())
      return answer
    },
  }
}

test('a record of the list that tells of nothing that is known leaves that one out, and no other', async () => {
  const offers = [listing('1'), listing('2', { change_type: 'updated' }), listing('3', { change_type: 'removed' })]
  const lot = await setupLot({ before: () => scripted({ offers, asked: [] }) })
  expect(await lot.sync('offers')).toMatchObject({ state: 'partial', quarantined: 1 })
  expect(await lot.quarantine()).toMatchObject([{ field: 'change_type', value: '"updated"' }])
  expect(await lot.rows('select inner_id, active_status, removed_at from che168.raw_data order by inner_id')).toEqual([
    { inner_id: '1', active_status: 0, removed_at: null },
    { inner_id: '3', active_status: 1, removed_at: new Date('2026-10-01T08:00:00Z') },
  ])
})

test('what completes an advert comes to its typed row, though the clock of the vendor is behind', async () => {
  const events = [event(200, '1', 'changed', 0, { new_price: 1 })]
  const script: Script = { offers: [listing('1')], events, asked: [] }
  const lot = await setupLot({ before: () => belated(scripted(script), 60_000) })
  const typed = async () => {
    await lot.sync('adverts')
    return lot.rows('select mark, price, partial from che168.processed_data')
  }
  await lot.sync('changes')
  expect(await typed()).toEqual([{ mark: null, price: 1, partial: true }])
  await lot.sync('offers')
  expect(await typed()).toEqual([{ mark: 'Kia', price: 1, partial: false }])
})

test('since when an advert is gone is kept whatever is told of it later, until it is back', async () => {
  const script: Script = { offers: [listing('1'), listing('2'), listing('3')], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  const gone = async () => {
    await lot.sync('changes')
    await lot.sync('adverts')
    const rows = await lot.rows<{ removed_at: Date | null }>(
      'select removed_at from che168.processed_data order by inner_id',
    )
    return rows.map(({ removed_at }) => removed_at)
  }
  await lot.sync('offers')
  script.events = [event(100, '1', 'removed', 1), event(101, '1', 'changed', 2, { new_price: 7 })]
  script.events.push({ ...event(102, '2', 'removed', 3), created_at: '' }, event(103, '4', 'removed', 4))
  expect(await gone()).toEqual([at(1), null, null, at(4)])
  script.events.push(event(104, '1', 'added', 5, whole))
  expect(await gone()).toEqual([null, null, null, at(4)])
})

test('what events have told stays where the list tells nothing of the advert', async () => {
  const script: Script = { events: [event(100, '1', 'changed', 0, { new_price: 7 })], asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('changes')
  Object.assign(script, { first: 250, offers: [listing('1', { data: {} })] })
  await lot.sync('offers')
  expect(await lot.rows('select data, is_whole, is_asked from che168.raw_data')).toEqual([
    { data: { price: 7 }, is_whole: false, is_asked: false },
  ])
})

test('an advert that comes in the envelope of an event is taken out of it', async () => {
  const script: Script = { events: [event(100, '1', 'changed', 0, { new_price: 7 })], asked: [] }
  script.adverts = { 1: listing('1', { data: { ...whole, inner_id: '1' } }) }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('changes')
  await lot.sync('offer')
  expect(await lot.rows('select data from che168.raw_data')).toEqual([{ data: { ...whole, inner_id: '1', price: 7 } }])
})
