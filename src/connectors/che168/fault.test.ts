import { expect, test } from 'vitest'
import { fault } from './fault.ts'

const at = new Date('2026-11-05T12:00:00Z')
const faultOf = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  fault({ status, headers: new Headers(headers), text: typeof body === 'string' ? body : JSON.stringify(body), at })

test.each([
  [401, { message: 'Unauthorized' }, 'auth', /^Unauthorized; look at CHE168_API_KEY/],
  [402, {}, 'auth', /^unauthorized; look at/],
  [403, { message: 'Forbidden' }, 'auth', /^Forbidden; the vendor has blocked/],
  [404, { message: 'Source not found' }, 'permanent', /^Source not found; look at base_url, access_name and source/],
  [404, '<html>404</html>', 'permanent', /^not found; look at base_url/],
  [
    422,
    { message: 'Validation failed', errors: ['invalid page', 7] },
    'permanent',
    /^Validation failed: invalid page$/,
  ],
] as const)('%i with %j is %s, with what to do', (status, body, kind, message) => {
  expect(faultOf(status, body)).toMatchObject({ kind, message: expect.stringMatching(message) })
})

test.each([200, 408, 500, 503])('%i is left to its status', status => {
  expect(faultOf(status, { message: 'so' })).toBeUndefined()
})

test.each([
  [{ 'retry-after': '90' }, 90],
  [{ 'retry-after': 'Thu, 05 Nov 2026 12:10:00 GMT' }, 600],
  [{ 'retry-after': 'Thu, 05 Nov 2026 11:00:00 GMT' }, 1],
  [{ 'retry-after': '0' }, 1],
  [{ 'retry-after': '99999999' }, 86_400],
  [{ 'retry-after': 'soon' }, 30],
  [{}, 30],
])('a refusal with %j is over after %i s', (headers, seconds) => {
  expect(faultOf(429, {}, headers)).toMatchObject({
    ...{ kind: 'throttled', message: 'too many requests', until: new Date(at.getTime() + seconds * 1000) },
  })
})
