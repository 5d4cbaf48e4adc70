import { expect, test } from 'vitest'
import { addressOf } from './source.ts'

test('names in braces stand for the settings of these names, and others for themselves', () => {
  const base_url = 'https://{who}.acme.example/{path}/{what}'
  expect(addressOf({ base_url, who: 'anna', path: 'v2' })).toBe('https://anna.acme.example/v2/{what}')
  expect(addressOf({ base_url: 'http://127.0.0.1:81/v2', who: 'anna' })).toBe('http://127.0.0.1:81/v2')
})
