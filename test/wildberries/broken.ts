import { expect } from 'vitest'
import type { Source } from '../../src/core/source.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { readQuarantine } from '../../src/db/quarantine.ts'
import { replay } from '../../src/engine/replay.ts'
import { isBroken } from '../../src/sim/wildberries/spoil.ts'
import { type Bench, day, noon, setupSeller } from './bench.ts'

type Row = Record<string, unknown>

/** The share of orders whose sum the vendor writes with a comma, between quotes. */
const [share, field, value] = [0.01, 'totalPrice', '12,5']

/** What the vendor keeps of orders, in days. */
const kept = 90

/** The stream as its author writes it when such sums have been seen. */
function relaxed({ stream, ...source }: Source): Source {
  const record = (stream as PullStream).record
  const safeParse = (given: Row) => record.safeParse({ ...given, [field]: amountOf(given[field]) })
  return { ...source, stream: { ...stream, record: { safeParse } } as unknown as PullStream }
}

function amountOf(given: unknown): unknown {
  return typeof given === 'string' ? Number(given.replace(',', '.')) : given
}

/** What a table holds of each order, by its srid. */
async function held(bench: Bench) {
  const rows = await bench.rows<{ srid: string; total: string; changed: Date }>(
    'select srid, trim_scale(total_price)::text as total, last_change_at as changed from wildberries.orders',
  )
  return new Map(rows.map(({ srid, ...row }) => [srid, row]))
}

function truthOf({ sim, now }: Bench): Map<string, Row> {
  return new Map([...sim.truth('shop', 'orders', now())].map(row => [String(row.srid), row]))
}

/**
 * One answer of about so many orders, one in a hundred of them broken: all others are stored, those are kept with what is wrong,
 * and become rows without a question when the stream takes them; but for those that have come again meanwhile, mended and newer.
 */
export async function walkBroken(size: number): Promise<void> {
  const bench = await setupSeller({
    world: { sellers: [{ name: 'shop', goods: 40, orders: size / kept, since: noon - (kept + 10) * day }] },
  })
  const planted = bench.sim.faults.add({ kind: 'broken', share, field, value, times: Number.POSITIVE_INFINITY })
  const first = truthOf(bench)
  const broken = new Map([...first].filter(([, row]) => isBroken(row, share)))
  expect(first.size).toBeGreaterThan(0.98 * size)
  expect(broken.size).toBeGreaterThan(0.007 * size)

  const run = await bench.sync('orders')
  expect(run).toMatchObject({ state: 'partial', inserted: first.size - broken.size, quarantined: broken.size })
  const stored = await held(bench)
  const good = [...first.keys()].filter(srid => !broken.has(srid))
  expect(new Set(stored.keys())).toEqual(new Set(good))
  const kind = { field, value: JSON.stringify(value), reason: expect.stringMatching(/number/) }
  const bad = await readQuarantine(bench.store, {}, size)
  expect(new Set(bad.map(({ record }) => JSON.parse(record).srid))).toEqual(new Set(broken.keys()))
  expect(bad.filter(each => !expect.objectContaining(kind).asymmetricMatch(each))).toEqual([])

  planted.remove()
  await bench.pass(3 * day)
  expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
  const again = await held(bench)
  const mended = [...broken.keys()].filter(srid => again.has(srid))
  const newer = mended.filter(srid => again.get(srid)!.changed > timeOf(broken.get(srid)!))
  expect(newer.length).toBeGreaterThan(0)
  expect(mended.length).toBeLessThan(broken.size)

  const asked = bench.sim.calls.length
  const outcome = await replay(bench.store, [relaxed(bench.source('orders'))], {})
  expect(outcome).toMatchObject({ tried: broken.size, inserted: broken.size - mended.length, broken: 0 })
  expect(bench.sim.calls).toHaveLength(asked)
  const last = await held(bench)
  for (const srid of newer) expect(last.get(srid)).toEqual(again.get(srid))
  const restored = [...broken.keys()].filter(srid => !again.has(srid))
  expect(restored.filter(srid => last.get(srid)?.total !== '12.5')).toEqual([])
  expect(new Set(last.keys())).toEqual(new Set([...first.keys(), ...truthOf(bench).keys()]))
  expect(await bench.verify('orders')).toMatchObject({ wrong: [] })
}

/** Moscow time without an offset. */
function timeOf({ lastChangeDate }: Row): Date {
  return new Date(`${lastChangeDate}+03:00`)
}
