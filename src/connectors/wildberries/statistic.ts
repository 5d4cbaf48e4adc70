import { z } from 'zod'
import { local } from './moscow.ts'
import { amount, currency, flag, id, text, whole } from './record.ts'

/** What rows of orders and of sales have in common (12-reports, OrdersItem and SalesItem). */
export const statistic = {
  date: local,
  lastChangeDate: local,
  srid: z.string().min(1),
  ...{ warehouseName: text, warehouseType: text, countryName: text, oblastOkrugName: text, regionName: text },
  ...{ supplierArticle: text, nmId: id.nullish(), barcode: text, category: text, subject: text, brand: text },
  ...{ techSize: text, incomeID: id.nullish(), isSupply: flag, isRealization: flag, totalPrice: amount.nullish() },
  ...{
    discountPercent: whole,
    spp: amount.nullish(),
    finishedPrice: amount.nullish(),
    priceWithDisc: amount.nullish(),
  },
  ...{ sticker: text, gNumber: text },
}

const common = z.object(statistic)

/** The columns that both have in common. */
export function statisticRow(record: z.output<typeof common>) {
  return {
    srid: record.srid,
    date: record.date,
    last_change_at: record.lastChangeDate,
    warehouse_name: record.warehouseName,
    warehouse_type: record.warehouseType,
    country_name: record.countryName,
    oblast_okrug_name: record.oblastOkrugName,
    region_name: record.regionName,
    supplier_article: record.supplierArticle,
    nm_id: record.nmId,
    barcode: record.barcode,
    category: record.category,
    subject: record.subject,
    brand: record.brand,
    tech_size: record.techSize,
    income_id: record.incomeID,
    is_supply: record.isSupply,
    is_realization: record.isRealization,
    total_price: record.totalPrice,
    discount_percent: record.discountPercent,
    spp: record.spp,
    finished_price: record.finishedPrice,
    price_with_disc: record.priceWithDisc,
    currency,
    sticker: record.sticker,
    g_number: record.gNumber,
  }
}
