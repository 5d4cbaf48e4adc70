import { expect, test } from 'vitest'
import { brand, maker, model, nameOf } from './brand.ts'
import { newNotes } from './notes.ts'

test.each([
  ['Mercedes-Benz', 'Mercedes-Benz'],
  ['mercedes-benz', 'Mercedes-Benz'],
  ['奔驰', 'Mercedes-Benz'],
  ['吉利汽车', 'Geely'],
  ['理想汽车', 'Li Auto'],
  ['理想', 'Li Auto'],
  ['Li', 'Li Auto'],
  ['LiXiang', 'Li Auto'],
  ['AITO 问界', 'AITO'],
  ['问界', 'AITO'],
  ['奥迪', 'Audi'],
  ['奥迪(进口)', 'Audi'],
  ['奥迪（进口）', 'Audi'],
  ['奥迪AUDI', 'AUDI'],
  ['飞凡汽车', 'Rising Auto'],
  ['KIA', 'Kia'],
  ['Citroen', 'Citroën'],
  ['Skoda', 'Škoda'],
  ['Mercedes Benz', 'Mercedes-Benz'],
  ['Lynk&Co', 'Lynk & Co'],
  ['Audi', 'Audi'],
  ['ARCFOX极狐', 'ArcFox'],
])('the brand %s is %s', (word, name) => {
  expect(brand(word)).toBe(name)
})

test.each(['金冠汽车', '奇瑞QQ', 'RE-MAX 瑞迈', 'Hummer', ''])('the brand %s is in no dictionary', word => {
  expect(brand(word)).toBeUndefined()
})

test.each([
  ['C级', 'C-Class'],
  ['GLC级', 'GLC-Class'],
  ['3系', '3 Series'],
  ['3 серии', '3 Series'],
  ['5 серия', '5 Series'],
  ['E-Класс', 'E-Class'],
  ['福克斯', 'Focus'],
])('the model %s is %s', (word, name) => {
  expect(model(word)).toBe(name)
})

test.each([
  ['北京奔驰', 'Beijing Benz'],
  ['一汽-大众', 'FAW-Volkswagen'],
  ['奥迪(进口)', 'Audi'],
  ['宝马（进口）', 'BMW'],
])('the maker %s is %s', (word, name) => {
  expect(maker(word)).toBe(name)
})

/** Brand, model, flags. */
function made(mark: unknown, name: unknown) {
  const notes = newNotes()
  const names = nameOf({ mark, model: name }, notes)
  return [names.mark, names.model, ...notes.flags]
}

test.each([
  ['BMW', 'BMW X5', ['BMW', 'X5']],
  ['奔驰', '奔驰C级', ['Mercedes-Benz', 'C-Class']],
  ['Kia', 'K2', ['Kia', 'K2']],
  ['MINI', 'MINI', ['MINI', 'MINI']],
  ['Lamborghini', 'Huracán', ['Lamborghini', 'Huracán']],
  ['AITO 问界', 'M7', ['AITO', 'M7']],
  ['AITO', '问界M7', ['AITO', 'M7']],
  ['Xiaomi', '小米YU7', ['Xiaomi', 'YU7']],
  ['Mercedes-Benz', '奔驰C级', ['Mercedes-Benz', 'C-Class']],
  ['BMW', '宝马3系', ['BMW', '3 Series']],
  ['Audi', '奥迪A6L', ['Audi', 'A6L']],
  ['Toyota', '奥迪A6L', ['Toyota', '奥迪A6L', 'model:unmapped']],
  ['Kia', 'Kiamotors', ['Kia', 'Kiamotors']],
])('%s %s loses the brand before its model', (mark, name, expected) => {
  expect(made(mark, name)).toEqual(expected)
})

test('a Chinese name without a translation is kept and counted, and is not translated by its meaning', () => {
  expect(made('金冠汽车', '悦意07')).toEqual(['金冠汽车', '悦意07', 'mark:unmapped', 'model:unmapped'])
  expect(made('BYD', '海豹06 DM-i旅行版')).toEqual(['BYD', '海豹06 DM-i旅行版', 'model:unmapped'])
  expect(made('小米', '小米YU7')).toEqual(['Xiaomi', 'YU7'])
})

test('a name in Latin letters is kept, and nobody counts it', () => {
  expect(made('Hummer', 'H2')).toEqual(['Hummer', 'H2'])
})

test('what is not told has no name', () => {
  expect(made('', null)).toEqual([undefined, undefined])
})
