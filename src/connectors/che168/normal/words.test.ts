import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newNotes } from './notes.ts'
import { fold } from './text.ts'
import { coded, dictionary, linesOf } from './words.ts'

const color = dictionary('color')
const kind = dictionary('class')

test.each([
  ['white', ['White', 'Белый', 'белый', '白色']],
  ['black', ['Black', 'Черный', 'Чёрный', '黑色']],
  ['silver_grey', ['Silver', 'Серебристо-серый', '银灰色', '银色']],
  ['dark_grey', ['Dark Gray', 'dark gray', 'Темно-серый', 'Тёмно-серый', '深灰色', '灰色']],
  ['blue', ['Blue', 'Синий', '蓝色']],
  ['red', ['Red', 'Красный', '红色']],
  ['brown', ['Brown', 'Коричневый', '咖啡色', '棕色', '褐色']],
  ['orange', ['Orange', 'Оранжевый', '橙色']],
  ['yellow', ['Yellow', 'Желтый', 'жёлтый', '黄色']],
  ['green', ['Green', 'Зеленый', 'Зелёный', '绿色']],
  ['purple', ['Purple', 'Фиолетовый', '紫色']],
  ['champagne', ['Champagne', 'Шампань', '香槟色', '金色']],
  ['other', ['Other', 'Другой', '粉色', '多彩色', '其他', '其它']],
])('%s is %j', (code, words) => {
  for (const word of words) expect([word, color(word)]).toEqual([word, code])
})

test.each([
  ['微型车', 'city'],
  ['小型车', 'small'],
  ['紧凑型车', 'compact'],
  ['中型车', 'mid_size'],
  ['中大型车', 'executive'],
  ['大型车', 'luxury'],
  ['小型SUV', 'suv_small'],
  ['紧凑型SUV', 'suv_compact'],
  ['中型SUV', 'suv_mid'],
  ['中大型SUV', 'suv_mid_large'],
  ['大型suv', 'suv_large'],
  ['紧凑型MPV', 'mpv_compact'],
  ['中型MPV', 'mpv_mid'],
  ['中大型MPV', 'mpv_mid_large'],
  ['大型MPV', 'mpv_large'],
  ['MPV', 'mpv'],
  ['跑车', 'sports'],
  ['微面', 'microvan'],
  ['微卡', 'micro_truck'],
  ['轻客', 'light_bus'],
  ['轻卡', 'light_truck'],
  ['皮卡', 'pickup'],
  ['低端皮卡', 'pickup'],
  ['高端皮卡', 'pickup'],
])('the class %s is %s', (word, code) => {
  expect(kind(word)).toBe(code)
})

test('an unknown word is counted as it was written, one that says nothing is not', () => {
  const notes = newNotes()
  expect(coded(notes, 'color', 'Серо-Буро', color)).toBeUndefined()
  expect(coded(notes, 'body_type', 'Седан/хэтчбек', dictionary('body'))).toBeUndefined()
  expect(coded(notes, 'color', '', color)).toBeUndefined()
  expect(coded(notes, 'car_class', {}, kind)).toBeUndefined()
  expect(notes).toEqual({ flags: new Set(['color:unmapped']), unmapped: { color: 'Серо-Буро' } })
})

test('every dictionary has as many columns on each line as in its heading, and no word twice', () => {
  const keys: Record<string, (line: readonly string[]) => readonly string[]> = {
    ...{ values: ([field, word]) => [`${field} ${fold(word!)}`], places: ([code]) => [code!] },
    ...{ params: ([group, names]) => names!.split('|').map(name => `${group} ${fold(name)}`) },
    ...{ brands: wordsOf, makers: wordsOf, models: wordsOf },
  }
  for (const [name, keysOf] of Object.entries(keys)) {
    const file = new URL(`../dictionaries/${name}.tsv`, import.meta.url)
    const width = readFileSync(file, 'utf8').split('\n')[0]!.split('\t').length
    const lines = linesOf(name)
    expect(lines.length).toBeGreaterThan(30)
    expect(lines.filter(line => line.length !== width)).toEqual([])
    const all = lines.flatMap(keysOf)
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([])
  }
})

function wordsOf([words]: readonly string[]): readonly string[] {
  return words!.split('|').map(fold)
}
