import * as delivery from '../delivery.ts'
import { chance, keyOf } from '../random.ts'
import { type Answer, type Draft, html, json, Refusal, refused, text } from './answer.ts'
import type { Call } from './call.ts'
import type { Fault, Planted, Spoiled } from './faults.ts'
import { tooMany } from './meter.ts'
import type { Row } from './rows.ts'

/** What the fault makes of the answer while its rows can be told apart. */
export function spoil(draft: Draft, planted: Planted, call: Call): Draft {
  const { fault } = planted
  switch (fault.kind) {
    case 'status':
      return failure(fault)
    case 'html':
      return html(200, 'Технические работы')
    case 'garbage':
      return json(200, { ok: true })
    case 'doubled':
      return { ...draft, rows: doubled(draft.rows) }
    case 'reordered':
      return { ...draft, rows: [...draft.rows].reverse() }
    case 'broken':
      return { ...draft, rows: broken(draft.rows, fault.share, call, planted.spoiled) }
    default:
      return draft
  }
}

/** What the fault makes of the bytes. */
export function cut(answer: Answer, { kind }: Fault): Answer {
  return kind === 'cut' || kind === 'short' ? delivery.cut(answer, kind) : answer
}

/** The breaker of a method (ozon.md, 3): as JSON, or as the plain text that clients expect of it. */
export function openCircuit(plain: boolean): Draft {
  if (plain) return text(503, 'text/plain', 'Circle is open')
  return json(503, { code: 14, message: 'Circle is open', details: [] })
}

function failure({ status, retryAfter, message }: Extract<Fault, { kind: 'status' }>): Draft {
  if (status === 429) return refused(tooMany(retryAfter), false)
  if (status >= 502) return html(status, status === 502 ? '502 Bad Gateway' : `${status} Service Unavailable`)
  const code = status === 403 ? 7 : status === 404 ? 5 : 13
  return refused(new Refusal(status, code, message ?? 'Internal error'), false)
}

function* doubled(rows: Iterable<Row>): Iterable<Row> {
  let at = 0
  for (const row of rows) {
    yield row
    if (at++ % 10 === 0) yield row
  }
}

/** The same products break in every answer. */
function* broken(rows: Iterable<Row>, share: number, { id: call, path }: Call, spoiled: Spoiled[]): Iterable<Row> {
  for (const row of rows) {
    const id = String(row.product_id ?? row['Ozon Product ID'] ?? row.sku ?? row.warehouse_id)
    if (chance(keyOf('broken', id), 0) >= share) {
      yield row
      continue
    }
    const { changed, field } = unreadable(row)
    spoiled.push({ call, path, id, field })
    yield changed
  }
}

const unread = 'n/a'

/** The first number of stock in a row; a row of all schemes has it in the first of its stocks. */
function unreadable(row: Row): { changed: Row; field: string } {
  const stocks = row.stocks
  if (Array.isArray(stocks) && stocks.length > 0) {
    const changed = { ...row, stocks: [{ ...stocks[0], present: unread }, ...stocks.slice(1)] }
    return { changed, field: 'stocks[0].present' }
  }
  const field = Object.keys(row).find(isOfStock) ?? Object.keys(row)[0]!
  return { changed: { ...row, [field]: unread }, field }
}

function isOfStock(name: string): boolean {
  return /^(present|available_stock_count|free_to_sell_amount|warehouse_id)$|FBO, шт\.|FBS, шт\.|^Доступно/.test(
    name.replaceAll('\u00a0', ' '),
  )
}
