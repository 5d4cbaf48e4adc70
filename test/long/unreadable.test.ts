import { expect, it } from 'vitest'
import { replay } from '../../src/engine/replay.ts'
import { isSpoiled } from '../../src/sim/che168/spoil.ts'
import { setupLot } from '../che168/bench.ts'

const adverts = 10_000

/** The share of these adverts that is a single one of them, and that one. */
function oneOf(innerIds: readonly string[]): { share: number; one: string } {
  let [share, spoiled] = [1, [...innerIds]]
  while (spoiled.length > 1) {
    share *= 0.9
    spoiled = spoiled.filter(each => isSpoiled(each, share))
  }
  expect(spoiled).toHaveLength(1)
  return { share, one: spoiled[0]! }
}

/** How many rows each transaction has written, the fewest first. */
const batches = 'select count(*)::int as rows from che168.processed_data group by xmin::text order by rows'

it(`of ${adverts} adverts one cannot be read: it alone is in quarantine, the other 199 of its batch are rows, and it is one once it is mended`, async () => {
  const lot = await setupLot({ world: { adverts, eventsPerDay: 0 } })
  const held = [...lot.sim.truth()]
  const { share, one } = oneOf(held.map(({ innerId }) => innerId))
  const fault = lot.sim.faults.add({
    ...{ kind: 'broken', share, field: 'price', value: [158_000], times: Number.POSITIVE_INFINITY },
    match: { path: 'offers' },
  })
  expect(await lot.sync('offers')).toMatchObject({ state: 'success', records: adverts, inserted: adverts })
  expect(await lot.sync('adverts')).toMatchObject({
    ...{ state: 'partial', records: adverts, inserted: adverts - 1, quarantined: 1 },
  })
  const quarantine = await lot.quarantine()
  expect(quarantine).toMatchObject([
    { stream: 'adverts', field: 'data.price', value: '[158000]', reason: 'is neither a text nor a number', times: 1 },
  ])
  expect(JSON.parse(quarantine[0]!.record)).toMatchObject({ inner_id: one, data: { price: [158_000] } })
  const sizes = (await lot.rows<{ rows: number }>(batches)).map(({ rows }) => rows)
  expect(sizes).toEqual([199, ...Array(49).fill(200)])
  const lacking = `select inner_id, is_processed from che168.raw_data r
    where not exists (select from che168.processed_data p where (p.account, p.inner_id) = (r.account, r.inner_id))`
  expect(await lot.rows(lacking)).toEqual([{ inner_id: one, is_processed: true }])

  fault.remove()
  await lot.pass(1)
  lot.change('offers', { list_since: new Date(lot.now()).toISOString() })
  expect(await lot.sync('offers')).toMatchObject({ state: 'success', inserted: 0, changed: 1 })
  const sources = [lot.source('adverts')]
  expect(await replay(lot.store, sources, { connector: 'che168' })).toMatchObject({ tried: 1, inserted: 1, broken: 0 })
  expect(await lot.quarantine()).toEqual([])
  expect(await lot.rows(lacking)).toEqual([])
  const { car } = held.find(({ innerId }) => innerId === one)!
  expect(await lot.rows(`select price::int from che168.processed_data where inner_id = $1`, [one])).toEqual([
    { price: car.priceCny },
  ])
})
