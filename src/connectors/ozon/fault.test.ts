import { expect, test } from 'vitest'
import { fault } from './fault.ts'

const at = new Date('2026-11-22T12:00:30Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const body = (code: number | string, message: string) => JSON.stringify({ code, message, details: [] })
const v4 = '/v4/product/info/stocks'
const judge = (status: number, text: string, { path = v4, ...headers }: Record<string, string> = {}) =>
  fault({ status, text, headers: new Headers(headers), at, path })

const tooMuch = 'You have reached request rate limit per second'

test('a 429 waits as long as Retry-After says, whether its code is a number or a word', () => {
  for (const code of [8, 'RESOURCE_EXHAUSTED'])
    expect(judge(429, body(code, tooMuch), { 'retry-after': '3' })).toEqual({
      kind: 'throttled',
      message: `${code} ${tooMuch}`,
      until: later(3),
    })
})

test('a limit that is told with another status is a limit all the same, and one without an end lasts a second', () => {
  expect(judge(400, body(8, tooMuch))).toMatchObject({ kind: 'throttled', until: later(1) })
  expect(judge(429, '<html>busy</html>', { 'retry-after': 'soon' })).toMatchObject({ until: later(1) })
})

test.each([
  [503, 'Circle is open'],
  [500, body(14, 'Circle is open')],
  [200, body('UNAVAILABLE', 'Circle is open')],
  [429, 'Circle is open\n'],
])('the breaker of a method, told with %i as %s, closes that method for five minutes', (status, text) => {
  expect(judge(status, text)).toMatchObject({ kind: 'throttled', until: later(300), limit: 'product_stocks' })
  const report = { path: '/prefix/v1/report/info' }
  expect(judge(status, text, report)).toMatchObject({ limit: 'report_info' })
})

test('an answer that holds these words somewhere else is no open breaker', () => {
  expect(judge(200, JSON.stringify({ items: [{ name: 'Circle is open' }] }))).toBeUndefined()
})

test.each([
  ['Invalid Api-Key, please check the key and try again', /make a new key.*sluice accounts rotate/],
  ['Client-Id and Api-Key headers are required', /make a new key/],
  ['Api-key is deactivated, use another one or generate a new one', /switched off.*sluice accounts rotate/],
  ['Api-Key is missing a required role for a method', /no role that may use this method/],
  ['Api-Key is restricted to specific IP addresses', /add this machine's/],
  ['Offer not signed', /sign it/],
])('"%s" is about who asks, whatever its status, and says what to do', (text, remedy) => {
  for (const status of [400, 401, 403, 404])
    expect(judge(status, body(7, text))).toEqual({ kind: 'auth', message: expect.stringMatching(remedy) })
})

test('a method that is gone is told as such, one that is forbidden is about who asks', () => {
  expect(judge(404, body(5, 'Not Found'))).toEqual({
    kind: 'gone',
    message: 'Ozon has no such method, or not any more: look for a newer Sluice (5 Not Found)',
  })
  expect(judge(403, body(7, 'method is not allowed'))).toMatchObject({ kind: 'auth' })
})

test('an account without FBO stock by warehouse is sent to the stock in all', () => {
  const path = '/v1/product/info/stocks-by-warehouse/fbo'
  for (const [status, text] of [
    [404, '404 page not found'],
    [403, body(7, 'method is not allowed')],
  ] as const) {
    expect(judge(status, text, { path })).toEqual({
      kind: 'gone',
      message: expect.stringContaining('ozon.stocks holds'),
    })
  }
  const key = judge(403, body(7, 'Api-key is deactivated, use another one'), { path })
  expect(key?.message).toMatch(/switched off/)
})

test('a report that Ozon knows no more is ordered anew by the next run', () => {
  expect(judge(404, body(5, 'report not found'), { path: '/v1/report/info' })).toMatchObject({
    kind: 'permanent',
    message: expect.stringContaining('the next run orders another'),
  })
})

test('codes tell of what passes and of who asks where the status does not', () => {
  expect(judge(400, body(14, 'x'))).toMatchObject({ kind: 'transient' })
  expect(judge(400, body('UNAUTHENTICATED', 'x'))).toMatchObject({ kind: 'auth' })
})

test.each([
  [500, body(13, 'Internal error')],
  [502, '<html>Bad Gateway</html>'],
  [400, body(3, 'Request validation error: limit')],
  [401, ''],
  [409, '[]'],
])('%i %s is left to its status', (status, text) => expect(judge(status, text)).toBeUndefined())

test('what the host of files answers is left to its status, whatever it says', () => {
  const path = '/s3/reports/1.csv'
  for (const status of [403, 404, 429]) expect(judge(status, 'Invalid Api-Key', { path })).toBeUndefined()
})
