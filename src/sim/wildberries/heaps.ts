import type { Size } from './goods.ts'
import { places, wbPlaces } from './places.ts'
import type { Shop } from './shop.ts'
import { cellOf, type Stock } from './stock.ts'

/** The fields that a report of remains can be grouped by, and those it was asked to be grouped by. */
type Field = 'brand' | 'subjectName' | 'vendorCode' | 'nmId' | 'barcode' | 'techSize'
export type Groups = ReadonlySet<Field>

export const allFields: Groups = new Set(['brand', 'subjectName', 'vendorCode', 'nmId', 'barcode', 'techSize'])

/** One row: the fields it is grouped by, the volume of the good where it is by nmId, and where how much lies. */
export type Remain = Partial<Record<Field, string | number>> & {
  volume?: number
  warehouses: { warehouseName: string; quantity: number }[]
}

/**
 * What stands among the warehouses and is none: on the way to buyers, on the way back, and the total of what lies in
 * warehouses. The Russian names are the vendor's; that the others exist is documented, their words are ours.
 */
const pseudo = {
  ru: ['В пути до получателей', 'В пути возвраты на склад WB', 'Всего находится на складах'],
  en: ['In transit to recipients', 'Returns in transit to WB warehouse', 'Total in warehouses'],
  zh: ['运送至收件人途中', '退回WB仓库途中', '仓库总数'],
} as const

export type Locale = keyof typeof pseudo

export function isLocale(text: string): text is Locale {
  return text in pseudo
}

/** The remains grouped as asked. What is 0 is left out, and a row with nothing left too. */
export function remainsOf(shop: Shop, stock: Stock, groups: Groups, locale: Locale, isMasked: boolean): Remain[] {
  const heaps = new Map<string, { fields: Omit<Remain, 'warehouses'>; pieces: Map<string, number> }>()
  for (const [at, size] of shop.catalogue.sizes.entries()) {
    const fields = fieldsOf(size, groups)
    const key = JSON.stringify(fields)
    const heap = heaps.get(key) ?? { fields, pieces: new Map(pseudo[locale].map(name => [name, 0])) }
    heaps.set(key, heap)
    pile(heap.pieces, stock, at, locale, isMasked)
  }
  return [...heaps.values()].flatMap(({ fields, pieces }) => {
    const there = [...pieces].filter(([, quantity]) => quantity !== 0)
    const warehouses = there.map(([warehouseName, quantity]) => ({ warehouseName, quantity }))
    return warehouses.length === 0 ? [] : [{ ...fields, warehouses }]
  })
}

function pile(pieces: Map<string, number>, stock: Stock, size: number, locale: Locale, isMasked: boolean) {
  const add = (name: string, quantity: number) => void pieces.set(name, (pieces.get(name) ?? 0) + quantity)
  const [toClient, fromClient, total] = pseudo[locale]
  for (let place = 0; place < wbPlaces; place++) {
    const cell = cellOf(size, place)
    add(toClient, stock.toClient[cell]!)
    add(fromClient, stock.fromClient[cell]!)
    add(total, stock.quantity[cell]!)
    add(isMasked ? places[place]!.masked : places[place]!.name, stock.quantity[cell]!)
  }
}

function fieldsOf({ good, barcode, techSize }: Size, groups: Groups): Omit<Remain, 'warehouses'> {
  const { brand, subject, vendorCode, nmId, volume } = good
  const all = { brand, subjectName: subject, vendorCode, nmId, barcode, techSize }
  const chosen = Object.entries(all).filter(([name]) => groups.has(name as Field))
  return { ...Object.fromEntries(chosen), ...(groups.has('nmId') && { volume }) }
}
