import { cut, doubled } from '../delivery.ts'
import { type Answer, html, json } from './answer.ts'
import type { Fault } from './faults.ts'
import type { Row } from './market.ts'
import { banned, tooMuch } from './meter.ts'

/** What the fault makes of the answer; faults that only delay or break the connection leave it as it is. */
export function spoil(answer: Answer, fault: Fault, now: number): Answer {
  switch (fault.kind) {
    case 'status':
      return failure(fault.status, fault.retryAfter, now)
    case 'html':
      return html(200, 'Service Maintenance')
    case 'garbage':
      return json(200, { a: 1 })
    case 'cut':
    case 'short':
      return cut(answer, fault.kind)
    case 'doubled':
      return rewritten(answer, doubled)
    case 'reordered':
      return rewritten(answer, rows => rows.toReversed())
    case 'late':
      return rewritten(answer, rows => rows.filter(row => row[6] >= now || row[6] + fault.ms < now))
    default:
      return answer
  }
}

/** Bodies as errors.md has them; a 403 comes from the firewall and gateway errors from in front, both as HTML. */
function failure(status: number, retryAfter: number | undefined, now: number): Answer {
  const wait = retryAfter === undefined ? undefined : retryAfter * 1000
  switch (status) {
    case 429:
      return tooMuch(now, now + (wait ?? 60_000 - (now % 60_000)), 'many requests queued')
    case 418:
      return banned(now, now + (wait ?? 120_000))
    case 403:
      return html(403, '403 Forbidden')
    case 502:
    case 504:
      return html(status, status === 502 ? '502 Bad Gateway' : '504 Gateway Time-out')
    case 503:
      return json(503, {
        code: -1008,
        msg: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
      })
    default:
      return json(status, { code: -1000, msg: 'An unknown error occurred while processing the request.' })
  }
}

/** Only an answer that holds candles can be spoiled in this way. */
function rewritten(answer: Answer, change: (rows: Row[]) => Row[]): Answer {
  if (answer.rows === 0) return answer
  const rows = change(JSON.parse(Buffer.from(answer.body).toString()))
  const body = Buffer.from(JSON.stringify(rows))
  return { ...answer, body, rows: rows.length, first: rows[0]?.[0] ?? null, last: rows.at(-1)?.[0] ?? null }
}
