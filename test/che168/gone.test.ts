import { expect, test } from 'vitest'
import type { Vendor } from '../../src/sim/serve.ts'
import { type Bench, books, day, hour, noon, setupLot } from './bench.ts'
import { type Script, scripted, type Told } from './script.ts'

const whole = { price: 8000, km_age: 62_000, mark: 'Kia' }

function listing(inner_id: string, data: object = whole): Told {
  return { id: 1, inner_id, change_type: 'added', created_at: '2026-10-01T08:00:00Z', data }
}

function event(id: number, inner_id: string, change_type: string, data: object = {}): Told {
  return { id, inner_id, change_type, created_at: '2026-11-05T09:00:00Z', data }
}

const stand = ({ rows }: Bench, ...ids: string[]) =>
  rows(
    `select inner_id, active_status as gone, (data ->> 'price')::int as price, is_processed from che168.raw_data
     where inner_id = any($1) order by inner_id`,
    [ids],
  )

/** The adverts that /offer is asked about, in their order. */
const asked = ({ asked }: Script) => asked.flatMap(each => /^offer\?inner_id=(\d+)/.exec(each)?.[1] ?? [])

/** The same vendor by a clock that is a day ahead. */
function ahead({ fetch }: Vendor): Vendor {
  return {
    fetch: async request => {
      const answer = await fetch(request)
      answer.headers.set('date', new Date(noon + day).toUTCString())
      return answer
    },
  }
}

/** A list that lacks adverts which the one before it had, taken after their events were lost. */
async function relisted(script: Script, vendor = scripted(script)) {
  const lot = await setupLot({ before: () => vendor })
  await lot.sync('offers')
  await lot.pass(hour)
  return {
    ...lot,
    relist: async (offers: Told[], first: number) => {
      Object.assign(script, { offers, first })
      lot.change('offers', { list_since: new Date(lot.now()).toISOString() })
      expect(await lot.sync('offers')).toMatchObject({ state: 'success' })
      await lot.rows('update che168.raw_data set is_processed = true')
      await lot.pass(hour)
    },
  }
}

test('adverts that were sold while the vendor forgot its events are gone after a new list, and no others', async () => {
  const lot = await setupLot({ world: { kept: 60, eventsPerDay: 120 } })
  await lot.sync('offers')
  await lot.sync('changes')
  await lot.at(noon + 4 * day)
  await lot.sync('changes')
  expect(await lot.alerts()).toMatchObject([{ code: 'history-lost' }])
  lot.change('offers', { list_since: '2026-11-10' })
  await lot.sync('offers')
  await lot.sync('changes')
  expect(await lot.rows('select 1 from che168.unlisted')).not.toEqual([])
  await lot.sync('offer')
  expect(await lot.rows('select 1 from che168.unlisted')).toEqual([])
  const active = (await lot.rows<{ inner_id: string }>('select inner_id from che168.raw_data where active_status = 0'))
    .map(({ inner_id }) => inner_id)
    .toSorted()
  const truth = (await books(lot, lot.now())).filter(({ active_status }) => active_status === 0)
  expect(active).toEqual(truth.map(({ inner_id }) => inner_id))
})

test('an advert that a list lacks is asked about: it is gone where it is not found, and as it is told where it is', async () => {
  const script: Script = { offers: ['1', '2', '3'].map(id => listing(id)), asked: [] }
  const lot = await relisted(script)
  await lot.relist([listing('3')], 250)
  script.adverts = { 2: { inner_id: '2', ...whole, price: 7000 } }
  await lot.sync('offer')
  expect(asked(script)).toEqual(['1', '2'])
  expect(await stand(lot, '1', '2', '3')).toEqual([
    { inner_id: '1', gone: 1, price: 8000, is_processed: false },
    { inner_id: '2', gone: 0, price: 7000, is_processed: false },
    { inner_id: '3', gone: 0, price: 8000, is_processed: true },
  ])
  await lot.sync('offer')
  expect(asked(script)).toEqual(['1', '2'])
  expect(await lot.rows('select inner_id from che168.unlisted')).toEqual([])
  expect(await lot.rows(`select price::int from che168.price_history where inner_id = '2' order by change_id`)).toEqual(
    [{ price: 8000 }, { price: 7000 }],
  )
  expect(await lot.verify('offer')).toMatchObject({ wrong: [] })
})

test('what was told before events were lost does not hold against what the vendor answers after it', async () => {
  const script: Script = {
    offers: [listing('1')],
    events: [event(200, '1', 'changed', { new_price: 7900 })],
    asked: [],
  }
  const lot = await relisted(script)
  await lot.sync('changes')
  await lot.relist([listing('2')], 250)
  script.adverts = { 1: { inner_id: '1', ...whole, price: 7000 } }
  await lot.sync('offer')
  expect(await stand(lot, '1')).toMatchObject([{ gone: 0, price: 7000 }])
  script.events!.push(event(260, '1', 'changed', { new_price: 6000 }))
  await lot.sync('changes')
  expect(await stand(lot, '1')).toMatchObject([{ gone: 0, price: 6000 }])
})

test('an advert that was not found is back when it is added, or in a later list', async () => {
  const script: Script = { offers: ['1', '2', '3'].map(id => listing(id)), asked: [] }
  const lot = await relisted(script)
  await lot.relist([listing('3')], 250)
  await lot.sync('offer')
  expect(await stand(lot, '1', '2')).toMatchObject([{ gone: 1 }, { gone: 1 }])
  script.events = [event(260, '1', 'added', { ...whole, price: 5 })]
  await lot.sync('changes')
  expect(await stand(lot, '1', '2')).toMatchObject([{ gone: 0, price: 5 }, { gone: 1 }])
  await lot.relist([listing('2', { ...whole, price: 6 }), listing('3')], 300)
  expect(await stand(lot, '2')).toMatchObject([{ gone: 0, price: 6 }])
})

test('an advert that was not found though events tell of it stays until its removal comes', async () => {
  const events = [event(100, '1', 'changed', { new_price: 7 })]
  const script: Script = { offers: [listing('2', {})], events, asked: [] }
  const lot = await setupLot({ before: () => scripted(script) })
  await lot.sync('offers')
  await lot.sync('changes')
  await lot.sync('offer')
  expect(asked(script)).toEqual(['1', '2'])
  expect(await stand(lot, '1', '2')).toMatchObject([{ gone: 0 }, { gone: 1 }])
})

test('the typed row of an advert that was not found is inactive, though the clock of the vendor is ahead', async () => {
  const script: Script = { offers: ['1', '2'].map(id => listing(id)), asked: [] }
  const lot = await relisted(script, ahead(scripted(script)))
  await lot.sync('adverts')
  await lot.relist([listing('2')], 250)
  await lot.sync('offer')
  await lot.sync('adverts')
  expect(await lot.rows('select inner_id, active from che168.processed_data order by inner_id')).toEqual([
    { inner_id: '1', active: false },
    { inner_id: '2', active: true },
  ])
})

/** The same vendor, before whose first answer about an advert something else happens. */
function interrupted({ fetch }: Vendor, before: () => Promise<unknown>): Vendor {
  let isFirst = true
  return {
    fetch: async request => {
      const answer = await fetch(request)
      if (!request.url.includes('/offer?') || !isFirst) return answer
      isFirst = false
      await before()
      return answer
    },
  }
}

test.each([
  ['is not found', {}],
  ['is told', { 1: { inner_id: '1', ...whole } }],
])('an advert that %s is asked about again where an event has come after the question', async (_, adverts) => {
  const script: Script = { events: [event(200, '1', 'changed', { new_price: 7 })], adverts, asked: [] }
  const added = `insert into che168.events values ('lot', 300, '1', 'added', sluice.now(), '{}')`
  const during = { happens: async (): Promise<unknown> => undefined }
  const lot = await setupLot({ before: () => interrupted(scripted(script), () => during.happens()) })
  during.happens = async () => {
    await lot.rows(added)
    script.adverts = { 1: { inner_id: '1', ...whole, price: 4 } }
  }
  await lot.sync('changes')
  await lot.sync('offer')
  await lot.sync('offer')
  expect(await stand(lot, '1')).toMatchObject([{ gone: 0, price: 4 }])
  expect(asked(script)).toEqual(['1', '1'])
})
