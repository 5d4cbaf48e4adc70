import { expect, test } from 'vitest'
import { newNotes } from './notes.ts'
import { optionsOf } from './options.ts'
import type { Spec } from './spec.ts'

const bare: Spec = { id: 7, of: new Map(), values: undefined, trim: undefined, equipment: undefined }

test('what the seller points out is listed once', () => {
  const option = {
    displayopts: [{ optionname: '胎压监测装置', optionid: 12 }, { optionname: '自动驻车' }, { optionname: '-' }, 7],
    moreoptions: [{ opts: [{ optionname: '无钥匙启动系统' }, { optionname: '自动驻车' }] }, { opts: null }],
  }
  const listed = [{ name: '胎压监测装置', code: '12' }, { name: '自动驻车' }, { name: '无钥匙启动系统' }]
  expect(optionsOf({ option }, bare, newNotes())).toEqual(listed)
  expect(optionsOf({ option: JSON.stringify(option) }, bare, newNotes())).toEqual(listed)
})

test('equipment of a table of the web has marks: ● standard, ○ optional, - absent', () => {
  const value = (name: string, text: string) => ({ name, valueitems: [{ specid: 7, value: text }] })
  const equipment = [
    {
      name: '安全装备',
      configitems: [
        value('ABS', '●'),
        value('盲区监测', '○'),
        value('夜视', '-'),
        value('气囊', '主●&nbsp;/&nbsp;副●'),
        value('钥匙', '遥控'),
      ],
    },
  ]
  expect(optionsOf(undefined, { ...bare, equipment }, newNotes())).toEqual([
    { name: 'ABS', group: '安全装备', mark: 'standard' },
    { name: '盲区监测', group: '安全装备', mark: 'optional' },
    { name: '气囊', group: '安全装备', mark: 'standard', text: '主● / 副●' },
    { name: '钥匙', group: '安全装备', text: '遥控' },
  ])
})

test('an advert without any has no list', () => {
  for (const option of [undefined, null, {}, [], 'x']) expect(optionsOf({ option }, bare, newNotes())).toBeUndefined()
})
