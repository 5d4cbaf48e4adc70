import { setImmediate as breathe } from 'node:timers/promises'
import { drop } from '../http/memory.ts'
import { type Checked, check, type Measure } from './check.ts'
import type { Sheet } from './commit.ts'
import type { Opened } from './line.ts'

/** A page of more records commits in sheets of so many (P1); of fewer where they are large, so that little of it waits. */
export const largest = 5_000
const largestText = 2 * 1024 * 1024

/** Records that are checked in one go: the process answers others in between. */
const handful = 500

/** Records that are all here, checked sheet by sheet while they are committed. */
export async function* sheetsOf(records: readonly unknown[], measure: Measure): AsyncGenerator<Sheet> {
  for (let from = 0; from < records.length; from += largest) {
    const end = Math.min(from + largest, records.length)
    yield sheetOf(await checkAll(records.slice(from, end), measure), end === records.length)
  }
}

/** Checks records, many of them a handful at a time. */
export async function checkAll(records: readonly unknown[], measure: Measure): Promise<Checked> {
  if (records.length <= 2 * handful) return check(records, measure)
  const pieces: Checked[] = []
  for (let at = 0; at < records.length; at += handful) {
    pieces.push(check(records.slice(at, at + handful), measure))
    await breathe()
  }
  return joined(pieces)
}

/** The records of a body as they are read. Whatever happens, the body is put away in the end. */
export async function* sheetsOfBody(body: Opened, measure: Measure): AsyncGenerator<Sheet> {
  try {
    let [pieces, held, bytes, seen] = [[] as Checked[], 0, 0, 0]
    for await (const records of body.chunks()) {
      const checked = check(records, measure)
      pieces.push(checked)
      held += records.length
      bytes += checked.rows.text.byteLength
      seen += records.length
      if ((held < largest && bytes < largestText) || seen === body.count) continue
      yield sheetOf(joined(pieces), false)
      ;[pieces, held, bytes] = [[], 0, 0]
    }
    yield sheetOf(joined(pieces), true)
  } finally {
    body.close()
  }
}

export function sheetOf(checked: Checked, last: boolean): Sheet {
  return { ...checked, last }
}

function joined(pieces: readonly Checked[]): Checked {
  const [only] = pieces
  if (pieces.length === 1) return only!
  const text = Buffer.concat(pieces.map(({ rows }) => rows.text))
  for (const { rows } of pieces) drop(rows.text)
  return {
    records: pieces.reduce((sum, { records }) => sum + records, 0),
    rows: { count: pieces.reduce((sum, { rows }) => sum + rows.count, 0), text },
    bad: pieces.flatMap(({ bad }) => bad),
  }
}
