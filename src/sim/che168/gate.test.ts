import { expect, it } from 'vitest'
import { opening, visit } from './fixtures/visit.ts'

it('takes the key in the header and in the query, and keeps it out of the log', async () => {
  const { ask, vendor } = visit()
  expect((await ask('offers?page=1')).status).toBe(200)
  expect((await ask('offers?page=2&api_key=key', {})).status).toBe(200)
  expect(vendor.calls).toMatchObject([
    { id: 1, at: opening, method: 'GET', path: '/api/v2/che168/offers', query: { page: '1' }, keyIn: 'header' },
    { id: 2, query: { page: '2' }, keyIn: 'query', status: 200, rows: 20, limited: null, fault: null },
  ])
  expect(JSON.stringify(vendor.calls)).not.toContain('"key"')
})

it('refuses a wrong key, none at all, and the header where only the query is read', async () => {
  const { ask } = visit({ headerAccepted: false })
  for (const [path, headers] of [
    ['offers?page=1', { 'x-api-key': 'key' }],
    ['offers?page=1&api_key=other', {}],
    ['offers?page=1', {}],
  ] as [string, Record<string, string>][])
    expect(await ask(path, headers)).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' })
  expect((await ask('offers?page=1&api_key=key', {})).status).toBe(200)
})

it('refuses an account that is blocked until it is let in again', async () => {
  const { ask, vendor } = visit()
  vendor.block(true)
  expect(await ask('filters')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' })
  vendor.block(false)
  expect((await ask('filters')).status).toBe(200)
})

it('answers for its own host and source alone', async () => {
  const { vendor, ask } = visit({ access: 'autobase' })
  const at = async (url: string) => {
    const answer = await vendor.fetch(new Request(url, { headers: { 'x-api-key': 'key' } }))
    return [answer.status, answer.headers.get('content-type')]
  }
  expect((await ask('filters')).status).toBe(200)
  expect(await at('http://sim/api/v2/che168/filters')).toEqual([404, 'text/html'])
  expect(await at('http://autobase.sim/api/v2/encar/filters')).toEqual([404, 'application/json; charset=utf-8'])
  expect(await at('http://autobase.sim/api/v9/che168/filters')).toEqual([404, 'text/html'])
  expect((await ask('other')).status).toBe(404)
  expect((await ask('offers?page=1', { 'x-api-key': 'key' }, 'POST')).status).toBe(405)
})

it('has no limit unless it is given one, and then tells the wait as it is told to', async () => {
  const free = visit()
  for (let nth = 0; nth < 200; nth++) expect((await free.ask('filters')).status).toBe(200)
  for (const [tell, told] of [
    ['seconds', '60'],
    ['date', 'Thu, 19 Nov 2026 00:01:00 GMT'],
    ['nothing', null],
  ] as const) {
    const { ask, clock, vendor } = visit({ limit: { max: 2, every: 60_000, tell } })
    const statuses = [await ask('filters'), await ask('filters')].map(({ status }) => status)
    const refused = await ask('filters')
    expect([...statuses, refused.status]).toEqual([200, 200, 429])
    expect(refused.headers.get('retry-after')).toBe(told)
    expect(vendor.calls[2]).toMatchObject({ status: 429, limited: 60 })
    clock.now += 60_000
    expect((await ask('filters')).status).toBe(200)
  }
})

it('answers nothing during an outage', async () => {
  const outages = [
    { from: opening, to: opening + 10 },
    { from: opening + 20, to: opening + 30, kind: 'reset' as const },
  ]
  const { ask, clock, vendor } = visit({ outages })
  expect((await ask('filters')).status).toBe(503)
  clock.now += 10
  expect((await ask('filters')).status).toBe(200)
  clock.now += 10
  await expect(ask('filters')).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(vendor.calls.map(({ fault }) => fault)).toEqual(['outage', null, 'outage'])
})
