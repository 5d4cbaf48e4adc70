import { expect, test } from 'vitest'
import { trimName } from './trim.ts'

test.each([
  ['奔驰C级 2019款 C 260 运动版', { series: '奔驰C级', year: 2019, trim: 'C 260 运动版' }],
  [
    '途观L 2022款 改款 330TSI 自动两驱智享版 国VI',
    { series: '途观L', year: 2022, trim: '改款 330TSI 自动两驱智享版 国VI' },
  ],
  ['海豹06 DM-i旅行版2025款', { series: '海豹06 DM-i旅行版', year: 2025, trim: '' }],
])('%s is a series, a year and a trim', (text, expected) => {
  expect(trimName(text)).toEqual(expected)
})

test.each(['Chery QQ3 2012 Стандарт 1.0L МКПП', 'C 260 运动版', ''])('%s is no full name of a trim', text => {
  expect(trimName(text)).toBeUndefined()
})
