import { chance } from '../random.ts'
import type { Warehouse } from './warehouse.ts'

/** What lies in one warehouse of one product. `reserved` is part of `present`; `updated` is the last change, ms. */
export type Stock = { present: number; reserved: number; updated: number }

const [hour, day] = [3_600_000, 86_400_000]
const largestSupply = 240

/** Whether this product is ever kept there; that does not change with time, so that a sold-out row stays, with 0. */
export function isKept(warehouse: Warehouse, product: number): boolean {
  return chance(warehouse.key + 9, product) < warehouse.share
}

/**
 * Stock at this time: a supply arrives every few days and is sold piece by piece until the next one, some are sold out
 * before; what buyers have put aside changes with the hour.
 */
export function stockAt({ key }: Warehouse, product: number, now: number): Stock {
  const period = (3 + Math.floor(chance(key + 1, product) * 11)) * day
  const phase = Math.floor(chance(key + 2, product) * period)
  const cycle = Math.floor((now - phase) / period)
  const began = cycle * period + phase
  const supplied = Math.floor(chance(key + 3, product * 4096 + (cycle % 4096)) * largestSupply)
  const pace = (supplied * (0.5 + chance(key + 4, product))) / period
  const sold = Math.min(supplied, Math.floor(pace * (now - began)))
  const present = supplied - sold
  const hours = Math.floor(now / hour)
  const wanted = Math.floor(chance(key + 5, product * 65_536 + (hours % 65_536)) * 8) - 3
  const lastSale = sold === 0 ? began : began + Math.ceil(sold / pace)
  return { present, reserved: Math.min(present, Math.max(0, wanted)), updated: Math.max(lastSale, hours * hour) }
}

export function added(stocks: readonly Stock[]): Stock {
  return {
    present: stocks.reduce((sum, { present }) => sum + present, 0),
    reserved: stocks.reduce((sum, { reserved }) => sum + reserved, 0),
    updated: stocks.reduce((latest, { updated }) => Math.max(latest, updated), 0),
  }
}
