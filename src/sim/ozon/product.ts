import { chance } from '../random.ts'

/** A product as the shop's owner has entered it. Nothing of it changes with time. */
export type Product = {
  /** Place in the shop, from 0; ids grow with it. */
  at: number
  offer_id: string
  product_id: number
  sku: number
  name: string
  barcode: string
  brand: string
  category: string
  archived: boolean
  /** Pieces to a quant; 1 for goods that are sold by the piece. */
  quant: number
  /** ms. */
  created: number
  /** Kopecks. */
  price: number
  vat: string
}

const names = ['Кружка "Лев"; керамика', 'Набор', 'Полотенце', 'Чайник «Заря», 1,5 л', 'Lamp No. 5', 'Ёлка\nв горшке']
const brands = ['Нет бренда', 'Лев', 'ООО "Ромашка"', 'Nordic']
const categories = ['Дом и сад', 'Кухня', 'Освещение']

/** Distance of one product's ids to the next; ids in between belong to nobody. */
const step = 7
const firstId = 28_743
const firstSku = 147_035_011
const oldest = Date.UTC(2023, 0, 9, 10)

function productIdOf(at: number): number {
  return firstId + at * step
}

function skuOf(at: number): number {
  return firstSku + at * step
}

/** The place of the product with this id, which need not exist; undefined for an id that no product can have. */
export function placeOfId(product: number): number | undefined {
  return placeIn(product - firstId)
}

export function placeOfSku(sku: number): number | undefined {
  return placeIn(sku - firstSku)
}

function placeIn(distance: number): number | undefined {
  return distance >= 0 && distance % step === 0 ? distance / step : undefined
}

/** Every article ends with the place of its product, by which it is found again. */
export function placeOfOffer(offer: string): number {
  return Number(/\d{1,9}$/.exec(offer)?.[0] ?? -1)
}

/** Articles with leading zeros, in other alphabets, with characters that a CSV has to quote and with an apostrophe of their own. */
export function offerOf(key: number, at: number): string {
  const form = Math.floor(chance(key + 1, at) * 20)
  const padded = String(at).padStart(8, '0')
  const forms = [`кружка-${at}`, `set;"L"-${at}`, `'Q-${at}`, `арт №${at}`, `杯子-${at}`, `A, b-${at}`]
  return forms[form] ?? (form < 13 ? padded : `KIT-${at}`)
}

export function productAt(key: number, at: number, archived: boolean, offer?: string): Product {
  const pick = <Item>(items: readonly Item[], salt: number) => items[Math.floor(chance(key + salt, at) * items.length)]!
  return {
    at,
    offer_id: offer ?? offerOf(key, at),
    product_id: productIdOf(at),
    sku: skuOf(at),
    name: `${pick(names, 2)} ${at}`,
    barcode: chance(key + 3, at) < 0.1 ? '' : `OZN${skuOf(at)}`,
    brand: pick(brands, 4),
    category: pick(categories, 5),
    archived,
    quant: chance(key + 6, at) < 0.1 ? 6 : 1,
    created: oldest + Math.floor(chance(key + 7, at) * 700 * 86_400) * 1000,
    price: 9_900 + Math.floor(chance(key + 8, at) * 500_000),
    vat: pick(['20', '10', 'Не облагается'], 9),
  }
}
