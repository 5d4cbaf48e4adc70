import { chance, keyOf } from '../random.ts'

/** One article of a seller's catalogue. `price` is in whole rubles, `volume` in litres. */
type Good = {
  nmId: number
  vendorCode: string
  category: string
  subject: string
  brand: string
  color: string
  price: number
  volume: number
  /** It lies in the warehouse for large goods only. */
  large: boolean
  needKiz: boolean
  tnved: string | null
}

/** One size of a good, the unit that is sold and stored. `share` is the probability that an order is for it. */
export type Size = { good: Good; chrtId: number; techSize: string; barcode: string; share: number }

/** A seller's sizes, one good after the other, and where each good begins; the last entry is their number. */
export type Catalogue = { goods: readonly Good[]; sizes: readonly Size[]; starts: Uint32Array; sold: number }

const subjects: readonly (readonly [string, string, boolean])[] = [
  ['Фотоальбомы', 'Хобби и творчество', false],
  ['Футболки', 'Одежда', true],
  ['Джинсы', 'Одежда', true],
  ['Кроссовки', 'Обувь', true],
  ['Кружки', 'Посуда и инвентарь', false],
  ['Мультистайлеры', 'Бытовая техника', false],
  ['Пледы', 'Текстиль', false],
  ['Стеллажи', 'Мебель', false],
]
const brands = ['Северный ветер', 'Тёплый дом', 'Лён & Ко', 'Brusnika', 'ООО "Ромашка"']
const colors = ['красный', 'прозрачный', 'тёмно-синий', 'белый']
const letters = ['S', 'M', 'L', 'XL']

/** Makes up a catalogue: the first goods sell best, and of the last twentieth nothing was ever sold or stored. */
export function catalogueOf(seed: number, name: string, number: number, count: number): Catalogue {
  const key = keyOf(seed, name, 'goods')
  const sold = Math.max(1, count - Math.floor(count / 20))
  const goods = Array.from({ length: count }, (_, at) => goodAt(key, number, at))
  const starts = new Uint32Array(count + 1)
  const sizes = goods.flatMap((good, at) => {
    const share = at < sold ? Math.sqrt((at + 1) / sold) - Math.sqrt(at / sold) : 0
    const made = sizesOf(key, good, at, share)
    starts[at + 1] = starts[at]! + made.length
    return made
  })
  return { goods, sizes, starts, sold }
}

/** The number of the size that a draw of [0, 1) and another one stand for. */
export function sizeDrawn({ starts, sold }: Catalogue, good: number, size: number): number {
  const at = Math.floor(sold * good * good)
  return starts[at]! + Math.floor((starts[at + 1]! - starts[at]!) * size)
}

function goodAt(key: number, number: number, at: number): Good {
  const [subject, category] = subjects[at % subjects.length]!
  const color = colors[at % colors.length]!
  return {
    nmId: 10_000_000 * (number + 1) + at * 37 + 5,
    vendorCode: at % 3 === 0 ? `${41_000 + at}/${color}` : `wb${(key >>> 0).toString(36)}-${at}`,
    ...{ category, subject, color },
    brand: brands[at % brands.length]!,
    price: 300 + Math.floor(chance(key, at) * 6_000),
    volume: Math.round(chance(key ^ 1, at) * 900 + 20) / 100,
    large: subject === 'Стеллажи',
    needKiz: category === 'Обувь',
    tnved: category === 'Обувь' ? '6404110000' : null,
  }
}

/** Goods without sizes have one with the name "0". */
function sizesOf(key: number, good: Good, at: number, share: number): Size[] {
  const count = subjects[at % subjects.length]![2] ? 2 + Math.floor(chance(key ^ 2, at) * 3) : 1
  return Array.from({ length: count }, (_, nth) => ({
    good,
    chrtId: good.nmId * 10 + nth,
    techSize: count === 1 ? '0' : letters[nth]!,
    barcode: `20${String(good.nmId * 10 + nth).padStart(11, '0')}`,
    share: share / count,
  }))
}
