import { expect, it } from 'vitest'
import { day, opening, visit } from './fixtures/visit.ts'
import { isSpoiled } from './spoil.ts'

it('answers with the status planted, as often as planted, where it is meant', async () => {
  const { ask, vendor } = visit()
  const planted = vendor.faults.add({ kind: 'status', status: 502, times: 2, match: { path: 'offers', page: 3 } })
  const status = async (path: string) => (await ask(path)).status
  expect(await status('offers?page=2')).toBe(200)
  expect([await status('offers?page=3'), await status('offers?page=3'), await status('offers?page=3')]).toEqual([
    502, 502, 200,
  ])
  expect(planted.hits).toBe(2)
  expect(vendor.calls[1]).toMatchObject({ status: 502, rows: 0, fault: 'status' })
})

it.each([
  [500, 'application/json; charset=utf-8'],
  [502, 'text/html'],
  [503, 'text/html'],
  [403, 'application/json; charset=utf-8'],
])('sends %i as %s', async (status, type) => {
  const { ask, vendor } = visit()
  vendor.faults.add({ kind: 'status', status })
  const answer = await ask('filters')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type])
})

it('tells the wait of a planted 429 in seconds, as a date, or not at all', async () => {
  const { ask, vendor } = visit()
  const told = []
  for (const tell of ['seconds', 'date', 'nothing'] as const) {
    vendor.faults.add({ kind: 'status', status: 429, wait: 30, tell })
    told.push((await ask('filters')).headers.get('retry-after'))
  }
  expect(told).toEqual(['30', new Date(opening + 30_000).toUTCString(), null])
})

it('means the nth agreeing call and later ones', async () => {
  const { ask, vendor } = visit()
  vendor.faults.add({ kind: 'html', match: { path: 'filters', nth: 2 } })
  const types = []
  for (let nth = 0; nth < 3; nth++) types.push((await ask('filters')).headers.get('content-type'))
  expect(types.map(type => type === 'text/html')).toEqual([false, true, false])
})

it('cuts a body with a status of 200, with its true length or with the whole one announced', async () => {
  const { ask, vendor } = visit()
  const whole = Buffer.byteLength((await ask('offers?page=1')).text)
  vendor.faults.add({ kind: 'cut' })
  const cut = await ask('offers?page=1')
  expect(cut.status).toBe(200)
  expect(() => JSON.parse(cut.text)).toThrow(SyntaxError)
  vendor.faults.add({ kind: 'short' })
  expect((await ask('offers?page=1')).headers.get('content-length')).toBe(String(whole))
})

it('breaks the connection', async () => {
  const { ask, vendor } = visit()
  vendor.faults.add({ kind: 'reset' })
  await expect(ask('offers?page=1')).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(vendor.calls[0]).toMatchObject({ status: 0, fault: 'reset' })
})

it('waits as long as it is told, and holds an answer until it is released', async () => {
  const slept: number[] = []
  const { ask, vendor } = visit({ slow: 5, sleep: async ms => void slept.push(ms) })
  vendor.faults.add({ kind: 'slow', ms: 700 })
  await ask('filters')
  expect(slept).toEqual([5, 700])
  const held = vendor.faults.add({ kind: 'hold' })
  const answer = ask('filters')
  await held.reached
  expect(vendor.calls[1]!.status).toBe(0)
  held.release()
  expect((await answer).status).toBe(200)
})

it('gives a full page whose next does not move, another page than was asked for, and an empty one with a next', async () => {
  const { get, vendor, clock } = visit()
  clock.now += day
  const pages = []
  for (const kind of ['stuck', 'astray', 'empty'] as const) {
    vendor.faults.add({ kind, match: { path: 'offers' } })
    vendor.faults.add({ kind, match: { path: 'changes' } })
    for (const path of ['offers?page=2', 'changes?change_id=8350530']) {
      const { result, meta } = await get(path)
      pages.push([kind, result.length, meta.page ?? meta.cur_change_id, meta.next_page ?? meta.next_change_id])
    }
  }
  expect(pages).toEqual([
    ['stuck', 20, 2, 2],
    ['stuck', 20, 8_350_530, 8_350_530],
    ['astray', 20, 3, 3],
    ['astray', 20, 8_350_531, 8_350_550],
    ['empty', 0, 2, 3],
    ['empty', 0, 8_350_530, 8_350_550],
  ])
})

it('repeats rows and turns them round', async () => {
  const { get, vendor } = visit()
  const { result } = await get('offers?page=1')
  vendor.faults.add({ kind: 'doubled' })
  expect((await get('offers?page=1')).result).toHaveLength(22)
  vendor.faults.add({ kind: 'reordered' })
  expect((await get('offers?page=1')).result).toEqual(result.toReversed())
})

it('spoils one field of the same adverts, whoever asks', async () => {
  const { get, vendor } = visit()
  vendor.faults.add({ kind: 'broken', share: 0.2, field: 'price', value: '面议', times: 2 })
  for (const page of [1, 2]) {
    const { result } = await get(`offers?page=${page}`)
    const spoiled = result.filter((row: { data: { price: unknown } }) => row.data.price === '面议')
    expect(spoiled.length).toBeGreaterThan(0)
    for (const row of result) expect(row.data.price === '面议').toBe(isSpoiled(row.inner_id, 0.2))
  }
})

it('answers complete JSON in another envelope', async () => {
  const { get, vendor } = visit()
  vendor.faults.add({ kind: 'garbage' })
  expect(await get('offers?page=1')).toEqual({ a: 1 })
})

it('forgets a fault that is removed', async () => {
  const { ask, vendor } = visit()
  vendor.faults.add({ kind: 'html', times: Number.POSITIVE_INFINITY }).remove()
  expect((await ask('filters')).headers.get('content-type')).toContain('json')
  expect(vendor.faults.list()).toEqual([])
})
