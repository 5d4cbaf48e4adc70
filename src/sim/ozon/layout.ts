import type { Cells } from './cell.ts'

/** Columns that hold stock. */
type StockColumn = 'fbo' | 'fboReserved' | 'fbs' | 'rfbs' | 'ownReserved'

/**
 * How a product report departs from the header row of 2025 and 2026. Every one of these has been seen in files of the
 * vendor or is announced; nothing of it is told in the answers.
 */
export type Layout = {
  /** The stock columns stand in front of all others and the name comes last. */
  moved?: boolean
  /** Stock columns that are not there. */
  missing?: readonly StockColumn[]
  /** The column of the names is called `Название товара`. */
  renamed?: boolean
  /** Words of the headers are joined by no-break spaces. */
  nbsp?: boolean
  /** Headers are written with ё: `Объём товара, л`. */
  yo?: boolean
  /** The column of the quant's size is there; default true. */
  quant?: boolean
  /** `FBO OZON SKU ID` and `FBS OZON SKU ID` in place of `SKU`. */
  oldSku?: boolean
  /** Two further columns, `Метки` and `Теги`. */
  tags?: boolean
  /** Share of rows whose FBO numbers are empty, which says unknown and not zero; default 0. */
  empty?: number
}

/** A column: what it holds, its header in Russian and in English. The English ones are made up: no source has them. */
type Column = { cell: keyof Cells; ru: string; en: string }

const columns: readonly Column[] = [
  { cell: 'offer', ru: 'Артикул', en: 'Article' },
  { cell: 'product', ru: 'Ozon Product ID', en: 'Ozon Product ID' },
  { cell: 'sku', ru: 'SKU', en: 'SKU' },
  { cell: 'quant', ru: 'Количество товара в кванте', en: 'Quantity per quant' },
  { cell: 'barcode', ru: 'Barcode', en: 'Barcode' },
  { cell: 'name', ru: 'Наименование товара', en: 'Product name' },
  { cell: 'content', ru: 'Контент-рейтинг', en: 'Content rating' },
  { cell: 'brand', ru: 'Бренд', en: 'Brand' },
  { cell: 'state', ru: 'Статус товара', en: 'Product status' },
  { cell: 'reviews', ru: 'Отзывы', en: 'Reviews' },
  { cell: 'rating', ru: 'Рейтинг', en: 'Rating' },
  { cell: 'visible', ru: 'Видимость на Ozon', en: 'Visibility on Ozon' },
  { cell: 'hidden', ru: 'Причины скрытия', en: 'Reasons for hiding' },
  { cell: 'created', ru: 'Дата создания', en: 'Creation date' },
  { cell: 'category', ru: 'Категория комиссии', en: 'Commission category' },
  { cell: 'volume', ru: 'Объем товара, л', en: 'Product volume, l' },
  { cell: 'weight', ru: 'Объемный вес, кг', en: 'Volumetric weight, kg' },
  { cell: 'fbo', ru: 'Доступно к продаже по схеме FBO, шт.', en: 'Available under FBO, pcs' },
  { cell: 'labelling', ru: 'Вывезти и нанести КИЗ (кроме Твери), шт', en: 'To be labelled, pcs' },
  { cell: 'fboReserved', ru: 'Зарезервировано, шт', en: 'Reserved, pcs' },
  { cell: 'fbs', ru: 'Доступно к продаже по схеме FBS, шт.', en: 'Available under FBS, pcs' },
  { cell: 'rfbs', ru: 'Доступно к продаже по схеме realFBS, шт.', en: 'Available under realFBS, pcs' },
  { cell: 'ownReserved', ru: 'Зарезервировано на моих складах, шт', en: 'Reserved in my warehouses, pcs' },
  { cell: 'price', ru: 'Текущая цена с учетом скидки, ₽', en: 'Price with discount, RUB' },
  { cell: 'fullPrice', ru: 'Цена до скидки (перечеркнутая цена), ₽', en: 'Price before discount, RUB' },
  { cell: 'nothing', ru: 'Цена Premium, ₽', en: 'Premium price, RUB' },
  { cell: 'nothing', ru: 'Рыночная цена, ₽', en: 'Market price, RUB' },
  { cell: 'nothing', ru: 'Актуальная ссылка на рыночную цену', en: 'Link to the market price' },
  { cell: 'vat', ru: 'Размер НДС, %', en: 'VAT, %' },
]

const stockColumns: readonly string[] = ['fbo', 'fboReserved', 'fbs', 'rfbs', 'ownReserved'] satisfies StockColumn[]

/** The columns of a file in their order: the header and what stands under it. */
export function headerOf(layout: Layout, english: boolean): { header: string; cell: keyof Cells }[] {
  const shown = columns
    .filter(({ cell }) => !layout.missing?.some(column => column === cell))
    .filter(({ cell }) => cell !== 'quant' || (layout.quant ?? true))
    .flatMap(column => variantsOf(column, layout))
  const placed = layout.moved ? moved(shown) : shown
  return placed.map(({ cell, ru, en }) => ({ cell, header: english ? en : written(ru, layout) }))
}

function variantsOf(column: Column, { oldSku, renamed, tags }: Layout): Column[] {
  if (column.cell === 'sku' && oldSku) {
    return ['FBO OZON SKU ID', 'FBS OZON SKU ID'].map(header => ({ cell: 'sku', ru: header, en: header }))
  }
  if (column.cell === 'name' && renamed) return [{ ...column, ru: 'Название товара' }]
  if (column.cell !== 'vat' || !tags) return [column]
  return [column, { cell: 'nothing', ru: 'Метки', en: 'Labels' }, { cell: 'nothing', ru: 'Теги', en: 'Tags' }]
}

function moved(shown: Column[]): Column[] {
  const place = ({ cell }: Column) => (stockColumns.includes(cell) ? 0 : cell === 'name' ? 2 : 1)
  return shown.toSorted((a, b) => place(a) - place(b))
}

function written(header: string, { nbsp, yo }: Layout): string {
  const spelt = yo ? header.replace('Объем', 'Объём').replace('учетом', 'учётом') : header
  return nbsp ? spelt.replaceAll(' ', '\u00a0') : spelt
}
