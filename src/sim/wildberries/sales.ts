import { chance } from '../random.ts'
import { kept, type Life, latest, lifeOf } from './life.ts'
import { moneyOf, type Price, priceOf, sizeOf, statisticRow, tailOf } from './orders.ts'
import type { Shop } from './shop.ts'

/** When the row of a sale (or of a return) changed last, ms; NaN before there is one. */
export function saleChanged(shop: Shop, life: Life, now: number, isReturn: boolean): number {
  const forgotten = life.placed + kept
  if (isReturn) return latest(shop, now, forgotten, life.returned)
  return latest(shop, now, forgotten, life.bought, life.settled)
}

/**
 * The row of the sale of order `at`, or of its return, as it is at `now`; undefined before there is one. Until a sale is
 * settled its three sums are 0. Returns carry theirs negative: the description at hand does not tell, and a reader has
 * to bear it.
 */
export function saleRow(shop: Shop, at: number, now: number, isReturn: boolean) {
  const life = lifeOf(shop, at)
  const changed = saleChanged(shop, life, now, isReturn)
  if (Number.isNaN(changed)) return undefined
  const price = priceOf(shop, at, shop.catalogue.sizes[sizeOf(shop, at)]!)
  return {
    ...statisticRow(shop, at, isReturn ? life.returned : life.bought, changed),
    ...sumsOf(price, life.settled <= now, isReturn ? -1 : 1),
    paymentSaleAmount: Math.floor(chance(shop.keys.spp ^ 1, at) * 90),
    saleID: saleId(shop, at, isReturn),
    ...tailOf(shop, at, true),
  }
}

function sumsOf(price: Price, isSettled: boolean, sign: number) {
  const { finishedPrice, priceWithDisc, ...rest } = moneyOf(price)
  if (!isSettled) return { ...rest, forPay: 0, finishedPrice: 0, priceWithDisc: 0 }
  const forPay = (sign * price.pay) / 100
  return { ...rest, forPay, finishedPrice: sign * finishedPrice, priceWithDisc: sign * priceWithDisc }
}

function saleId({ number }: Shop, at: number, isReturn: boolean): string {
  return `${isReturn ? 'R' : 'S'}${(number + 1) * 1_000_000_000 + at}`
}
