import { expect, onTestFinished, test } from 'vitest'
import { keepSecret } from '../core/secret.ts'
import { mask } from './mask.ts'

test.each([
  'signature',
  'token',
  'key',
  'secret',
  'password',
  'api_key',
  'apiKey',
  'access_token',
  'X-Amz-Signature',
  'sign',
])('the query parameter %s is hidden and the others are shown', name => {
  const shown = mask().url(`https://api.example/v1?symbol=BTC&${name}=hunter22&limit=5`)
  expect(shown).toBe(`https://api.example/v1?symbol=BTC&${name}=***&limit=5`)
})

test('userinfo and fragment of an address are left out', () => {
  expect(mask().url('https://user:hunter22@api.example/v1#hunter23')).toBe('https://api.example/v1')
})

test('words that only contain a hidden one are shown', () => {
  expect(mask().url('https://api.example/?keyword=shoes&assign=1')).toBe('https://api.example/?keyword=shoes&assign=1')
})

test('given names are hidden in addresses and in texts', () => {
  const { url, text } = mask({ names: ['Client-Id'] })
  expect(url('https://api.example/?client-id=77&a=1')).toBe('https://api.example/?client-id=***&a=1')
  expect(text('{"client-id":"77"}')).toBe('{"client-id":"***"}')
})

test('a known secret is hidden bare, in addresses and in JSON', () => {
  const { text, url } = mask({ values: ['Bearer a+b/c="d"'] })
  expect(text('you sent Bearer a+b/c="d"')).toBe('you sent ***')
  expect(text('you sent a+b/c="d" to us')).toBe('you sent *** to us')
  expect(text('at /x?y=a%2Bb%2Fc%3D%22d%22')).toBe('at /x?y=***')
  expect(text('{"echo":"a+b/c=\\"d\\""}')).toBe('{"echo":"***"}')
  expect(url('https://api.example/bot/a+b/c="d"/send')).not.toContain('a+b')
})

test('what a request carries as a secret is hidden in the text about it', () => {
  const request = new Request('https://api.example/?signature=abcd1234&symbol=BTCUSDT', {
    headers: { 'x-mbx-apikey': 'zyxw9876' },
  })
  expect(mask().text('bad abcd1234 of zyxw9876 for BTCUSDT', request)).toBe('bad *** of *** for BTCUSDT')
})

test('secrets nobody told us about are known by their names', () => {
  const { text } = mask()
  expect(text('{"access_token":"s1","refresh_token": "s2","expires":5}')).toBe(
    '{"access_token":"***","refresh_token": "***","expires":5}',
  )
  expect(text('{"message":"token=s1&a=2"}')).toBe('{"message":"token=***&a=2"}')
  expect(text('"{\\"password\\":\\"s1\\"}"')).toBe('"{\\"password\\":\\"***\\"}"')
  expect(text('Authorization: Bearer s1')).toBe('Authorization: Bearer ***')
  expect(text('token: abcdefghijklmnop')).toBe('token: ***')
})

test("a vendor's words about a secret stay", () => {
  expect(mask().text('Invalid token: expired. Monkey business: none')).toBe(
    'Invalid token: expired. Monkey business: none',
  )
})

test('a long text without spaces takes no long time', () => {
  const began = performance.now()
  mask().text('a'.repeat(1_000_000))
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('an address that is none is not repeated', () => {
  expect(mask().url('http://[hunter22')).toBe('(an address that cannot be read)')
})

test('secrets of the process and data of people are hidden as well, in texts and in addresses', () => {
  onTestFinished(keepSecret('hunter22'))
  const { text, url } = mask()
  expect(text('hunter22 of anna@sklep.pl, +48 600 700 800')).toBe('*** of ***, ***')
  expect(url('https://api.example/hunter22?to=anna%40sklep.pl&at=1741564800000')).toBe(
    'https://api.example/***?to=***&at=1741564800000',
  )
})
