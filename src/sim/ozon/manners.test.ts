import { expect, it } from 'vitest'
import type { Fault } from './faults.ts'
import { imitateOzon, type Options } from './ozon.ts'
import type { Row } from './rows.ts'

const start = Date.UTC(2026, 9, 5, 12)
const list = '/v3/product/list'

type Stocks = { items: Row[] }

function setup(options: Partial<Options> = {}) {
  const clock = { now: start }
  const naps: number[] = []
  const ozon = imitateOzon({
    sellers: [
      { clientId: '7', apiKey: 'key', products: 100 },
      { clientId: '8', apiKey: 'other', products: 5 },
    ],
    now: () => clock.now,
    sleep: async ms => void naps.push(ms),
    ...options,
  })
  const send = (
    path = list,
    body: unknown = {},
    headers: Record<string, string> = { 'client-id': '7', 'api-key': 'key' },
  ) => ozon.fetch(new Request(`http://sim${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  const items = async () => ((await (await send()).json()) as { result: { items: Row[] } }).result.items
  return { ozon, clock, naps, send, items }
}

it.each([
  [{}, undefined, 401, 16, 'Client-Id and Api-Key headers are required'],
  [{ 'client-id': '7', 'api-key': 'wrong' }, undefined, 403, 7, 'Invalid Api-Key, please check the key and try again'],
  [{ 'client-id': '8', 'api-key': 'key' }, undefined, 403, 7, 'Invalid Api-Key, please check the key and try again'],
  [undefined, { key: 'deactivated' }, 403, 7, 'Api-key is deactivated, use another one or generate a new one'],
  [undefined, { key: 'restricted' }, 403, 7, 'Api-Key is restricted to specific IP addresses'],
  [undefined, { roles: [] }, 403, 7, 'Api-Key is missing a required role for a method'],
] as const)('lets nobody in with %j and %j', async (headers, changes, status, code, message) => {
  const { ozon, send } = setup()
  if (changes) ozon.change('7', changes)
  const answer = await send(list, {}, headers)
  expect([answer.status, await answer.json()]).toMatchObject([status, { code, message }])
})

it('tells a wrong key with 404, and codes as text, where the vendor is said to do so', async () => {
  const { send } = setup({ authStatus: 404, stringCodes: true, perMethod: 1 })
  expect((await send(list, {}, { 'client-id': '7', 'api-key': 'no' })).status).toBe(404)
  await send()
  expect(await (await send()).json()).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
})

it('tells the roles of a key', async () => {
  const roles = [{ name: 'Reports', methods: ['/v1/roles'] }]
  const { ozon, send } = setup()
  ozon.change('7', { roles })
  expect(await (await send('/v1/roles')).json()).toEqual({ expires_at: expect.stringMatching(/Z$/), roles })
})

it('answers two calls a second to a method and client, and tells how many are left', async () => {
  const { ozon, clock, send } = setup()
  const answers = [await send(), await send(), await send()]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['1', '0', '0'])
  expect(answers[2]!.headers.get('retry-after')).toBe('1')
  expect(await answers[2]!.json()).toEqual({ code: 8, message: 'You have reached request rate limit per second' })
  expect((await send('/v2/warehouse/list', { limit: 1 })).status).toBe(200)
  expect((await send(list, {}, { 'client-id': '8', 'api-key': 'other' })).status).toBe(200)
  clock.now += 999
  expect((await send()).status).toBe(429)
  clock.now += 1
  expect((await send()).status).toBe(200)
  expect(ozon.calls.map(({ limited }) => limited)).toEqual([false, false, true, false, false, true, false])
})

it('answers 50 calls a second to a client over all methods', async () => {
  const { send } = setup({ perMethod: 1000 })
  const statuses: number[] = []
  for (let call = 0; call < 51; call++) statuses.push((await send(call % 2 ? list : '/v1/roles')).status)
  expect(statuses.filter(status => status === 200)).toHaveLength(50)
  expect(statuses.at(-1)).toBe(429)
})

it('answers the analysis of stock every four seconds only', async () => {
  const { clock, send } = setup()
  const statuses: number[] = []
  for (const wait of [0, 2000, 1999, 1]) {
    clock.now += wait
    statuses.push((await send('/v1/analytics/stocks', { skus: ['147035011'] })).status)
  }
  expect(statuses).toEqual([200, 429, 429, 200])
})

it('blocks an account after twenty equal calls that were rejected, and answers nothing to it any more', async () => {
  const { ozon, clock, send } = setup()
  const ask = (limit: number) => {
    clock.now += 1000
    return send(list, { limit })
  }
  for (let call = 0; call < 19; call++) await ask(0)
  expect((await ask(5)).status).toBe(200)
  for (let call = 0; call < 20; call++) await ask(0)
  expect(await (await ask(5)).json()).toMatchObject({ code: 7, message: 'method is not allowed' })
  ozon.block('7', false)
  expect((await ask(5)).status).toBe(200)
})

it.each([
  [false, 'application/json'],
  [true, 'text/plain'],
])('keeps the breaker of a method open for its time (plain: %j)', async (plain, type) => {
  const { ozon, clock, send } = setup()
  ozon.faults.add({ kind: 'circuit', ms: 120_000, plain })
  const answer = await send()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, expect.stringContaining(type)])
  expect(await answer.text()).toContain('Circle is open')
  clock.now += 119_999
  expect((await send()).status).toBe(503)
  expect((await send('/v1/roles')).status).toBe(200)
  clock.now += 1
  expect((await send()).status).toBe(200)
})

it('answers nothing but a page of the gateway in an outage', async () => {
  const { ozon, clock, send } = setup({ outages: [{ from: start + 1000, to: start + 2000 }] })
  const seen: number[] = []
  for (const wait of [0, 1000, 999, 1]) {
    clock.now += wait
    seen.push((await send()).status)
  }
  expect(seen).toEqual([200, 503, 503, 200])
  expect(ozon.calls.map(({ fault }) => fault)).toEqual([null, 'outage', 'outage', null])
})

it.each<[Fault, number, string]>([
  [{ kind: 'status', status: 500 }, 500, '"message":"Internal error"'],
  [{ kind: 'status', status: 502 }, 502, '502 Bad Gateway'],
  [{ kind: 'status', status: 429, retryAfter: 7 }, 429, '"code":8'],
  [{ kind: 'html' }, 200, '<html>'],
  [{ kind: 'garbage' }, 200, '{"ok":true}'],
])('answers as %j says, once', async (fault, status, part) => {
  const { ozon, send } = setup()
  ozon.faults.add(fault)
  const answer = await send()
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(part)])
  if (status === 429) expect(answer.headers.get('retry-after')).toBe('7')
  expect(ozon.calls[0]).toMatchObject({ fault: fault.kind, limited: false })
  expect((await send()).status).toBe(200)
})

it('spoils only what matches: the nth call of a seller to a path', async () => {
  const { ozon, clock, send } = setup()
  ozon.faults.add({ kind: 'status', status: 500, match: { path: list, seller: '7', nth: 2 } })
  const seen: number[] = []
  for (const [path, key] of [
    [list, '7'],
    [list, '8'],
    ['/v1/roles', '7'],
    [list, '7'],
    [list, '7'],
  ] as const) {
    clock.now += 1000
    seen.push((await send(path, {}, { 'client-id': key, 'api-key': key === '7' ? 'key' : 'other' })).status)
  }
  expect(seen).toEqual([200, 200, 200, 500, 200])
})

it('breaks the connection, cuts the body, and waits as faults tell', async () => {
  const { ozon, clock, naps, send } = setup()
  ozon.faults.add({ kind: 'reset' })
  await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' })
  ozon.faults.add({ kind: 'cut' })
  await expect((await send()).json()).rejects.toThrow(SyntaxError)
  clock.now += 1000
  ozon.faults.add({ kind: 'slow', ms: 3000 })
  await send()
  expect(naps).toEqual([3000])
  const held = ozon.faults.add({ kind: 'hold' })
  const answer = send()
  await held.reached
  expect(ozon.calls.at(-1)!.status).toBe(0)
  held.release()
  expect((await answer).status).toBe(200)
})

it('doubles and reorders rows', async () => {
  const { ozon, clock, items } = setup()
  const rows = await items()
  ozon.faults.add({ kind: 'doubled' })
  expect((await items()).slice(0, 3)).toEqual([rows[0], rows[0], rows[1]])
  clock.now += 1000
  ozon.faults.add({ kind: 'reordered' })
  expect(await items()).toEqual(rows.toReversed())
})

it('breaks a share of the rows, tells which, and breaks the same ones again', async () => {
  const { ozon, clock, send } = setup({ sellers: [{ clientId: '7', apiKey: 'key', products: 1000 }] })
  const ask = async () => (await send('/v4/product/info/stocks', { filter: {}, limit: 1000 })).json() as Promise<Stocks>
  const planted = ozon.faults.add({ kind: 'broken', share: 0.05, times: 2 })
  const unread = ({ items }: Stocks) =>
    items.filter(item => (item.stocks as Row[])[0]?.present === 'n/a').map(item => String(item.product_id))
  const broken = unread(await ask())
  expect(broken.length).toBeGreaterThan(30)
  expect(broken.length).toBeLessThan(70)
  expect(planted.spoiled.map(({ id }) => id)).toEqual(expect.arrayContaining(broken))
  expect(unread(await ask())).toEqual(broken)
  clock.now += 1000
  expect(unread(await ask())).toEqual([])
})

it('writes down each call with its body and what became of it', async () => {
  const { ozon, send } = setup()
  await send(list, { limit: 3 })
  await send('/v1/warehouse/list')
  expect(ozon.calls).toMatchObject([
    {
      id: 1,
      at: start,
      seller: '7',
      method: 'POST',
      path: list,
      body: { limit: 3 },
      status: 200,
      rows: 3,
      leaked: false,
    },
    { id: 2, status: 404, rows: 0 },
  ])
})
