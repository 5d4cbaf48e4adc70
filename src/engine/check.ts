import type { z } from 'zod'
import type { Part } from '../core/part.ts'
import type { Range } from '../core/range.ts'
import type { Answer, PullStream } from '../core/stream.ts'
import { type Packed, pack } from '../db/pack.ts'
import type { Bad } from '../db/quarantine.ts'
import { type Encoded, encode, type Table } from '../db/table.ts'

/** What an answer's records became: how many there were, rows ready to be stored, and records for quarantine. */
export type Checked = { records: number; rows: Packed; bad: Bad[] }

/** What records are checked against. */
export type Measure = { stream: PullStream; table: Table; part: Part; answer: Answer; covered: Range }

/** Checks every record by itself: a bad one goes to quarantine with its reason, and the page goes on (P5). */
export function check(records: readonly unknown[], measure: Measure): Checked {
  const rows: Encoded[] = []
  const bad: Bad[] = []
  for (const record of records) {
    const row = checkOne(record, measure)
    if (Array.isArray(row)) rows.push(row)
    else bad.push(row)
  }
  return { records: records.length, rows: pack(measure.table, rows), bad }
}

function checkOne(record: unknown, { stream, table, part, answer, covered }: Measure): Encoded | Bad {
  const parsed = stream.record.safeParse(record)
  if (!parsed.success) return misread(record, parsed.error)
  const row = stream.row(parsed.data, { part, answer })
  const encoded = encode(table, row)
  if (!Array.isArray(encoded)) return { record: JSON.stringify(record), ...encoded }
  const time = row[stream.time] as number
  if (time >= covered.from.getTime() && time < covered.to.getTime()) return encoded
  const reason = 'lies outside of the time that was asked for'
  return { record: JSON.stringify(record), field: stream.time, value: String(time), reason }
}

/** The first thing the record's schema has to say, with the value it says it of. */
function misread(record: unknown, { issues: [issue] }: z.ZodError): Bad {
  const value = issue?.path.reduce<unknown>((inner, name) => (inner as Record<PropertyKey, unknown>)?.[name], record)
  return {
    record: JSON.stringify(record),
    field: issue?.path.join('.') || 'record',
    value: value === undefined ? 'undefined' : JSON.stringify(value),
    reason: issue?.message ?? 'is not the documented record',
  }
}
