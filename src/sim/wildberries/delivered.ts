import { chance } from '../random.ts'
import { midnight, zoned } from './moscow.ts'
import { places } from './places.ts'
import type { Shop } from './shop.ts'
import { destination, preorderId, type SupplyLife, suppliedOf, supplyId, supplyLife } from './supply.ts'

/** The status numbers of the vendor, in the order in which a supply has them. */
const stages = [
  ['accepted', 5],
  ['accepting', 4],
  ['gate', 6],
  ['allowed', 3],
  ['planned', 2],
] as const

const boxTypes = [1, 2, 5, 6]

function statusOf(life: SupplyLife, now: number): { statusID: number; updated: number } {
  const [stage, statusID] = stages.find(([name]) => life[name] <= now) ?? []
  return stage === undefined ? { statusID: 1, updated: Number.NaN } : { statusID: statusID!, updated: life[stage] }
}

function told(time: number, now: number): string | null {
  return time <= now ? zoned(time) : null
}

/** What the list and the single supply say alike. The planned day is told without a time; a preorder was never updated. */
function headOf(shop: Shop, nth: number, now: number) {
  const life = supplyLife(shop, nth)
  const { statusID, updated } = statusOf(life, now)
  const boxTypeID = life.virtual ? 0 : boxTypes[nth % boxTypes.length]!
  return {
    createDate: zoned(life.created),
    supplyDate: life.planned <= now ? zoned(midnight(life.allowed)) : null,
    factDate: told(life.gate, now),
    updatedDate: told(updated, now),
    ...{ statusID, boxTypeID, ...(boxTypeID === 2 && { isBoxOnPallet: nth % 3 === 0 }) },
  }
}

/** The telephone of whoever made the supply: personal data that nobody asked for. */
function phoneOf({ keys }: Shop, nth: number): string {
  const digits = String(Math.floor(chance(keys.supply ^ 1, nth) * 1e7)).padStart(7, '0')
  return `+7 9${digits.slice(0, 2)} *** ${digits.slice(3, 5)} ${digits.slice(5)}`
}

export type ListRow = ReturnType<typeof listRow>

/** A row of the list of supplies. A preorder has no supplyID yet, and a virtual supply the preorder 0. */
export function listRow(shop: Shop, nth: number, now: number) {
  const life = supplyLife(shop, nth)
  return {
    phone: phoneOf(shop, nth),
    supplyID: life.planned <= now ? supplyId(shop, nth) : null,
    preorderID: life.virtual ? 0 : preorderId(shop, nth),
    ...headOf(shop, nth, now),
  }
}

export function supplyDetails(shop: Shop, nth: number, now: number) {
  const life = supplyLife(shop, nth)
  const rows = goodsOf(shop, nth, now)
  const sum = (field: 'quantity' | 'acceptedQuantity' | 'readyForSaleQuantity' | 'unloadingQuantity') =>
    rows.reduce((total, row) => total + row[field], 0)
  const { id, name } = places[destination(nth)]!
  const isHere = life.gate <= now
  return {
    ...{ phone: phoneOf(shop, nth), ...headOf(shop, nth, now), ...(life.virtual && { virtualTypeID: nth % 2 }) },
    ...{ warehouseID: id, warehouseName: name },
    ...{ actualWarehouseID: isHere ? id : null, actualWarehouseName: isHere ? name : '' },
    ...{ transitWarehouseID: null, transitWarehouseName: '' },
    ...{ acceptanceCost: nth % 4 === 0 ? 5_000 : null, paidAcceptanceCoefficient: nth % 4 === 0 ? 10 : null },
    ...{ rejectReason: null, supplierAssignName: shop.name, storageCoef: '215', deliveryCoef: '200' },
    ...{ quantity: sum('quantity'), readyForSaleQuantity: sum('readyForSaleQuantity') },
    ...{ acceptedQuantity: sum('acceptedQuantity'), unloadingQuantity: sum('unloadingQuantity') },
    depersonalizedQuantity: 0,
  }
}

/** The goods of a supply. While it is being accepted, half of each is; for sale is all at once, when it is accepted. */
export function goodsOf(shop: Shop, nth: number, now: number) {
  const { accepting, accepted } = supplyLife(shop, nth)
  return shop.catalogue.sizes.flatMap(({ good, barcode, techSize }, size) => {
    const pieces = suppliedOf(shop, nth, size)
    if (pieces.announced === 0) return []
    const half = accepting <= now ? Math.floor(pieces.accepted / 2) : 0
    const isDone = accepted <= now
    return [
      {
        ...{ barcode, vendorCode: good.vendorCode, nmID: good.nmId, needKiz: good.needKiz, tnved: good.tnved },
        ...{ techSize, color: good.color, supplierBoxAmount: null, quantity: pieces.announced },
        readyForSaleQuantity: isDone ? pieces.accepted : 0,
        acceptedQuantity: isDone ? pieces.accepted : half,
        unloadingQuantity: isDone || accepting > now ? 0 : pieces.announced - half,
      },
    ]
  })
}
