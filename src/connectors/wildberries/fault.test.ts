import { describe, expect, it } from 'vitest'
import { fault } from './fault.ts'

const at = new Date('2026-11-22T03:00:00Z')
const faultOf = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  fault({ status, headers: new Headers(headers), text: typeof body === 'string' ? body : JSON.stringify(body), at })

const problem = (title: string, detail: string) => ({ title, detail, code: 'x', requestId: '1', origin: 's2s-api' })

describe('a refusal for asking too much', () => {
  it.each([
    [{ 'X-Ratelimit-Retry': '9000', 'Retry-After': '5', 'X-Ratelimit-Reset': '7' }, 9000],
    [{ 'Retry-After': '5', 'X-Ratelimit-Reset': '7' }, 5],
    [{ 'X-Ratelimit-Reset': '10800' }, 10_800],
    [{ 'X-Ratelimit-Retry': 'soon', 'X-Ratelimit-Reset': '7' }, 7],
    [{ 'X-Ratelimit-Retry': '99999999' }, 30 * 86_400],
  ])('lasts as long as its headers %j say: relative seconds', (headers, seconds) => {
    const until = new Date(at.getTime() + seconds * 1000)
    expect(faultOf(429, problem('too many requests', 'limited by c122'), headers)).toEqual({
      ...{ kind: 'throttled', message: 'too many requests: limited by c122', until },
    })
  })

  it('that does not say how long leaves it to the limit', () => {
    expect(faultOf(429, '')).toEqual({ kind: 'throttled', message: '', until: undefined })
  })
})

describe('a no is told in the vendor’s words, with what to do', () => {
  it.each([
    [
      401,
      problem('unauthorized', 'token problem; token is expired'),
      'auth',
      /token is expired; make a token .*rotate/,
    ],
    [402, { title: 'payment required', detail: 'top up' }, 'auth', /top up; top up the balance/],
    [403, problem('forbidden', 'base token is not allowed'), 'auth', /personal or service token; .*stream remains/],
    [403, problem('forbidden', 'scope'), 'auth', /with the category of this method/],
    [
      404,
      { detail: 'not found', origin: 'api-statistics', title: 'Not Found' },
      'gone',
      /no such method .*newer version/,
    ],
    [400, { errors: ['dateFrom: field required'] }, 'permanent', /^dateFrom: field required$/],
    [400, { errors: 'dateFrom: Value not validated' }, 'permanent', /^dateFrom: Value not validated$/],
    [
      400,
      { status: 400, title: 'bad request', detail: 'Неверный формат offset' },
      'permanent',
      /Неверный формат offset/,
    ],
    [400, { code: 'IncorrectParameter', message: 'IncorrectParameter' }, 'permanent', /^IncorrectParameter$/],
    [
      409,
      [
        { code: 'a', message: 'one' },
        { code: 'b', message: 'two' },
      ],
      'permanent',
      /^one: two$/,
    ],
    [400, 'plain words', 'permanent', /^plain words$/],
  ])('%i %j', (status, body, kind, message) => {
    expect(faultOf(status, body)).toEqual({ kind, message: expect.stringMatching(message) })
  })

  it('and is short enough that the remedy is not cut off', () => {
    expect(faultOf(403, problem('forbidden', `base token ${'x'.repeat(900)}`))!.message.length).toBeLessThan(300)
  })

  it.each([
    [200, '{"detail":"fine"}'],
    [500, '{"detail":"oops"}'],
    [503, ''],
    [408, 'late'],
    [400, '<html>no</html>'],
  ])('%i %s is left to its status', (status, body) => {
    expect(faultOf(status, body)).toBeUndefined()
  })
})
