import { expect, test } from 'vitest'
import { addressOf } from '../../core/source.ts'
import { che168 } from './index.ts'

const settings = (given: Record<string, unknown> = {}) => che168.options.parse(given)
const credentials = { api_key: 'key-of-the-lot' }

test('the address is made of the access name and the source, unless it is given whole', () => {
  expect(addressOf(settings())).toBe('https://autobase.auto-parser.ru/api/v2/che168')
  const own = settings({ access_name: 'anna', source: 'encar' })
  expect(addressOf(own)).toBe('https://anna.auto-parser.ru/api/v2/encar')
  expect(addressOf(settings({ base_url: 'https://api1.auto-api.com/api/v2/che168' }))).toBe(
    'https://api1.auto-api.com/api/v2/che168',
  )
  expect(() => settings({ access_name: 'evil.example/' })).toThrow('letters, digits and dashes')
})

test('an address that cannot be one is refused with what to write instead', () => {
  const given = (base_url: string) => che168.options.safeParse({ base_url }).error?.issues[0]?.message
  expect(given('https://{acces_name}.auto-parser.ru/api')).toBe(
    'holds {acces_name}, and only {access_name}, {source}, {auth}, {request_timeout} stand for settings',
  )
  expect(given('autobase.auto-parser.ru')).toBe(
    'must be an address such as https://{access_name}.auto-parser.ru/api/v2/{source}',
  )
  expect(given('ftp://autobase.auto-parser.ru')).toContain('must be an address such as https://')
  expect(given('https://{access_name}.auto-parser.ru/{source}')).toBeUndefined()
})

test('a wait between retries without its unit is refused with how to write it', () => {
  const { options } = che168.streams.find(({ name }) => name === 'offers')!
  const message = options.safeParse({ retry_interval: 12 }).error?.issues[0]?.message
  expect(message).toBe('must be a number and s, m or h, such as 12m; 24h at most')
})

test('the key goes by a header, or in the address, and never by both', () => {
  const { auth } = che168
  if (auth?.kind !== 'fixed') throw new Error('the key is no token')
  const sent = (given: object) => [auth.headers(credentials, { ...given }), auth.query!(credentials, { ...given })]
  expect(sent(settings())).toEqual([{ 'x-api-key': 'key-of-the-lot' }, {}])
  expect(sent(settings({ auth: 'query' }))).toEqual([{}, { api_key: 'key-of-the-lot' }])
})

test('a question may take as long as the settings say, a second at least', () => {
  expect([{}, { request_timeout: '45' }, { request_timeout: 0 }].map(each => che168.deadline!(settings(each)))).toEqual(
    [...[30_000, 45_000, 1_000]],
  )
})
