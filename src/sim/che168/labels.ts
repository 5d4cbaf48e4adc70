import type { Energy } from './engines.ts'

/** A label in the languages of the vendor's lists; where a list lacks it, the Chinese word is left over. */
export type Label = { zh: string; en?: string; ru?: string }

/** What the energy is called, and what it means. */
export const energies: Readonly<Record<Energy, Label & { fuel: string; powertrain: string }>> = {
  汽油: { zh: '汽油', en: 'Gasoline', ru: 'Бензиновый', fuel: 'petrol', powertrain: 'ice' },
  '汽油+48V轻混系统': {
    ...{ zh: '汽油+48V轻混系统', en: 'Gasoline + 48V Mild Hybrid', ru: 'Бензиновый + 48V mild hybrid' },
    ...{ fuel: 'petrol', powertrain: 'mhev' },
  },
  汽油电驱: { zh: '汽油电驱', ru: 'Бензиновый с электроприводом', fuel: 'petrol', powertrain: 'hev' },
  油电混合: { zh: '油电混合', en: 'Hybrid', ru: 'Гибридный (HEV)', fuel: 'petrol', powertrain: 'hev' },
  插电式混合动力: {
    ...{ zh: '插电式混合动力', en: 'Plug-in Hybrid', ru: 'Подключаемый гибрид (PHEV)' },
    ...{ fuel: 'petrol', powertrain: 'phev' },
  },
  增程式: {
    ...{ zh: '增程式', en: 'Range Extender', ru: 'Расширитель диапазона (REEV)' },
    ...{ fuel: 'petrol', powertrain: 'reev' },
  },
  纯电动: { zh: '纯电动', en: 'Electric', ru: 'Электрический (BEV)', fuel: 'electric', powertrain: 'bev' },
  柴油: { zh: '柴油', en: 'Diesel', ru: 'Дизельный', fuel: 'diesel', powertrain: 'ice' },
  '汽油+CNG': {
    ...{ zh: '汽油+CNG', en: 'Gasoline + CNG', ru: 'Бензиновый + CNG' },
    ...{ fuel: 'petrol_cng', powertrain: 'ice' },
  },
  CNG: { zh: 'CNG', en: 'CNG', fuel: 'cng', powertrain: 'ice' },
  氢燃料: { zh: '氢燃料', en: 'Hydrogen Fuel Cell', fuel: 'hydrogen', powertrain: 'fcev' },
  甲醇混动: { zh: '甲醇混动', fuel: 'methanol', powertrain: 'hev' },
}

export const colors: readonly (Label & { color: string; weight: number })[] = [
  { zh: '白色', en: 'White', ru: 'Белый', color: 'white', weight: 34 },
  { zh: '黑色', en: 'Black', ru: 'Черный', color: 'black', weight: 30 },
  { zh: '银灰色', en: 'Silver', ru: 'Серебристо-серый', color: 'silver_grey', weight: 9 },
  { zh: '深灰色', en: 'Dark Gray', ru: 'Темно-серый', color: 'dark_grey', weight: 7 },
  { zh: '蓝色', en: 'Blue', ru: 'Синий', color: 'blue', weight: 6 },
  { zh: '红色', en: 'Red', ru: 'Красный', color: 'red', weight: 5 },
  { zh: '咖啡色', en: 'Brown', ru: 'Коричневый', color: 'brown', weight: 3 },
  { zh: '橙色', en: 'Orange', ru: 'Оранжевый', color: 'orange', weight: 1 },
  { zh: '黄色', en: 'Yellow', ru: 'Желтый', color: 'yellow', weight: 1 },
  { zh: '绿色', en: 'Green', ru: 'Зеленый', color: 'green', weight: 1 },
  { zh: '紫色', en: 'Purple', ru: 'Фиолетовый', color: 'purple', weight: 1 },
  { zh: '香槟色', en: 'Champagne', ru: 'Шампань', color: 'champagne', weight: 1 },
  { zh: '其他', en: 'Other', ru: 'Другой', color: 'other', weight: 1 },
]

export const transmissions = {
  manual: { zh: '手动', en: 'Manual', ru: 'Механическая' },
  automatic: { zh: '自动', en: 'Automatic', ru: 'Автоматическая' },
} as const satisfies Record<string, Label>

export const sections: Label = { zh: '二手车', en: 'Used', ru: 'б/у' }

/** How an advert's labels are written. */
export type Style = 'ru' | 'RU' | 'en' | 'EN'

/** The label as this style has it: small letters in `ru` and `en`, the letters of the vendor's lists in the others. */
export function labelled(label: Label, style: Style): string {
  const text = style.toUpperCase() === 'RU' ? (label.ru ?? label.en) : label.en
  if (text === undefined) return label.zh
  return style === 'RU' || style === 'EN' ? text : lower(text)
}

/** The vendor leaves abbreviations as they are in Russian and lowers all in English. */
function lower(text: string): string {
  return /[а-я]/i.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text.toLowerCase()
}
