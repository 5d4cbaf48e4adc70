import { cut, doubled } from '../delivery.ts'
import { chance, keyOf } from '../random.ts'
import { type Answer, html, json, limited, problem } from './answer.ts'
import type { Fault } from './faults.ts'

type Row = Record<string, unknown>
type Page = { result: Row[]; meta: Record<string, unknown> }

/** What the fault makes of the answer; faults that only delay or break the connection leave it as it is. */
export function spoil(answer: Answer, fault: Fault, now: number): Answer {
  switch (fault.kind) {
    case 'status':
      return fault.status === 429 ? limited(fault.wait ?? 60, fault.tell ?? 'seconds', now) : problem(fault.status)
    case 'html':
      return html(200, 'Технические работы')
    case 'garbage':
      return json(200, { a: 1 })
    case 'cut':
    case 'short':
      return cut(answer, fault.kind)
    case 'broken':
      return rewritten(answer, page => ({ ...page, result: page.result.map(row => brokenRow(row, fault)) }))
    default:
      return rewritten(answer, page => paged(page, fault.kind))
  }
}

/** Whether a `broken` fault with this share spoils the advert. */
export function isSpoiled(innerId: string, share: number): boolean {
  return chance(keyOf('broken', innerId), 0) < share
}

function paged({ result, meta }: Page, kind: Fault['kind']): Page {
  const isList = 'page' in meta
  const [here, next] = isList ? ['page', 'next_page'] : ['cur_change_id', 'next_change_id']
  if (kind === 'stuck') return { result, meta: { ...meta, [next]: meta[here] } }
  if (kind === 'astray') return { result, meta: { ...meta, [here]: Number(meta[here]) + 1 } }
  if (kind === 'empty') return { result: [], meta: { ...meta, [next]: Number(meta[here]) + (isList ? 1 : 20) } }
  if (kind === 'doubled') return { result: doubled(result), meta }
  return kind === 'reordered' ? { result: result.toReversed(), meta } : { result, meta }
}

function brokenRow(row: Row, { share, field, value }: { share: number; field: string; value: unknown }): Row {
  if (!isSpoiled(String(row.inner_id), share)) return row
  return field in row ? { ...row, [field]: value } : { ...row, data: { ...(row.data as Row), [field]: value } }
}

/** Only a page can be spoiled in this way. */
function rewritten(answer: Answer, change: (page: Page) => Page): Answer {
  if (answer.status !== 200) return answer
  const value = JSON.parse(Buffer.from(answer.body).toString())
  if (!Array.isArray(value.result)) return answer
  const page = change(value)
  return { ...answer, body: Buffer.from(JSON.stringify(page)), rows: page.result.length }
}
