import { expect, test } from 'vitest'
import { fault } from './fault.ts'

const at = new Date('2026-03-01T12:00:30Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const body = (code: number, msg: string) => JSON.stringify({ code, msg })
const judge = (status: number, text: string, headers: Record<string, string> = {}) =>
  fault({ status, text, headers: new Headers(headers), at })

const streams = 'Please use WebSocket Streams for live updates to avoid'
const tooMuch = `Too much request weight used; current limit is 6000 request weight per 1 MINUTE. ${streams} polling the API.`
const ban = `Way too much request weight used; IP banned until ${later(120).getTime()}. ${streams} bans.`

test('429 waits as long as Retry-After says', () => {
  expect(judge(429, body(-1003, tooMuch), { 'retry-after': '17' })).toEqual({
    kind: 'throttled',
    message: tooMuch,
    until: later(17),
  })
})

test('418 waits for the end of the ban, told by the header or in the text, whichever is later', () => {
  expect(judge(418, body(-1003, ban))?.until).toEqual(later(120))
  expect(judge(418, body(-1003, ban), { 'retry-after': '10' })?.until).toEqual(later(120))
  expect(judge(418, body(-1003, ban), { 'retry-after': '300' })?.until).toEqual(later(300))
})

test.each([429, 418])('a %i that tells no end, or one that cannot be read, waits a minute', status => {
  expect(judge(status, '')).toMatchObject({ kind: 'throttled', until: later(60) })
  expect(judge(status, '<html>', { 'retry-after': 'soon' })).toMatchObject({ kind: 'throttled', until: later(60) })
})

test('403 is the firewall: the address waits, nobody is paused', () => {
  expect(judge(403, '<html>Forbidden</html>')).toMatchObject({ kind: 'throttled', until: later(300) })
})

test.each([-1000, -1001, -1006, -1007, -1008, -1016, -1034])('%i passes by itself, whatever its status', code => {
  for (const status of [400, 500, 503]) expect(judge(status, body(code, 'x'))?.kind).toBe('transient')
})

test.each([-1100, -1101, -1102, -1120, -1121, -1122, -1127, -1130, -1220])('%i is a final no', code => {
  expect(judge(400, body(code, 'x'))).toMatchObject({
    kind: 'permanent',
    message: expect.stringContaining(`${code} x`),
  })
})

test('a limit told with another status is a limit all the same, and one without an end lasts a minute', () => {
  expect(judge(400, body(-1003, 'Too much request weight used'), {})).toMatchObject({
    kind: 'throttled',
    until: later(60),
  })
  expect(judge(429, '', { 'retry-after': '' })?.until).toEqual(later(60))
})

test('a ban has an end that a ban can have', () => {
  expect(judge(418, body(-1003, 'IP banned until 9999999999999.'), {})?.until).toEqual(later(3 * 86_400))
})

test('a symbol that is not listed is told in words', () => {
  expect(judge(400, body(-1121, 'Invalid symbol.'))?.message).toBe(
    'Binance does not list this symbol; check SYMBOLS or --symbols (-1121 Invalid symbol.)',
  )
})

test.each([
  [502, '<html>Bad Gateway</html>'],
  [500, body(-1, 'unknown')],
  [404, '<html>Not Found</html>'],
  [400, '[]'],
  [400, 'null'],
])('%i %s is left to its status', (status, text) => expect(judge(status, text)).toBeUndefined())

test('a success is no fault', () => {
  expect(judge(200, '[]')).toBeUndefined()
  expect(judge(200, '{"serverTime":1}')).toBeUndefined()
})
