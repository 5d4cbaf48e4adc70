import { expect, test } from 'vitest'
import type { Clock } from '../core/clock.ts'
import { AuthError, BadPage, type Failure, Rejected, type Throttled, Transient } from '../core/failure.ts'
import type { FaultyAnswer } from '../core/fault.ts'
import type { Fetch } from './fetch.ts'
import { type Judgement, judge } from './judge.ts'
import { mask } from './mask.ts'

const noon = new Date('2026-03-01T12:00:00Z')
const clock: Clock = { now: async () => noon, until: async () => {}, pass: async () => {} }
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000)

const judged = (fetch: Fetch, judgement: Partial<Judgement> = {}) =>
  judge(fetch, { who: 'acme/main/orders', mask: mask(), clock, ...judgement })(new Request('http://api.example/v1?a=1'))

const answer = (status: number, body: string | null = null, headers: Record<string, string> = {}) =>
  judged(async () => new Response(body, { status, headers }))

async function failure<F extends Failure>(answer: Promise<Response>): Promise<F> {
  return await answer.then(
    response => expect.fail(`it should have failed and answered ${response.status}`),
    error => error,
  )
}

test('a success passes untouched, body included', async () => {
  const response = new Response('{"a":1}', { headers: { 'content-type': 'application/json' } })
  expect(await judged(async () => response, { expects: 'json' })).toBe(response)
})

test.each([
  [301, 'Rejected', 'vendor-redirected'],
  [400, 'Rejected', 'vendor-rejected'],
  [401, 'AuthError', 'vendor-unauthorised'],
  [402, 'AuthError', 'vendor-unpaid'],
  [403, 'AuthError', 'vendor-forbidden'],
  [404, 'Rejected', 'vendor-rejected'],
  [408, 'Transient', 'vendor-error'],
  [418, 'Throttled', 'throttled'],
  [429, 'Throttled', 'throttled'],
  [500, 'Transient', 'vendor-error'],
  [503, 'Transient', 'vendor-error'],
])('without a word of the vendor, %i is %s', async (status, name, code) => {
  expect(await failure(answer(status))).toMatchObject({ name, code })
})

test('a message says who asked what, the status, what the vendor said, and the trace', async () => {
  const body = '{"code":-1121,\n  "msg":"Invalid\u0000 symbol."}'
  const error = await failure(answer(400, body, { 'trace-id': 'f00d' }))
  expect(error.message).toBe(
    'acme/main/orders: {"code":-1121, "msg":"Invalid symbol."}; the vendor answered 400 to GET http://api.example/v1?a=1 (trace f00d)',
  )
})

test('a long body is cut', async () => {
  expect((await failure(answer(500, 'x'.repeat(100_000)))).message.length).toBeLessThan(450)
})

test('a redirect says where it points to, without the secrets in there', async () => {
  const error = await failure(answer(302, null, { location: '/login?next=v1&token=hunter22' }))
  expect(error.message).toContain(
    '302 to GET http://api.example/v1?a=1 and pointed to http://api.example/login?next=v1&token=***',
  )
  expect(error.message).toContain('redirects are not followed')
})

test('a status that is declared to be an answer passes', async () => {
  const done = new Response(null, { status: 303, headers: { location: '/operations/1' } })
  expect(await judged(async () => done, { accepts: [303] })).toBe(done)
})

test.each([
  ['seconds', { 'retry-after': '120' }, 120],
  ['a date', { 'retry-after': 'Sun, 01 Mar 2026 12:05:00 GMT' }, 300],
  [
    "a date, by a vendor's clock that is an hour ahead",
    { date: 'Sun, 01 Mar 2026 13:00:00 GMT', 'retry-after': 'Sun, 01 Mar 2026 13:05:00 GMT' },
    300,
  ],
  ['a moment that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 1],
  ['no time at all', { 'retry-after': '0' }, 1],
  ['nothing', {}, 60],
  ['nonsense', { 'retry-after': 'soon' }, 60],
  ['an epoch in place of seconds', { 'retry-after': '1772366400' }, 60],
])('a throttle that names %s is told by our clock', async (_, headers, seconds) => {
  const error = await failure<Throttled>(answer(429, '', headers))
  expect(error.until).toEqual(later(seconds))
})

test('a throttle names its bucket', async () => {
  const fetch = async () => new Response('', { status: 429 })
  expect(await failure(judged(fetch))).toMatchObject({ bucket: 'acme/main/orders' })
  expect(await failure(judged(fetch, { bucket: 'weight of egress default' }))).toMatchObject({
    bucket: 'weight of egress default',
  })
})

test.each([
  ['permanent', Rejected],
  ['gone', Rejected],
  ['transient', Transient],
  ['auth', AuthError],
] as const)('the word of the vendor comes before the status: %s', async (kind, type) => {
  const fetch = async () => new Response('teapot', { status: 429 })
  const error = await failure(judged(fetch, { fault: () => ({ kind, message: '-7 out of tea' }) }))
  expect(error).toBeInstanceOf(type)
  expect(error.message).toContain(': -7 out of tea')
})

test("a throttle's end in the vendor's word is told by our clock", async () => {
  const fetch = async () => new Response('', { status: 403, headers: { date: 'Sun, 01 Mar 2026 11:00:00 GMT' } })
  const fault = ({ at }: FaultyAnswer) =>
    ({ kind: 'throttled', message: 'ban', until: new Date(at.getTime() + 5_000) }) as const
  expect(await failure(judged(fetch, { fault }))).toMatchObject({ name: 'Throttled', until: later(5) })
})

test('the vendor sees status, headers, text and its own clock', async () => {
  const seen: FaultyAnswer[] = []
  const fault = (answer: FaultyAnswer) => void seen.push(answer)
  const date = 'Sun, 01 Mar 2026 11:00:00 GMT'
  await failure(judged(async () => new Response('нет', { status: 400, headers: { date } }), { fault }))
  await failure(judged(async () => new Response('no', { status: 400 }), { fault }))
  expect(seen).toMatchObject([
    { status: 400, text: 'нет', at: new Date(date) },
    { status: 400, text: 'no', at: noon },
  ])
})

test('an error in the body of a small success is found, and other small successes stay readable', async () => {
  const fault = ({ text }: FaultyAnswer) =>
    text.includes('"error"') ? ({ kind: 'permanent', message: 'no such car' } as const) : undefined
  expect(await failure(judged(async () => new Response('{"error":7}'), { fault }))).toBeInstanceOf(Rejected)
  expect(await (await judged(async () => new Response('{"cars":[]}'), { fault })).json()).toEqual({ cars: [] })
})

test('a large success is not looked into', async () => {
  const fault = () => expect.fail('asked about a large success')
  const response = await judged(async () => new Response('x'.repeat(5000)), { fault })
  expect((await response.text()).length).toBe(5000)
})

test('a success of another type than declared shows its type and its beginning', async () => {
  const page = `<html>\n<title>Just a moment</title>${'x'.repeat(200)}`
  const fetch = async () => new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  const error = await failure(judged(fetch, { expects: 'json' }))
  expect(error).toMatchObject({ name: 'Transient', code: 'vendor-wrong-type' })
  expect(error.message).toMatch(
    /with text\/html; charset=utf-8 in place of json: "<html> <title>Just a moment<\/title>x{45}…"$/,
  )
})

test.each([
  'application/json',
  'application/json; charset=UTF-8',
  'application/vnd.acme.public.v1+json',
  'text/json',
  null,
])('%s is believed to be json', async type => {
  const response = new Response('{}', { headers: type === null ? {} : { 'content-type': type } })
  if (type === null) response.headers.delete('content-type')
  expect(await judged(async () => response, { expects: 'json' })).toBe(response)
})

test('a success without content has no type to be wrong', async () => {
  const response = new Response(null, { status: 204, headers: { 'content-type': 'text/plain' } })
  expect(await judged(async () => response, { expects: 'json' })).toBe(response)
})

test.each([Transient, BadPage])('a %o of the wire is told on whose behalf it happened', async type => {
  const cause = new type('some-code', 'api.example broke the connection')
  const error = await failure(judged(async () => Promise.reject(cause)))
  expect(error).toBeInstanceOf(type)
  expect(error).toMatchObject({
    code: 'some-code',
    message: 'acme/main/orders: api.example broke the connection',
    cause,
  })
})

test('the reason of an abort passes as it is', async () => {
  const reason = new Error('stop')
  expect(await failure(judged(async () => Promise.reject(reason)))).toBe(reason)
})
