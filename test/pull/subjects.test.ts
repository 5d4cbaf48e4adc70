import { expect, test } from 'vitest'
import type { PullStream } from '../../src/core/stream.ts'
import { setupPull } from './bench.ts'

const stored = 'select crate::int, place, name from depot.goods order by crate, place'

async function setup() {
  const bench = await setupPull('goods')
  const put = async (id: number, open: boolean, ...goods: string[]) => {
    bench.depot.crates.set(id, { open, goods })
    await bench.rows(
      `insert into depot.crates values (${id}, ${open}, now()) on conflict (id) do update set open = ${open}`,
    )
  }
  return { ...bench, put }
}

test('questions are about rows of ours, so many at a time, and each run goes through all of them', async () => {
  const bench = await setup()
  for (const id of [1, 2, 4, 10, 11]) await bench.put(id, true, `tea ${id}`, `salt ${id}`)
  await bench.put(3, false, 'hidden')
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 3, records: 10, inserted: 10 }])
  expect(bench.depot.asked).toEqual(['1%2C2', '4%2C10', '11'].map(ids => `GET /goods?crates=${ids}`))
  bench.depot.crates.get(4)!.goods[0] = 'coffee'
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 3, changed: 1 }])
  expect((await bench.rows(stored))[4]).toEqual({ crate: 4, place: 0, name: 'coffee' })
  expect(await bench.verify()).toMatchObject({ rows: 10, counted: 10, wrong: [], open: [] })
})

test('without any such rows nothing is asked', async () => {
  const bench = await setup()
  await bench.put(3, false, 'hidden')
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 0 }])
  expect(bench.depot.asked).toEqual([])
})

test('a run that failed is gone on with at the rows it had before it', async () => {
  const bench = await setup()
  for (const id of [1, 2, 3, 4, 5]) await bench.put(id, true, `tea ${id}`)
  let broken = true
  bench.depot.instead = [path => (broken && path.includes('3%2C4') ? new Response('{}', { status: 400 }) : undefined)]
  expect(await bench.sync()).toMatchObject([{ state: 'failed', pages: 1 }])
  broken = false
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 2 }])
  expect(bench.depot.asked).toEqual(['1%2C2', '3%2C4', '3%2C4', '5'].map(ids => `GET /goods?crates=${ids}`))
  expect(await bench.rows(stored)).toHaveLength(5)
})

test('a row was asked for when the question left that was answered, not when it was first tried', async () => {
  const bench = await setupPull('crates')
  bench.depot.crates.set(1, { open: true, goods: [] })
  const began = bench.now()
  bench.depot.instead = [() => (bench.depot.asked.length === 1 ? new Response('no', { status: 500 }) : undefined)]
  expect(await bench.sync()).toMatchObject([{ state: 'success', inserted: 1 }])
  const [row] = await bench.rows<{ asked: Date }>('select asked_at as asked from depot.crates')
  expect(row!.asked.getTime()).toBeGreaterThan(began)
})

test('with a flag only rows are asked about that nobody has asked about since they changed', async () => {
  const bench = await setupPull('goods')
  await bench.rows('alter table depot.crates add column asked boolean not null default false')
  const put = async (id: number, ...goods: string[]) => {
    bench.depot.crates.set(id, { open: true, goods })
    await bench.rows(
      `insert into depot.crates values (${id}, true, sluice.now()) on conflict (id) do update set asked = false, asked_at = sluice.now()`,
    )
  }
  await bench.restart({ for: { table: 'depot.crates', columns: ['id'], flag: 'asked', take: 2 } })
  for (const id of [1, 2, 3]) await put(id, `tea ${id}`)
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 2, inserted: 3 }])
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 0 }])
  await put(2, 'coffee')
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 1, changed: 1 }])
  expect(bench.depot.asked).toEqual(['1%2C2', '3', '2'].map(ids => `GET /goods?crates=${ids}`))
})

test('a row that was read again while it was asked about is asked about once more', async () => {
  const bench = await setupPull('goods')
  await bench.rows('alter table depot.crates add column asked boolean not null default false')
  bench.depot.crates.set(1, { open: true, goods: ['tea'] })
  await bench.rows(`insert into depot.crates values (1, true, sluice.now() + interval '1 minute')`)
  await bench.restart({ for: { table: 'depot.crates', columns: ['id'], flag: 'asked', take: 2 } })
  expect(await bench.sync()).toMatchObject([{ pages: 1 }])
  expect(await bench.rows('select asked from depot.crates')).toEqual([{ asked: false }])
})

test('a status may be an answer: what the vendor does not know is none, and the others go on', async () => {
  const bench = await setup()
  for (const id of [1, 2, 3, 4, 5]) await bench.put(id, true, `tea ${id}`)
  const stream = bench.source().stream as Extract<PullStream, { mode: 'chain' }>
  await bench.restart({
    request: (cursor, at) => ({ ...stream.request(cursor, at), accepts: [404] }),
    parse: (answer, cursor, at) =>
      answer.status === 404
        ? { records: [], next: cursor, done: true, notice: `nothing of ${answer.json}` }
        : stream.parse(answer, cursor, at),
  })
  bench.depot.instead = [path => (path.includes('3%2C4') ? new Response('crate 3', { status: 404 }) : undefined)]
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 3, inserted: 3, notice: 'nothing of crate 3' }])
})

test('an answer without content holds nothing', async () => {
  const bench = await setup()
  await bench.put(1, true, 'tea')
  const seen: unknown[] = []
  await bench.restart({
    parse: ({ json, list }, cursor) => {
      seen.push(json, list?.count)
      return { records: [], next: cursor, done: true }
    },
  })
  bench.depot.instead = [() => new Response(null, { status: 204 })]
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 1, records: 0 }])
  expect(seen).toEqual([undefined, 0])
})
