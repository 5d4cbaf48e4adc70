import { firstOwn, type Place, places, wbPlaces } from './places.ts'
import type { Shop } from './shop.ts'
import { cellOf, type Stock, sumWb } from './stock.ts'

/** A row of the report of the vendor's warehouses. */
export type WbShelf = {
  nmId: number
  chrtId: number
  warehouseId: number
  warehouseName: string
  regionName: string
  quantity: number
  inWayToClient: number
  inWayFromClient: number
}

/** A row of the report of the seller's warehouses. */
export type OwnShelf = Omit<WbShelf, 'inWayToClient' | 'inWayFromClient'>

/**
 * What lies at the vendor's warehouses: while they are masked one row a size, before that one a size and warehouse. What
 * is neither there nor on the way has no row.
 */
export function wbShelves(shop: Shop, stock: Stock, now: number): WbShelf[] {
  return shop.catalogue.sizes.flatMap((_, size) => (now >= shop.maskedSince ? masked : open)(shop, stock, size))
}

function masked(shop: Shop, stock: Stock, size: number): WbShelf[] {
  const sum = sumWb(stock, size)
  const where = { warehouseId: -999_999, warehouseName: 'Склад WB', regionName: 'Склад WB' }
  return isThere(sum) ? [{ ...named(shop, size), ...where, ...sum }] : []
}

function open(shop: Shop, { quantity, toClient, fromClient }: Stock, size: number): WbShelf[] {
  return places.slice(0, wbPlaces).flatMap((place, at) => {
    const cell = cellOf(size, at)
    const pieces = {
      ...{ quantity: quantity[cell]!, inWayToClient: toClient[cell]!, inWayFromClient: fromClient[cell]! },
    }
    return isThere(pieces) ? [{ ...named(shop, size), ...whereOf(place), ...pieces }] : []
  })
}

/** What lies in the seller's own warehouses. */
export function ownShelves(shop: Shop, { quantity }: Stock): OwnShelf[] {
  return shop.catalogue.sizes.flatMap((_, size) =>
    places.slice(firstOwn).flatMap((place, at) => {
      const pieces = quantity[cellOf(size, firstOwn + at)]!
      return pieces === 0 ? [] : [{ ...named(shop, size), ...whereOf(place), quantity: pieces }]
    }),
  )
}

function isThere({ quantity, inWayToClient, inWayFromClient }: ReturnType<typeof sumWb>): boolean {
  return quantity !== 0 || inWayToClient !== 0 || inWayFromClient !== 0
}

function named({ catalogue }: Shop, size: number) {
  const { good, chrtId } = catalogue.sizes[size]!
  return { nmId: good.nmId, chrtId }
}

function whereOf({ id, name, region }: Place) {
  return { warehouseId: id, warehouseName: name, regionName: region }
}
