/** Where goods lie. `masked` is the name under which the reports show it once warehouses are masked. */
export type Place = {
  id: number
  name: string
  region: string
  masked: string
  /** A warehouse of the seller and not of the vendor. */
  own: boolean
}

const russia = 'Склад WB РФ'
const oversize = 'Склад WB СГТ РФ'

/**
 * The vendor's warehouses, then the seller's own. Masking spares what is abroad and a few by name (Коледино): in the
 * report of remains they keep their own name.
 */
export const places: readonly Place[] = [
  { id: 507, name: 'Коледино', region: 'Центральный федеральный округ', masked: 'Коледино', own: false },
  { id: 120762, name: 'Электросталь', region: 'Центральный федеральный округ', masked: russia, own: false },
  { id: 117986, name: 'Казань', region: 'Приволжский федеральный округ', masked: russia, own: false },
  { id: 208277, name: 'Невинномысск', region: 'Северо-Кавказский федеральный округ', masked: russia, own: false },
  { id: 211622, name: 'Минск', region: 'Беларусь', masked: 'Минск', own: false },
  { id: 218210, name: 'Обухово СГТ', region: 'Центральный федеральный округ', masked: oversize, own: false },
  { id: 660001, name: 'Мой склад', region: 'Центральный федеральный округ', masked: 'Мой склад', own: true },
  { id: 660002, name: 'Склад у дома', region: 'Уральский федеральный округ', masked: 'Склад у дома', own: true },
]

/** Numbers of the places: small goods lie in one of the first, large ones in one place, and the seller's own come last. */
export const smallPlaces = 5
export const largePlace = 5
export const firstOwn = 6
export const wbPlaces = 6

/** Where a buyer lives. Abroad there is no federal district. */
export type Home = { country: string; district: string; region: string; city: string }

export const homes: readonly Home[] = [
  { country: 'Россия', district: 'Центральный федеральный округ', region: 'Московская', city: 'Москва' },
  { country: 'Россия', district: 'Центральный федеральный округ', region: 'Тульская', city: 'Тула' },
  {
    country: 'Россия',
    district: 'Северо-Западный федеральный округ',
    region: 'Ленинградская',
    city: 'Санкт-Петербург',
  },
  { country: 'Россия', district: 'Приволжский федеральный округ', region: 'Республика Татарстан', city: 'Казань' },
  { country: 'Россия', district: 'Уральский федеральный округ', region: 'Свердловская', city: 'Екатеринбург' },
  { country: 'Россия', district: 'Сибирский федеральный округ', region: 'Новосибирская', city: 'Новосибирск' },
  { country: 'Россия', district: 'Дальневосточный федеральный округ', region: 'Приморский край', city: 'Владивосток' },
  { country: 'Беларусь', district: '', region: 'Минская', city: 'Минск' },
  { country: 'Казахстан', district: '', region: 'Алматы', city: 'Алматы' },
]
