import { lifeOf, placedUntil } from './life.ts'
import { placeOf, sizeOf } from './orders.ts'
import { firstOwn, places, wbPlaces } from './places.ts'
import type { Shop } from './shop.ts'
import { demand, destination, suppliedOf, suppliesUntil, supplyLife } from './supply.ts'

const week = 7 * 86_400_000

/**
 * Pieces by size and place (number of the size times the number of places, plus the place's), as they are at one
 * moment. For every size, quantity + on the way to buyers + on the way back = first stock + supplies − what was bought
 * and not returned − what came back defective.
 */
export type Stock = { at: number; quantity: Int32Array; toClient: Int32Array; fromClient: Int32Array }

/** Where in the lists a size at a place is. */
export function cellOf(size: number, place: number): number {
  return size * places.length + place
}

/** Walks over all orders there have been: some 2 s for a million. */
export function stockAt(shop: Shop, at: number): Stock {
  const cells = shop.catalogue.sizes.length * places.length
  const stock = {
    at,
    quantity: new Int32Array(cells),
    toClient: new Int32Array(cells),
    fromClient: new Int32Array(cells),
  }
  putFirst(shop, stock)
  putSupplies(shop, stock)
  putOwn(shop, stock)
  const count = placedUntil(shop, at)
  for (let order = 0; order < count; order++) move(shop, stock, order)
  return stock
}

/** Pieces of a size at a place on the first day: enough for four weeks, and none of what is never sold. */
export function firstStock(shop: Shop, size: number, place: number): number {
  const weekly = demand(shop, size, place, week)
  return weekly > 0 ? Math.ceil(4 * weekly) + 60 : 0
}

function putFirst(shop: Shop, { quantity }: Stock) {
  eachCell(shop, (size, place) => {
    quantity[cellOf(size, place)] = firstStock(shop, size, place)
  })
}

function putSupplies(shop: Shop, { at, quantity }: Stock) {
  const count = suppliesUntil(shop, at)
  for (let nth = 0; nth < count; nth++) {
    if (supplyLife(shop, nth).accepted > at) continue
    for (let size = 0; size < shop.catalogue.sizes.length; size++)
      quantity[cellOf(size, destination(nth))]! += suppliedOf(shop, nth, size).accepted
  }
}

/** The seller fills its own warehouses by itself, once a week. */
function ownRefills(shop: Shop, at: number): number {
  return Math.max(0, Math.floor((at - shop.since) / week))
}

function ownRefill(shop: Shop, size: number, place: number): number {
  return Math.ceil(1.2 * demand(shop, size, place, week))
}

function putOwn(shop: Shop, { at, quantity }: Stock) {
  const refills = ownRefills(shop, at)
  eachCell(shop, (size, place) => {
    if (place >= firstOwn) quantity[cellOf(size, place)]! += refills * ownRefill(shop, size, place)
  })
}

function move(shop: Shop, { at, quantity, toClient, fromClient }: Stock, order: number) {
  const size = sizeOf(shop, order)
  const cell = cellOf(size, placeOf(shop, order, shop.catalogue.sizes[size]!))
  const { cancelled, bought, returned, back, defective } = lifeOf(shop, order)
  quantity[cell]! -= 1
  if (Math.min(cancelled, bought) > at) toClient[cell]! += 1
  else if (Math.min(cancelled, returned) > at) return
  else if (back > at) fromClient[cell]! += 1
  else if (!defective) quantity[cell]! += 1
}

function eachCell({ catalogue }: Shop, visit: (size: number, place: number) => void) {
  for (let size = 0; size < catalogue.sizes.length; size++)
    for (let place = 0; place < places.length; place++) visit(size, place)
}

/** The stock of a size at the vendor's warehouses together. */
export function sumWb({ quantity, toClient, fromClient }: Stock, size: number) {
  const sum = { quantity: 0, inWayToClient: 0, inWayFromClient: 0 }
  for (let place = 0; place < wbPlaces; place++) {
    sum.quantity += quantity[cellOf(size, place)]!
    sum.inWayToClient += toClient[cellOf(size, place)]!
    sum.inWayFromClient += fromClient[cellOf(size, place)]!
  }
  return sum
}

/** The last counted stock of each shop, since one moment is asked for page by page. */
export function stockBook(): (shop: Shop, at: number) => Stock {
  const last = new Map<number, Stock>()
  return (shop, at) => {
    const known = last.get(shop.number)
    if (known?.at === at) return known
    const stock = stockAt(shop, at)
    last.set(shop.number, stock)
    return stock
  }
}
