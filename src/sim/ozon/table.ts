import { chance, keyOf } from '../random.ts'
import type { Cells } from './cell.ts'
import type { Layout } from './layout.ts'
import type { Product } from './product.ts'
import type { Shop } from './shop.ts'

/**
 * One product at the time the report was made. What is available is what is present and not reserved; the reserved
 * column of the own warehouses counts FBS and rFBS together.
 */
export function cellsOf(shop: Shop, product: Product, layout: Layout, at: number): Cells {
  return { ...described(product), ...counted(shop, product, layout, at) }
}

function described(product: Product) {
  const { offer_id, product_id, sku, barcode, name, brand, category, quant, archived } = product
  const [one, two] = [chance(sku, 1), chance(sku, 2)]
  const reviews = Math.floor(one * 40)
  const volume = Math.ceil(two * 30) / 10
  return {
    offer: `'${offer_id}`,
    product: String(product_id),
    sku: String(sku),
    quant: String(quant),
    barcode,
    name,
    content: one < 0.2 ? '' : (50 + one * 50).toFixed(1),
    brand,
    state: archived ? 'Архив' : 'Продается',
    reviews: String(reviews),
    rating: reviews === 0 ? '' : (3 + two * 2).toFixed(1),
    visible: archived ? 'Скрыт' : 'Виден',
    hidden: archived ? 'Товар в архиве' : '',
    created: new Date(product.created).toISOString().slice(0, 19).replace('T', ' '),
    category,
    volume: String(volume),
    weight: (volume / 5).toFixed(2),
    labelling: '0',
    price: rubles(product.price),
    fullPrice: one < 0.5 ? '' : rubles(Math.floor(product.price * 1.4)),
    nothing: '',
    vat: product.vat,
  }
}

function counted(shop: Shop, product: Product, layout: Layout, at: number) {
  const [fbo, fbs, rfbs] = (['fbo', 'fbs', 'rfbs'] as const).map(scheme => {
    return shop.total(product, scheme, at) ?? { present: 0, reserved: 0 }
  }) as [Amount, Amount, Amount]
  const unknown = layout.empty !== undefined && chance(keyOf('empty'), product.at) < layout.empty
  return {
    fbo: unknown ? '' : String(fbo.present - fbo.reserved),
    fboReserved: unknown ? '' : String(fbo.reserved),
    fbs: String(fbs.present - fbs.reserved),
    rfbs: String(rfbs.present - rfbs.reserved),
    ownReserved: String(fbs.reserved + rfbs.reserved),
  }
}

type Amount = { present: number; reserved: number }

function rubles(kopecks: number): string {
  return `${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`
}
