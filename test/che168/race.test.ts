import { expect, test } from 'vitest'
import { type Bench, setupLot } from './bench.ts'
import { scripted, type Told } from './script.ts'

const whole = { price: 8000, km_age: 62_000, mark: 'Kia' }
const listing = (inner_id: string): Told => ({
  ...{ id: 1, inner_id, change_type: 'added', created_at: '2026-10-01T08:00:00Z', data: whole },
})

/** Resolves when a session of this database waits for a lock that another one has. */
async function waits({ rows }: Bench): Promise<void> {
  const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`
  while ((await rows(text)).length === 0);
}

test('an advert of which an event tells while its page of the list waits is none that the list has brought', async () => {
  const offers = Array.from({ length: 40 }, (_, nth) => listing(String(nth + 1)))
  const lot = await setupLot({ before: () => scripted({ offers, asked: [] }), options: { offers: { max_pages: 1 } } })
  await lot.sync('offers')
  const runs = await lot.store.transaction(async tx => {
    await tx.query(`insert into che168.events values ('lot', 300, '30', 'changed', sluice.now(), '{"new_price": 1}')`)
    const planned = await lot.want('offers')
    await waits(lot)
    return planned
  })
  expect(await lot.finish(runs)).toMatchObject([{ state: 'success', records: 20, inserted: 19, changed: 1 }])
  expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 39, counted: 39 })
})
