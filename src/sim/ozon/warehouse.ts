import { chance, keyOf } from '../random.ts'
import type { Seller } from './world.ts'

/** The schemes of sale: the vendor's warehouses, the seller's own, the seller's own with own delivery, a partner's. */
export type Scheme = 'fbo' | 'fbs' | 'rfbs' | 'fbp'

/** A place where goods lie. */
export type Warehouse = {
  warehouse_id: number
  name: string
  scheme: Scheme
  /** Randomness of the stock in it. */
  key: number
  /** Share of products that are ever kept in it. */
  share: number
  /** Of the vendor's warehouses: the part of the country they deliver to. */
  cluster: { id: number; name: string; macrolocal: number }
}

const towns = [
  'ХОРУГВИНО',
  'ПУШКИНО_1',
  'СПБ_БУГРЫ',
  'ЕКАТЕРИНБУРГ',
  'КАЗАНЬ',
  'НОВОСИБИРСК',
  'РОСТОВ-НА-ДОНУ',
  'ТВЕРЬ',
]
const parts = ['Москва, МО и Дальние регионы', 'Санкт-Петербург и СЗО', 'Урал', 'Поволжье', 'Сибирь', 'Юг']
const ownNames = ['Мой склад', 'Склад "Север"; ворота 2', 'realFBS Тверь']

/** Ids of a seller's own warehouses lie above 2^50 and below 2^53. */
const ownIds = 1_130_000_000_000_000
const vendorIds = 23_128_509_046_000
const ownShare = 0.8

/** All places in which goods of this seller can lie, in a fixed order. */
export function warehousesOf(seed: number, seller: Seller): Warehouse[] {
  const { clientId, warehouses = 3, fulfilment = 5 } = seller
  const block = Math.floor(chance(keyOf(seed, clientId, 'warehouses'), 0) * 100_000)
  const own = Array.from({ length: warehouses }, (_, at) => ownWarehouse(at, ownIds + block * 1_000_000 + at * 1000))
  const vendors = Array.from({ length: fulfilment }, (_, at) => vendorWarehouse(at))
  const partner = { warehouse_id: vendorIds + 900_000_000, name: 'FBP', scheme: 'fbp', share: 0.05 } as const
  return [...own, ...vendors, { ...partner, cluster: clusterOf(0) }].map(warehouse => ({
    ...warehouse,
    key: keyOf(seed, clientId, warehouse.warehouse_id),
  }))
}

function ownWarehouse(at: number, warehouse_id: number): Omit<Warehouse, 'key'> {
  const scheme: Scheme = at % 3 === 2 ? 'rfbs' : 'fbs'
  const name = at < 3 ? ownNames[at]! : `${ownNames[at % 3]} ${at}`
  return { warehouse_id, name, scheme, share: scheme === 'rfbs' ? 0.3 : ownShare, cluster: clusterOf(at) }
}

function vendorWarehouse(at: number): Omit<Warehouse, 'key'> {
  const round = Math.floor(at / towns.length)
  const name = `${towns[at % towns.length]}${round === 0 ? '' : `_${round + 1}`}_РФЦ`
  return { warehouse_id: vendorIds + at * 1000, name, scheme: 'fbo', share: 0.5, cluster: clusterOf(at) }
}

function clusterOf(at: number) {
  return { id: 1 + (at % parts.length), name: parts[at % parts.length]!, macrolocal: 4001 + (at % parts.length) }
}
