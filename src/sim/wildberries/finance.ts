import { type Answer, empty, list } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { instant, midnight } from './moscow.ts'
import { moneyRows, type Operations, operationsUntil, type Period } from './operations.ts'
import { unfit } from './refuse.ts'

const day = 86_400_000
const mostRows = 100_000
/** The money of every sale and return, exact, once the day or the week it belongs to is over. */
export function finance(): Endpoint {
  const known = new Map<number, Operations>()

  const operationsOf = ({ shop, now }: Ask) => {
    const operations = known.get(shop.number)
    if (operations?.end === midnight(now)) return operations
    const fresh = operationsUntil(shop, midnight(now))
    known.set(shop.number, fresh)
    return fresh
  }

  return {
    ...{ name: 'finance', method: 'POST', path: /^\/api\/finance\/v1\/sales-reports\/detailed$/ },
    ...{ category: 'finance', limit: 'finance' },
    answer: ask => detailed(ask, operationsOf(ask)),
  }
}

function detailed(ask: Ask, operations: Operations): Answer {
  const { from, to, limit, rrdId, period, fields } = wishOf(ask)
  const rows = moneyRows(ask.shop, operations, period, from, to, ask.now, rrdId).take(limit)
  const picked = fields
    ? rows.map(row => Object.fromEntries(fields.map(name => [name, row[name as keyof typeof row]])))
    : rows
  const answer = list(picked)
  return answer.rows === 0 ? empty() : answer
}

const fieldNames = new Set([
  ...['rrdId', 'reportId', 'dateFrom', 'dateTo', 'currency', 'supplierOperName', 'docTypeName', 'orderDt', 'saleDt'],
  ...['srid', 'nmId', 'vendorCode', 'barcode', 'techSize', 'quantity', 'retailPrice', 'retailAmount', 'forPay'],
  'deliveryRub',
])

function wishOf(ask: Ask) {
  const body = (ask.body ?? {}) as Record<string, unknown>
  const { limit = mostRows, rrdId = 0, period = 'weekly', fields } = body
  const [from, to] = [timeOf(ask, body.dateFrom, 'dateFrom'), timeOf(ask, body.dateTo, 'dateTo')]
  if (!isWhole(limit) || limit < 1 || limit > mostRows) throw unfit(400, 'limit: from 1 to 100000', ask)
  if (!isWhole(rrdId)) throw unfit(400, 'rrdId: not a whole number', ask)
  if (period !== 'daily' && period !== 'weekly') throw unfit(400, 'period: daily or weekly', ask)
  if (fields !== undefined && !isFields(fields)) throw unfit(400, 'fields: a name is unknown', ask)
  const end = String(body.dateTo).length === 10 ? to + day : to + 1
  return { from, to: end, limit, rrdId, period: period as Period, fields: fields as string[] | undefined }
}

/** A day, or a time; without an offset in Moscow. */
function timeOf(ask: Ask, text: unknown, name: string): number {
  if (text === undefined) throw unfit(400, `${name}: field required`, ask)
  const time = typeof text === 'string' ? instant(text) : undefined
  if (time === undefined) throw unfit(400, `${name}: not a day and not a time`, ask)
  return time
}

function isFields(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(name => fieldNames.has(name))
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
