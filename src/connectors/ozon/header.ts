import { BadPage } from '../../core/failure.ts'

/** What a column of the product report holds. */
export type Cell =
  | 'offer_id'
  | 'product_id'
  | 'sku'
  | 'name'
  | 'barcode'
  | 'brand'
  | 'status'
  | 'fbo_present'
  | 'fbo_reserved'
  | 'fbs_present'
  | 'rfbs_present'
  | 'seller_reserved'
  | 'price'
  | 'old_price'
  | 'premium_price'
  | 'market_price'

/** The words of the present stock columns, and of the oldest ones, which know own warehouses without telling their schemes. */
const own = 'доступно на моих складах'

/**
 * The headers under which a column has been seen, without their units: files of 2025 and 2026, and the wording of the
 * description, which is older. Columns come and go and change their places: they are found by these names alone.
 */
const names: Readonly<Record<Cell, readonly string[]>> = {
  offer_id: ['артикул'],
  product_id: ['ozon product id'],
  sku: ['sku', 'fbo ozon sku id', 'ozon sku id'],
  name: ['наименование товара', 'название товара'],
  barcode: ['barcode', 'штрихкод'],
  brand: ['бренд'],
  status: ['статус товара'],
  fbo_present: ['доступно к продаже по схеме fbo', 'доступно на складе ozon'],
  fbo_reserved: ['зарезервировано', 'зарезервировано на складе ozon'],
  fbs_present: ['доступно к продаже по схеме fbs', own],
  rfbs_present: ['доступно к продаже по схеме realfbs', 'доступно к продаже по схеме rfbs'],
  seller_reserved: ['зарезервировано на моих складах'],
  price: ['текущая цена с учетом скидки'],
  old_price: ['цена до скидки (перечеркнутая цена)'],
  premium_price: ['цена premium', 'цена ozon premium'],
  market_price: ['рыночная цена'],
}

/** Without these a file says nothing of stock, or not whose it is. */
const needed = [
  ...['offer_id', 'product_id', 'fbo_present', 'fbo_reserved', 'fbs_present', 'rfbs_present', 'seller_reserved'],
] as Cell[]

/** The signs of currencies in headers of prices. */
const currencies: Readonly<Record<string, string>> = {
  ...{ '₽': 'RUB', 'руб.': 'RUB', руб: 'RUB', '₸': 'KZT', br: 'BYN', byn: 'BYN', $: 'USD', '€': 'EUR', '¥': 'CNY' },
}

/** Which column of a file is which cell, by the file's own names; and the currency that its price names. */
export type Layout = { columns: Partial<Record<Cell, string>>; currency: string | null }

/** Finds the columns of a file: by their names in lower case without marks, ё, no-break spaces and units. */
export function layoutOf(header: readonly string[]): Layout {
  const found = new Map(header.map(name => [plain(name).base, name]).reverse() as [string, string][])
  const columns: Layout['columns'] = {}
  for (const [cell, variants] of Object.entries(names) as [Cell, readonly string[]][]) {
    const name = variants.map(variant => found.get(variant)).find(each => each !== undefined)
    if (name !== undefined) columns[cell] = name
  }
  const unit = columns.price === undefined ? '' : plain(columns.price).unit
  return { columns, currency: currencies[unit] ?? null }
}

/**
 * Refuses a file that lacks a column of stock, so that what is not told never becomes 0.
 * @throws BadPage that names what lacks and what is there
 */
export function demand(header: readonly string[]): void {
  const { columns } = layoutOf(header)
  const isOldest = columns.fbs_present !== undefined && plain(columns.fbs_present).base === own
  const lacks = needed.filter(cell => columns[cell] === undefined && !(cell === 'rfbs_present' && isOldest))
  if (lacks.length === 0) return
  const missing = lacks.map(cell => `«${names[cell][0]}»`).join(', ')
  throw new BadPage(
    'bad-page',
    `the product report has no column ${missing}; nothing of it was stored, and ozon.stocks has the same numbers. Its columns: ${header.join('; ')}`,
  )
}

/** A header without its unit (`, шт.`, `, ₽`), and the unit. */
function plain(header: string): { base: string; unit: string } {
  const text = header
    .normalize('NFC')
    .replace(/[\u00a0\u202f\s]+/g, ' ')
    .replaceAll('\ufeff', '')
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
  const [, base = text, unit = ''] = /^(.*?) ?, ?([^\s,]{1,4})$/.exec(text) ?? []
  return { base, unit }
}
