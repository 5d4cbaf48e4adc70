import { expect, test } from 'vitest'
import { imitateAcme, type Options } from './acme.ts'

const noon = Date.parse('2026-03-01T12:00:00Z')
const world = { accounts: ['anna', 'boris'], since: noon, every: 60_000, rows: 50 }

function setup(options: Partial<Options> = {}) {
  let now = noon
  const acme = imitateAcme({ ...world, now: () => now, ...options })
  const ask = (path: string, headers = {}) => acme.fetch(new Request(`http://acme.test${path}`, { headers }))
  const status = async (path = '/anna/orders?part=x') => (await ask(path)).status
  const pass = (ms: number) => {
    now += ms
  }
  return { ...acme, ask, status, pass }
}

test('pages lead from one to the next, and together they are the truth', async () => {
  const { ask, truth } = setup()
  const rows: unknown[] = []
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page = (await (await ask(`/anna/orders?part=x&cursor=${cursor}&limit=20`)).json()) as {
      rows: unknown[]
      next: number | null
    }
    rows.push(...page.rows)
    cursor = page.next
  }
  expect(rows).toHaveLength(50)
  expect(rows).toEqual(truth({ account: 'anna', method: 'orders', part: 'x' }))
  expect(truth({ account: 'boris', method: 'orders', part: 'x' })).not.toEqual(rows)
  expect(setup({ seed: 2 }).truth({ account: 'anna', method: 'orders', part: 'x' })).not.toEqual(rows)
})

test('an account is told by its token, in a header or in the path; a stranger gets nothing', async () => {
  const { ask, calls } = setup()
  expect((await ask('/any/stocks?part=x', { 'x-token': 'boris' })).status).toBe(200)
  expect((await ask('/zoe/stocks?part=x')).status).toBe(401)
  expect((await ask('/anna/nothing?part=x')).status).toBe(404)
  expect(calls.map(({ account, status }) => [account, status])).toEqual([
    ['boris', 200],
    ['zoe', 401],
    ['anna', 404],
  ])
})

test('each account and method has a bucket of its own, and who empties it waits', async () => {
  const perMethod = { rate: 2, burst: 3 }
  const { status, ask, pass } = setup({
    limits: { perMethod, together: { max: 1e9, window: 1 }, block: 2_000, longest: 60_000 },
  })
  expect([await status(), await status(), await status()]).toEqual([200, 200, 200])
  const refused = await ask('/anna/orders?part=y')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
  expect([await status('/anna/prices?part=x'), await status('/boris/orders?part=x')]).toEqual([200, 200])
  pass(1_999)
  expect(await status()).toBe(429)
  pass(3_999)
  expect(await status()).toBe(429)
  pass(8_000)
  expect([await status(), await status(), await status(), await status()]).toEqual([200, 200, 200, 429])
})

test('all accounts together fit into one sliding window', async () => {
  const together = { max: 3, window: 10_000 }
  const { status, pass } = setup({
    limits: { perMethod: { rate: 1e9, burst: 1e9 }, together, block: 1_000, longest: 1_000 },
  })
  expect([await status(), await status('/boris/orders?part=x')]).toEqual([200, 200])
  pass(5_000)
  expect([await status(), await status()]).toEqual([200, 429])
  pass(5_000)
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429])
})

test('faults spoil the calls that match, as often as told', async () => {
  const { status, ask, faults, calls } = setup()
  faults.add({ kind: 'status', status: 500, match: { part: 'x' }, times: 2 })
  expect([await status('/anna/orders?part=y'), await status(), await status(), await status()]).toEqual([
    200, 500, 500, 200,
  ])
  faults.add({ kind: 'reset' })
  await expect(ask('/anna/orders?part=x')).rejects.toMatchObject({ code: 'ECONNRESET' })
  const hang = faults.add({ kind: 'hang' })
  const answer = status()
  await expect.poll(() => hang.hits).toBe(1)
  expect(calls.at(-1)).toMatchObject({ status: 0, end: null, fault: 'hang' })
  hang.remove()
  expect(await answer).toBe(200)
  expect(calls.at(-1)).toMatchObject({ status: 200, end: noon })
})
