import type { z } from 'zod'
import type { Answer } from '../core/ask.ts'
import { forget } from '../core/forget.ts'
import type { Range } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import { isRanged, type PullStream, type Subject } from '../core/stream.ts'
import { type Packed, pack } from '../db/pack.ts'
import type { Bad } from '../db/quarantine.ts'
import { type Encoded, encode, type Table } from '../db/table.ts'

/** What an answer's records became: how many there were, rows ready to be stored, and records for quarantine. */
export type Checked = { records: number; rows: Packed; bad: Bad[] }

/**
 * What records are checked against. `asked` is when they were asked for, by the database; `subjects` the rows of ours the
 * question was about; `cursor` that of their page, unless they are replayed; `covered` the time it was about, where records
 * have one.
 */
export type Measure = {
  stream: PullStream
  table: Table
  slice: Slice
  answer: Pick<Answer, 'at' | 'headers'>
  asked: Date
  subjects: readonly Subject[]
  cursor?: unknown
  covered?: Range | undefined
}

/** Why a record is in quarantine whose time is none that was asked for. */
export const outside = 'lies outside of the time that was asked for'

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

function checkOne(given: unknown, measure: Measure): Encoded | Bad {
  const { stream, table, covered } = measure
  const record = stream.forget ? forget(given, stream.forget) : given
  const parsed = stream.record.safeParse(record)
  if (!parsed.success) return misread(record, parsed.error)
  const row = rowOf(parsed.data, record, measure)
  const encoded = encode(table, row)
  if (!Array.isArray(encoded)) return { record: JSON.stringify(record), ...encoded }
  if (!covered || !isRanged(stream)) return encoded
  const time = row[stream.time] as number
  if (time >= covered.from.getTime() && time < covered.to.getTime()) return encoded
  return { record: JSON.stringify(record), field: stream.time, value: String(time), reason: outside }
}

/** The stream's row, and the columns that are not its own business. */
function rowOf(parsed: unknown, record: unknown, { stream, table, slice, answer, asked, subjects, cursor }: Measure) {
  const row = stream.row(parsed, { part: slice.part, answer, rows: subjects, cursor })
  const flags = Object.keys(table.flags)
  if (table.own.size === 0 && flags.length === 0) return row
  return {
    ...(table.own.has('raw') ? { raw: record } : {}),
    ...row,
    ...Object.fromEntries(flags.map(name => [name, false])),
    account: slice.account,
    asked_at: asked,
    gone_at: null,
  }
}

/** The first thing the record's schema has to say, with the value it says it of. */
export function misread(record: unknown, { issues: [issue] }: z.ZodError): Bad {
  const value = issue?.path.reduce<unknown>((inner, name) => (inner as Record<PropertyKey, unknown>)?.[name], record)
  return {
    record: JSON.stringify(record),
    field: issue?.path.join('.') || 'record',
    value: value === undefined ? 'undefined' : JSON.stringify(value),
    reason: issue?.message ?? 'is not the documented record',
  }
}
