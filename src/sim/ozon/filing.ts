import { type Draft, json, list, Refusal } from './answer.ts'
import { type Body, invalid, numbers, oneOf, string, texts, whole } from './body.ts'
import { visibilityOf } from './choice.ts'
import type { Question } from './question.ts'
import { type Report, told } from './reports.ts'

const languages = ['DEFAULT', 'RU', 'EN']

/** POST /v1/report/products/create */
export function createProducts(question: Question): Draft {
  const { body } = question
  const ask = {
    visibility: visibilityOf(body),
    offers: texts(body, 'offer_id'),
    skus: numbers(body, 'sku'),
    search: string(body, 'search'),
    warehouses: [],
  }
  return json(200, { result: { code: filed(question, 'seller_products', ask) } })
}

/** POST /v1/report/warehouse/stock: the description and its example differ on where the code stands, and so do we. */
export function createWarehouse(question: Question): Draft {
  const ask = { visibility: '', offers: [], skus: [], search: '', warehouses: warehousesIn(question.body) }
  const code = filed(question, 'seller_stock', ask)
  return json(200, question.manners.bareCode ? { code } : { result: { code } })
}

/** A string as the schema has it, or a list as its text says. */
function warehousesIn({ warehouseId }: Body): number[] {
  const given = Array.isArray(warehouseId) ? warehouseId : [warehouseId]
  if (given.some(id => typeof id !== 'string' || !/^\d{1,19}$/.test(id)) || given.length > 50) {
    throw invalid('warehouseId is required')
  }
  return given.map(Number)
}

function filed(
  { seller, body, now, reports, manners, wish }: Question,
  type: Report['type'],
  ask: Report['ask'],
): string {
  return reports.add({
    ...{ clientId: seller.clientId, type, created: now, ask },
    takes: wish.takes ?? manners.reportTakes,
    error: wish.error ?? '',
    layout: wish.layout ?? seller.layout ?? {},
    english: oneOf(body, 'language', languages) === 'EN',
    xlsx: wish.xlsx ?? false,
  }).code
}

/** POST /v1/report/info */
export function reportInfo({ seller, body, now, reports, manners }: Question): Draft {
  const code = string(body, 'code')
  if (code === '') throw invalid('code is required')
  const report = reports.byCode(seller.clientId, code, now)
  if (report === undefined) throw new Refusal(404, 5, 'report not found')
  return json(200, { result: told(report, now, manners.cdnUrl) })
}

/** POST /v1/report/list: finds a report whose code was lost. */
export function reportList({ seller, body, now, reports, manners }: Question): Draft {
  const [page, size] = [whole(body, 'page', 1, 1_000_000), whole(body, 'page_size', 1, 1000)]
  const type = (string(body, 'report_type') || 'ALL').toLowerCase()
  const all = reports.of(seller.clientId, now).filter(one => type === 'all' || one.type === type)
  const rows = all.slice((page - 1) * size, page * size).map(report => told(report, now, manners.cdnUrl))
  return list(rows, kept => ({ result: { reports: kept, total: all.length } }))
}
