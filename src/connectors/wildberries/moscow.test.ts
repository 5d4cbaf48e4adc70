import { describe, expect, it } from 'vitest'
import { dayOf, daysAfter, local, textOf, timeOf } from './moscow.ts'

const iso = (text: string) => new Date(timeOf(text)!).toISOString()

describe('times of orders and sales', () => {
  it('are Moscow time, with any number of decimals', () => {
    expect(iso('2022-03-04T18:08:31')).toBe('2022-03-04T15:08:31.000Z')
    expect(iso('2022-05-08T00:44:15.5')).toBe('2022-05-07T21:44:15.500Z')
    expect(iso('2019-06-20T00:00:00.12345')).toBe('2019-06-19T21:00:00.123Z')
    expect(iso('2019-06-20')).toBe('2019-06-19T21:00:00.000Z')
  })

  it('with an offset are what that says', () => {
    expect(iso('2022-03-04T18:08:31Z')).toBe('2022-03-04T18:08:31.000Z')
    expect(iso('2022-03-04T18:08:31+05:00')).toBe('2022-03-04T13:08:31.000Z')
  })

  it.each([
    '',
    'soon',
    '2022-02-30T00:00:00',
    '2022-13-01',
    '2022-03-04 18:08:31',
    '04.03.2022',
    '2022-03-04T25:00:00',
  ])('%j is none', text => {
    expect(timeOf(text)).toBeUndefined()
    expect(local.safeParse(text).success).toBe(false)
  })

  it('are asked for as they are written there', () => {
    expect(textOf(Date.parse('2022-03-04T15:08:31Z'))).toBe('2022-03-04T18:08:31')
    expect(textOf(Date.parse('2022-03-04T15:08:31.250Z'))).toBe('2022-03-04T18:08:31.250')
  })
})

it('a day begins at midnight in Moscow', () => {
  expect([dayOf(Date.parse('2026-03-04T20:59:59Z')), dayOf(Date.parse('2026-03-04T21:00:00Z'))]).toEqual([
    '2026-03-04',
    '2026-03-05',
  ])
  expect([daysAfter('2026-02-28', 1), daysAfter('2026-03-01', -1)]).toEqual(['2026-03-01', '2026-02-28'])
})
