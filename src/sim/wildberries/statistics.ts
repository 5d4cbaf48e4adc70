import { list } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { type Changes, changesAt, orderOf, pageOf, type Report, rowOf, rowsOfDay } from './changes.ts'
import { kept, placedAt } from './life.ts'
import { instant, midnight } from './moscow.ts'
import { mistaken, unfit } from './refuse.ts'

const day = 86_400_000

export type Paging = {
  /** Rows of a page of orders or sales; default 80,000. */
  pageRows?: number
  /**
   * What is answered when the last row is asked for again: the bound being inclusive, that row and those of its second
   * (`repeats`, the default), or an empty list. Nobody has told which the vendor does.
   */
  ends?: 'repeats' | 'empty'
}

/** The reports of orders and sales, and the two that are gone. */
export function statistics({ pageRows = 80_000, ends = 'repeats' }: Paging): Endpoint[] {
  const known = new Map<string, Changes>()

  const changesOf = ({ shop, known: at }: Ask, report: Report) => {
    const key = `${shop.number} ${report}`
    const changes = known.get(key)
    if (changes?.at === at) return changes
    const fresh = changesAt(shop, report, at)
    known.set(key, fresh)
    return fresh
  }

  const changed = (ask: Ask, report: Report, from: number) => {
    const changes = changesOf(ask, report)
    const isKept = (code: number) => placedAt(ask.shop, orderOf(report, code)) >= ask.now - kept
    if (ends === 'empty' && pageOf(changes, from + 1, 1, isKept).length === 0) return []
    const codes = pageOf(changes, from, pageRows, isKept)
    return codes.values().map(code => rowOf(ask.shop, report, code, ask.known)!)
  }

  const answer = (report: Report) => (ask: Ask) => {
    const from = dateFrom(ask.query)
    return list(isDaily(ask.query) ? daily(ask, report, from) : changed(ask, report, from))
  }

  return [
    ...(['orders', 'sales'] as const).map(report => endpoint(report, report, answer(report))),
    ...(['incomes', 'stocks'] as const).map(name => endpoint(name, 'retired', gone)),
  ]
}

function endpoint(name: string, limit: 'orders' | 'sales' | 'retired', answer: Endpoint['answer']): Endpoint {
  const path = new RegExp(`^/api/v1/supplier/${name}$`)
  return {
    name: name === 'stocks' ? 'supplierStocks' : name,
    method: 'GET',
    path,
    category: 'statistics',
    limit,
    answer,
  }
}

/** What a method that was removed answers is not documented. A 404 can be told from "no data". */
function gone(ask: Ask): never {
  throw unfit(404, 'not found', ask)
}

/** All rows of the day, without a cap. */
function daily({ shop, now, known }: Ask, report: Report, time: number) {
  const from = midnight(time)
  return rowsOfDay(shop, report, from, from + day, now - kept, known)
}

function dateFrom(query: URLSearchParams): number {
  const text = query.get('dateFrom')
  if (text === null) throw mistaken(['dateFrom: field required'])
  const time = instant(text)
  if (time === undefined) throw mistaken('dateFrom: Value not validated')
  return time
}

function isDaily(query: URLSearchParams): boolean {
  const flag = query.get('flag') ?? '0'
  if (flag !== '0' && flag !== '1') throw mistaken('flag: Value not validated')
  return flag === '1'
}
