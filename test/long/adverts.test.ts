import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { day } from '../che168/bench.ts'
import { setupMarket, type Took } from '../che168/market.ts'
import { type Car, meantBy, readFrom } from '../che168/meant.ts'

const adverts = Number(process.env.SLUICE_TEST_ADVERTS ?? 250_000)
const eventsPerDay = Math.round(adverts * 0.06)

type Market = Awaited<ReturnType<typeof setupMarket>>

it(`${adverts} adverts, a load that is killed five times, five days of changes of which two are missed: every row is true`, async () => {
  const midnight = Math.floor(Date.now() / day) * day
  const noon = midnight - day / 2
  const market = await setupMarket({ seed: 7, adverts, eventsPerDay, since: midnight - 2 * day }, noon)
  const anchored = midnight - day
  for (let death = 1; death <= 5; death++) {
    const { signal, err } = await market.killAt((adverts * death) / 6)
    expect(signal, err).toBe('SIGKILL')
  }
  const load = await done(market, 'offers')
  tell('the last sixth of the load', adverts / 6, load)
  tell('the changes since', 0, await done(market, 'changes'))
  tell('rows made of all adverts', adverts, await done(market, 'adverts'))
  await compare(market, anchored)
  for (const days of [1, 2, 5]) {
    await market.at(noon + days * day)
    tell(`changes up to day ${days}`, 0, await done(market, 'changes'))
    await done(market, 'offer')
    tell('rows made of them', 0, await done(market, 'adverts'))
  }
  await compare(market, anchored)
})

async function done(market: Market, stream: string): Promise<Took> {
  const { code, err, ...took } = await market.sync(stream)
  expect(code, `${stream}: ${err}`).toBe(0)
  return took
}

function tell(what: string, rows: number, { seconds, peak }: Took): void {
  const speed = rows > 0 ? `, ${Math.round(rows / seconds)} rows/s` : ''
  process.stdout.write(`${what}: ${seconds.toFixed(1)} s${speed}, ${peak.toFixed(0)} MB\n`)
}

type Raw = {
  inner_id: string
  active_status: number
  last: string
  is_whole: boolean
  data: Record<string, unknown>
  active: boolean
  row: Record<string, unknown>
}

const together = 5_000

/** Holds every advert against the vendor's own books: as it was told, and as a typed row. */
async function compare({ sim, store, now }: Market, since: number): Promise<void> {
  let seen = 0
  let some = new Map<string, ReturnType<typeof truthOf>>()
  const wrong: unknown[] = []
  const look = async () => {
    const rows = await store.query<Raw>(
      `select r.inner_id, r.active_status, r.last_change_id::text as last, r.is_whole, r.data,
         p.active, to_jsonb(p) - 'specs' - 'options' as row
       from che168.raw_data r left join che168.processed_data p using (account, inner_id) where r.inner_id = any($1)`,
      [[...some.keys()]],
    )
    for (const row of rows) if (!isTrue(row, some.get(row.inner_id)!)) wrong.push([row, some.get(row.inner_id)])
    seen += rows.length
    expect(rows).toHaveLength(some.size)
    some = new Map()
  }
  const truthOf = (held: typeof sim extends { truth(): Iterable<infer Held> } ? Held : never) => ({
    ...held,
    sent: sim.sent(held.innerId, now()) as Record<string, unknown> | null,
  })
  for (const held of sim.truth(now(), since)) {
    some.set(held.innerId, truthOf(held))
    if (some.size === together) await look()
  }
  await look()
  const [count] = await store.query<{ raw: number; processed: number }>(
    'select (select count(*)::int from che168.raw_data) as raw, (select count(*)::int from che168.processed_data) as processed',
  )
  expect(count).toEqual({ raw: seen, processed: seen })
  expect({ wrong: wrong.length, first: wrong[0] }).toEqual({ wrong: 0, first: undefined })
  process.stdout.write(`${seen} adverts are as the vendor has them\n`)
}

type Truth = {
  isActive: boolean
  lastId: number | null
  sent: Record<string, unknown> | null
  car: Car
}

/** Of an advert that was gone before it could be read only that is known. */
function isTrue(row: Raw, { isActive, lastId, sent, car }: Truth): boolean {
  const stands = row.active_status === (isActive ? 0 : 1) && row.active === isActive
  const isLast = lastId === null || Number(row.last) === lastId
  if (!row.is_whole) return stands && isLast && !isActive
  const read = readFrom(row.row)
  const isMeant = Object.entries(meantBy(car)).every(([name, value]) => isDeepStrictEqual(read[name], value))
  return stands && isLast && isDeepStrictEqual(row.data, sent) && isMeant
}
