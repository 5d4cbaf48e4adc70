import { describe, expect, it } from 'vitest'
import { hour, noon, type Row, visit } from './fixtures/visit.ts'
import { isBroken } from './spoil.ts'

const path = '/api/v1/supplier/orders?dateFrom=2026-11-20'

describe('a fault', () => {
  it('meets the calls that match, from the one named on, and so many of them', async () => {
    const { vendor, get } = visit()
    vendor.faults.add({ kind: 'status', status: 500, times: 2, match: { endpoint: 'orders', seller: 'shop', nth: 2 } })
    const statuses = []
    for (const each of [path, '/ping', path, path, path]) statuses.push((await get(each)).status)
    expect(statuses).toEqual([200, 200, 500, 500, 200])
    expect(vendor.calls.map(({ fault }) => fault)).toEqual([null, null, 'status', 'status', null])
  })

  it.each([
    [401, 'application/problem+json'],
    [402, 'application/problem+json'],
    [403, 'application/problem+json'],
    [429, 'application/problem+json'],
    [500, 'application/json; charset=utf-8'],
    [503, 'text/html'],
  ])('answers %d as %s', async (status, type) => {
    const { vendor, get } = visit()
    vendor.faults.add({ kind: 'status', status })
    const answer = await get(path)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type])
  })

  it('tells the wait of a 429 by the headers it was given', async () => {
    const { vendor, get } = visit()
    vendor.faults.add({ kind: 'status', status: 429, wait: 7, headers: ['retry-after'] })
    const { headers } = await get(path)
    expect([headers.get('retry-after'), headers.get('x-ratelimit-retry')]).toEqual(['7', null])
  })

  it('says that nothing remains, and not for how long', async () => {
    const { vendor, get } = visit({ unlimited: false })
    vendor.faults.add({ kind: 'drained' })
    const { status, headers } = await get(path)
    expect([status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-retry')]).toEqual([200, '0', null])
  })

  it('hides the limits', async () => {
    const { vendor, get } = visit({ unlimited: false })
    vendor.faults.add({ kind: 'unmetered' })
    expect((await get(path)).headers.has('x-ratelimit-limit')).toBe(false)
  })

  it('cuts the answer, turns it into a page, puts it in another envelope or under another name', async () => {
    const { vendor, get } = visit()
    const whole = (await get(path)).text
    const spoiled = async (kind: 'cut' | 'html' | 'garbage' | 'type') => {
      vendor.faults.add({ kind })
      const { text, headers } = await get(path)
      return { text, type: headers.get('content-type') }
    }
    const { text: cut } = await spoiled('cut')
    expect(cut.length).toBeLessThan(whole.length)
    expect(() => JSON.parse(cut)).toThrow()
    expect((await spoiled('html')).text).toContain('<html>')
    expect((await spoiled('garbage')).text).toBe('{"a":1}')
    expect(await spoiled('type')).toEqual({ text: whole, type: 'text/plain; charset=utf-8' })
  })

  it('doubles and turns round the rows', async () => {
    const { vendor, rows } = visit()
    const plain = await rows(path)
    vendor.faults.add({ kind: 'doubled' })
    expect(await rows(path)).toEqual(plain.flatMap((row, at) => (at % 10 === 0 ? [row, row] : [row])))
    vendor.faults.add({ kind: 'reordered' })
    expect(await rows(path)).toEqual(plain.toReversed())
  })

  it('breaks a field in the same share of the rows for everybody', async () => {
    const { vendor, rows, post } = visit()
    const plain = await rows(path)
    vendor.faults.add({ kind: 'broken', share: 0.1, field: 'nmId', value: 'abc', times: 2 })
    const broken = (await rows(path)).map((row, at) => ({ row, plain: plain[at]! }))
    for (const each of broken)
      expect(each.row).toEqual(isBroken(each.plain, 0.1) ? { ...each.plain, nmId: 'abc' } : each.plain)
    const count = broken.filter(({ row }) => row.nmId === 'abc').length
    expect(count).toBeGreaterThan(plain.length / 20)
    expect(count).toBeLessThan(plain.length / 5)
    const shelves = JSON.parse((await post('/api/analytics/v1/stocks-report/wb-warehouses')).text).data.items as Row[]
    expect(shelves.some(({ nmId }) => nmId === 'abc')).toBe(true)
  })

  it('slows an answer by the clock it was given, holds it until told, and breaks the connection', async () => {
    const slept: number[] = []
    const { vendor, get } = visit({ sleep: async ms => void slept.push(ms) })
    vendor.faults.add({ kind: 'slow', ms: 5_000 })
    await get(path)
    expect(slept).toEqual([5_000])
    const held = vendor.faults.add({ kind: 'hold' })
    const answer = get(path)
    await held.reached
    expect(vendor.calls.at(-1)).toMatchObject({ status: 0, fault: 'hold' })
    held.release()
    expect((await answer).status).toBe(200)
    vendor.faults.add({ kind: 'reset' })
    await expect(get(path)).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})

it('an outage answers nothing, from its begin to its end', async () => {
  const outages = [
    { from: noon, to: noon + hour },
    { from: noon + 2 * hour, to: noon + 3 * hour, kind: 'reset' as const },
  ]
  const { vendor, get, clock } = visit({ outages })
  expect((await get(path)).status).toBe(503)
  clock.now += hour
  expect((await get(path)).status).toBe(200)
  clock.now += hour
  await expect(get(path)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(vendor.calls.map(({ fault }) => fault)).toEqual(['outage', null, 'outage'])
})
