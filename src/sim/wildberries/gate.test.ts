import { describe, expect, it } from 'vitest'
import { by, day, hour, minute, noon, type Row, visit } from './fixtures/visit.ts'

const orders = '/api/v1/supplier/orders?dateFrom=2099-01-01'
const sales = '/api/v1/supplier/sales?dateFrom=2099-01-01'
const feed = '/api/analytics/v1/stocks-report/wb-warehouses'

describe('a token', () => {
  it('says whose it is, of which type and for what, and is good for 180 days', () => {
    const { vendor } = visit()
    const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
    const [personal, base] = [claims(vendor.mint('shop')), claims(vendor.mint('shop', { type: 'base' }))]
    expect(personal).toMatchObject({ acc: 3, for: 'self', t: false, exp: (noon + 180 * day) / 1000 })
    expect(base).toMatchObject({ acc: 1, t: false, sid: personal.sid })
    expect(base).not.toHaveProperty('for')
    expect(claims(vendor.mint('shop', { type: 'service' })).for).toMatch(/^asid:/)
    expect(claims(vendor.mint('shop', { categories: ['statistics'] })).s).toBe(1 << 5)
  })

  it('is taken bare and after the word Bearer', async () => {
    const { get, token } = visit()
    expect((await get(orders)).status).toBe(200)
    expect((await get(orders, `Bearer ${token}`)).status).toBe(200)
  })

  it.each([
    ['', /empty/],
    ['abc', /malformed/],
    ['a.b.c', /malformed/],
  ])('%j is refused', async (token, detail) => {
    const { get } = visit()
    const { status, headers, text } = await get(orders, token)
    expect(status).toBe(401)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(text)).toMatchObject({ title: 'unauthorized', status: 401, statusText: 'Unauthorized' })
    expect(JSON.parse(text).detail).toMatch(detail)
  })

  it('is refused once it expired, once it was revoked, and when another signed it', async () => {
    const { vendor, get, clock } = visit()
    const short = vendor.mint('shop', { expires: noon + hour })
    const stolen = vendor.mint('shop')
    const foreign = visit({ seed: 2 }).token
    expect([(await get(orders, short)).status, (await get(orders, stolen)).status]).toEqual([200, 200])
    vendor.revoke(stolen)
    clock.now += hour
    for (const token of [short, stolen, foreign]) expect((await get(orders, token)).status).toBe(401)
    expect((await get(orders)).status).toBe(200)
  })

  it('of another category gets 401, or 403 where the world is so', async () => {
    for (const wrongCategory of [401, 403] as const) {
      const { vendor, get } = visit({ wrongCategory })
      expect((await get(orders, vendor.mint('shop', { categories: ['analytics'] }))).status).toBe(wrongCategory)
    }
  })

  it('of the base type gets 403 on what is closed to it', async () => {
    const { vendor, post } = visit()
    const { status, text } = await post(feed, {}, vendor.mint('shop', { type: 'base' }))
    expect(status).toBe(403)
    expect(JSON.parse(text)).toMatchObject({
      detail: 'base token is not allowed',
      code: 'base token is not allowed for this path',
    })
  })

  it('for anything may ask who the seller is', async () => {
    const { vendor, get } = visit()
    const answer = await get('/api/v1/seller-info', vendor.mint('shop', { categories: ['finance'] }))
    expect(JSON.parse(answer.text)).toMatchObject({ sid: expect.stringMatching(/^[0-9a-f-]{36}$/), tradeMark: 'shop' })
    expect(JSON.parse((await get('/ping')).text)).toEqual({ TS: '2026-11-22T12:00:00+03:00', Status: 'OK' })
  })
})

describe('the limits', () => {
  const told = (headers: Headers) =>
    ['limit', 'remaining', 'retry', 'reset'].map(name => headers.get(`x-ratelimit-${name}`))

  it('let ten requests for orders pass at once, and one more each minute', async () => {
    const { get, clock } = visit({ unlimited: false })
    for (let remaining = 9; remaining >= 0; remaining--)
      expect(told((await get(orders)).headers)).toEqual(['10', String(remaining), null, null])
    const refused = await get(orders)
    expect([refused.status, ...told(refused.headers)]).toEqual([429, '10', '0', '60', '600'])
    expect(JSON.parse(refused.text)).toMatchObject({ title: 'too many requests', status: 429 })
    clock.now += minute - 1
    expect((await get(orders)).status).toBe(429)
    clock.now += 1
    expect((await get(orders)).status).toBe(200)
    expect((await get(orders)).status).toBe(429)
  })

  it('are the seller’s, whichever of its tokens asks, and one for each method', async () => {
    const sellers = [{ name: 'shop' }, { name: 'other' }]
    const { vendor, get } = visit({ unlimited: false, sellers })
    expect((await get(sales)).status).toBe(200)
    expect((await get(sales, vendor.mint('shop'))).status).toBe(429)
    expect((await get(sales, vendor.mint('other'))).status).toBe(200)
    expect((await get(orders)).status).toBe(200)
  })

  it('are hours long for a base token', async () => {
    const { vendor, get, clock } = visit({ unlimited: false })
    const base = vendor.mint('shop', { type: 'base' })
    expect((await get(orders, base)).status).toBe(200)
    clock.now += 2 * hour
    expect(told((await get(orders, base)).headers)).toEqual(['1', '0', '3600', '3600'])
    clock.now += hour
    expect((await get(orders, base)).status).toBe(200)
  })

  it('are shared by the two reports of stock', async () => {
    const { post, clock } = visit({ unlimited: false })
    expect((await post(feed)).status).toBe(200)
    expect((await post('/api/analytics/v1/stocks-report/seller-warehouses')).status).toBe(429)
    clock.now += 20_000
    expect((await post('/api/analytics/v1/stocks-report/seller-warehouses')).status).toBe(200)
  })

  it('take ten requests for one mistake on the marketplace', async () => {
    const { get, post } = visit({ unlimited: false })
    expect((await post('/api/v3/stocks/5', { chrtIds: [1] })).status).toBe(404)
    expect(told((await get('/api/v3/warehouses')).headers).slice(0, 2)).toEqual(['20', '9'])
  })

  it('let whoever waits as told have everything', async () => {
    const there = visit({ unlimited: false, pageRows: 3_000 })
    const base = there.vendor.mint('shop', { type: 'base' })
    const waited: number[] = []
    const patient = async (where: string): Promise<Row[]> => {
      const { status, headers, text } = await there.get(where, base)
      if (status === 200) return JSON.parse(text)
      waited.push(Number(headers.get('x-ratelimit-retry')))
      there.clock.now += waited.at(-1)! * 1000
      return patient(where)
    }
    const held = new Map<unknown, Row>()
    let page: Row[] = []
    do {
      page = await patient(`/api/v1/supplier/orders?dateFrom=${page.at(-1)?.lastChangeDate ?? '2019-01-01'}`)
      for (const row of page) held.set(row.srid, row)
    } while (page.length === 3_000)
    expect(held).toEqual(by('srid', there.truth('orders', noon)))
    expect(waited).toEqual([3 * 3_600, 3 * 3_600, 3 * 3_600])
    expect(there.vendor.calls.filter(({ status }) => status === 429)).toHaveLength(waited.length)
  })

  it('write every refusal down', async () => {
    const { vendor, get } = visit({ unlimited: false })
    await get(sales)
    await get(sales)
    expect(vendor.calls).toMatchObject([
      { id: 1, seller: 'shop', endpoint: 'sales', status: 200, limited: null },
      { id: 2, seller: 'shop', endpoint: 'sales', status: 429, limited: 60 },
    ])
  })
})

it('two worlds of one seed answer alike, and of two seeds otherwise', async () => {
  const ask = async (seed: number) => (await visit({ seed }).get('/api/v1/supplier/orders?dateFrom=2026-11-20')).text
  expect(await ask(7)).toBe(await ask(7))
  expect(await ask(7)).not.toBe(await ask(8))
})
