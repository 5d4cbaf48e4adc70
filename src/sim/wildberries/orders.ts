import { chance } from '../random.ts'
import { type Size, sizeDrawn } from './goods.ts'
import { basketOf, kept, type Life, latest, lifeOf } from './life.ts'
import { local } from './moscow.ts'
import { firstOwn, type Home, homes, largePlace, type Place, places, smallPlaces } from './places.ts'
import type { Shop } from './shop.ts'
import { supplyFor } from './supply.ts'

/** Money in kopecks, discounts in percent. */
export type Price = {
  total: number
  discount: number
  withDiscount: number
  spp: number
  finished: number
  pay: number
}

/** The number of the size that order `at` is for. */
export function sizeOf({ catalogue, keys }: Shop, at: number): number {
  return sizeDrawn(catalogue, chance(keys.good, at), chance(keys.size, at))
}

/** The number of the place that ships order `at`. */
export function placeOf({ keys, own }: Shop, at: number, { good }: Size): number {
  const draw = chance(keys.place, at)
  if (draw < own) return firstOwn + (draw < own / 2 ? 0 : 1)
  return good.large ? largePlace : Math.floor(((draw - own) / (1 - own)) * smallPlaces)
}

export function homeOf({ keys }: Shop, at: number): Home {
  return homes[Math.floor(chance(keys.home, at) * homes.length)]!
}

export function priceOf({ keys }: Shop, at: number, { good }: Size): Price {
  const rubles = Math.round(good.price * (0.9 + 0.2 * chance(keys.price, at)))
  const discount = Math.floor(chance(keys.discount, at) * 45)
  const spp = Math.floor(chance(keys.spp, at) * 30)
  const withDiscount = rubles * (100 - discount)
  const finished = Math.floor((withDiscount * (100 - spp)) / 100)
  return { total: rubles * 100, discount, withDiscount, spp, finished, pay: Math.round(withDiscount * 0.83) }
}

/** Ids of several makes are in use; each is of one order of one seller. */
export function sridOf({ number, keys }: Shop, at: number): string {
  if (chance(keys.basket ^ 1, at) < 0.3) return `${7_513_432_034}${number}${String(at).padStart(9, '0')}.1.0`
  const salt = Math.floor(chance(keys.basket ^ 2, at) * 0xffff_ffff).toString(16)
  return `${11 + (at % 7)}.rf${salt}n${number}x${at}.${at % 4}.0`
}

/** When a row of the report of orders changed last, ms; NaN before it is shown. */
export function orderChanged(shop: Shop, { placed, shown, packed, cancelled }: Life, now: number): number {
  return latest(shop, now, placed + kept, shown, packed, cancelled)
}

/** The row of order `at` in the report of orders as it is at `now`; undefined while it is not shown. */
export function orderRow(shop: Shop, at: number, now: number) {
  const life = lifeOf(shop, at)
  const changed = orderChanged(shop, life, now)
  if (Number.isNaN(changed)) return undefined
  const cancelled = life.cancelled <= now
  return {
    ...statisticRow(shop, at, life.placed, changed),
    ...moneyOf(priceOf(shop, at, shop.catalogue.sizes[sizeOf(shop, at)]!)),
    isCancel: cancelled,
    cancelDate: cancelled ? local(life.cancelled) : '0001-01-01T00:00:00',
    ...tailOf(shop, at, life.packed <= now),
  }
}

/** What the rows of orders and of sales have in common, up to the money. */
export function statisticRow(shop: Shop, at: number, date: number, changed: number) {
  const size = shop.catalogue.sizes[sizeOf(shop, at)]!
  const place = placeOf(shop, at, size)
  const { good } = size
  const home = homeOf(shop, at)
  return {
    ...{ date: local(date), lastChangeDate: local(changed) },
    ...{ warehouseName: nameOf(places[place]!, changed >= shop.maskedSince), warehouseType: typeOf(places[place]!) },
    ...{ countryName: home.country, oblastOkrugName: home.district, regionName: home.region },
    ...{ supplierArticle: good.vendorCode, nmId: good.nmId, barcode: size.barcode },
    ...{ category: good.category, subject: good.subject, brand: good.brand, techSize: size.techSize },
    ...{ incomeID: supplyFor(shop, date, place), isSupply: false, isRealization: true },
  }
}

export function moneyOf({ total, discount, spp, finished, withDiscount }: Price) {
  return {
    ...{ totalPrice: total / 100, discountPercent: discount, spp },
    ...{ finishedPrice: finished / 100, priceWithDisc: withDiscount / 100 },
  }
}

export function tailOf(shop: Shop, at: number, isPacked: boolean) {
  const sticker = isPacked ? String(900_000_000 + Math.floor(chance(shop.keys.sticker, at) * 99_999_999)) : ''
  return { sticker, gNumber: basketName(shop, at), srid: sridOf(shop, at) }
}

/** Orders of one transaction have the same one. */
function basketName({ number, keys }: Shop, at: number): string {
  return `3434346${String(number).padStart(3, '0')}${String(basketOf(keys.basket, at)).padStart(10, '0')}`
}

/** The reports of orders and sales show every masked warehouse in Russia under one name. */
function nameOf({ name, region, own }: Place, isMasked: boolean): string {
  return own || !isMasked || region === 'Беларусь' ? name : 'Склад WB РФ'
}

function typeOf({ own }: Place): string {
  return own ? 'Склад продавца' : 'Склад WB'
}
