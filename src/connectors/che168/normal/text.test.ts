import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, isChinese, remembered, told } from './text.ts'

test('what says nothing is undefined, and "none" is a value', () => {
  for (const nothing of [
    '',
    '  ',
    '-',
    '--',
    '待查',
    '未知',
    '暂无',
    '暂无报价',
    'NULL',
    '&nbsp;',
    null,
    undefined,
    {},
    [],
  ])
    expect(told(nothing)).toBeUndefined()
  expect(told('无')).toBe('无')
  expect(told('主●&nbsp;/&nbsp;副●')).toBe('主● / 副●')
  expect(told(7)).toBe('7')
  expect(told(Number.NaN)).toBeUndefined()
})

test.each([
  ['国Ⅵ', '国VI'],
  ['9档手自一体', '9挡手自一体'],
  ['手自一体变速箱（AT）', '手自一体变速箱(AT)'],
  ['最大扭矩(N・m)', '最大扭矩(N·m)'],
  ['Чёрный', 'чЕрный'],
  ['ЧЁРНЫЙ', 'черный'],
  [' Plug-in   Hybrid ', 'plug-in hybrid'],
  ['ＡＷＤ', 'awd'],
  ['б/у\u00a0', 'Б/У'],
])('%s and %s are one word', (one, other) => {
  expect(fold(one)).toBe(fold(other))
})

/** Letters that change when they are folded, and marks that change the letter before them. */
const letters = [
  'е',
  'Е',
  'Ё',
  '\u0308',
  'İ',
  'ß',
  'ẞ',
  'ﬁ',
  'Ａ',
  '（',
  'Ⅵ',
  'ⅵ',
  '・',
  '･',
  '·',
  '档',
  '\u00a0',
  ' ',
  '㎞',
  '\u0345',
  'Σ',
  'ｶ',
  'ﾞ',
  'Å',
  'ǰ',
]

test('what is folded stays as it is when it is folded again', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...letters) }), text => {
      expect(fold(fold(text))).toBe(fold(text))
    }),
    { examples: [['Ё\u{ff9e}\u0308'], ['е\u0308\u0308']] },
  )
})

test('a function that remembers answers as the function itself, however much it is asked', () => {
  let times = 0
  const twice = remembered(text => {
    times++
    return `${text}${text}`
  }, 2)
  for (const text of ['a', 'b', 'c', 'a', 'b', 'c']) expect(twice(text)).toBe(`${text}${text}`)
  expect(times).toBe(4)
})

test('Chinese is told from other letters', () => {
  expect([isChinese('海豹06'), isChinese('BMW'), isChinese('Чери')]).toEqual([true, false, false])
})
