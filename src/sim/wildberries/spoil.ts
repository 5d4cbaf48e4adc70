import { cut, doubled } from '../delivery.ts'
import { chance, keyOf } from '../random.ts'
import { type Answer, html, json } from './answer.ts'
import type { Fault, WaitHeader } from './faults.ts'
import { type Origin, problem, unpaid } from './refuse.ts'

type Row = Record<string, unknown>

/** What the fault makes of the answer; faults that only delay or break the connection leave it as it is. */
export function spoil(answer: Answer, fault: Fault, origin: Origin): Answer {
  switch (fault.kind) {
    case 'status':
      return failure(fault.status, fault.wait ?? 60, fault.headers, origin)
    case 'html':
      return html(200, 'Технические работы')
    case 'garbage':
      return json(200, { a: 1 })
    case 'type':
      return { ...answer, headers: { ...answer.headers, 'content-type': 'text/plain; charset=utf-8' } }
    case 'cut':
    case 'short':
      return cut(answer, fault.kind)
    case 'drained':
      return { ...answer, headers: { ...answer.headers, 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0' } }
    case 'doubled':
      return rewritten(answer, doubled)
    case 'reordered':
      return rewritten(answer, rows => rows.toReversed())
    case 'broken':
      return rewritten(answer, rows =>
        rows.map(row => (isBroken(row, fault.share) ? { ...row, [fault.field]: fault.value } : row)),
      )
    default:
      return answer
  }
}

/** Whether a `broken` fault with this share spoils the row, as told by the row's own name. */
export function isBroken(row: Row, share: number): boolean {
  const name =
    row.saleID ?? row.srid ?? row.rrdId ?? row.supplyID ?? row.preorderID ?? row.chrtId ?? row.barcode ?? row.nmID ?? ''
  return chance(keyOf('broken', String(name)), 0) < share
}

/** Gateway errors come from in front, as HTML. */
function failure(status: number, wait: number, headers: readonly WaitHeader[] | undefined, origin: Origin): Answer {
  if (status === 402) return unpaid()
  if (status === 401) return problem(401, 'token problem; token is withdrawn', origin)
  if (status === 403) return problem(403, 'base token is not allowed', origin)
  if (status === 429) return limited(wait, headers, origin)
  if (status >= 502) return html(status, `${status} ${status === 503 ? 'Service Unavailable' : 'Bad Gateway'}`)
  return json(status, { title: 'internal error', detail: 'something went wrong', requestId: origin.request })
}

/** @param wait seconds */
export function limited(
  wait: number,
  headers: readonly WaitHeader[] = ['x-ratelimit-retry', 'x-ratelimit-reset'],
  origin: Origin,
): Answer {
  const answer = problem(429, 'limited by c122a060-a7fb-4bb4-abb0-32fd4e18d489', origin)
  for (const name of headers) answer.headers[name] = String(wait)
  return answer
}

/** Only an answer that holds rows can be spoiled in this way. */
function rewritten(answer: Answer, change: (rows: Row[]) => Row[]): Answer {
  if (answer.rows === 0) return answer
  const value = JSON.parse(Buffer.from(answer.body).toString())
  const [box, name] = holder(value)
  if (box === undefined) return answer
  box[name] = change(box[name] as Row[])
  const rows = (box[name] as Row[]).length
  return { ...answer, body: Buffer.from(JSON.stringify(name === '' ? box[''] : value)), rows }
}

/** Where in an answer its list is. */
function holder(value: unknown): [Record<string, unknown> | undefined, string] {
  if (Array.isArray(value)) return [{ '': value }, '']
  const inner = ((value as { data?: unknown }).data ?? value) as Record<string, unknown>
  const name = ['orders', 'items', 'stocks'].find(each => Array.isArray(inner[each]))
  return name === undefined ? [undefined, ''] : [inner, name]
}
