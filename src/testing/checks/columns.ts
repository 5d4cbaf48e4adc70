import { closest } from 'fastest-levenshtein'
import { encode } from '../../db/table.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { show } from '../show.ts'
import type { Seen, Sight, Visit } from '../survey.ts'

/** Nothing of a row is lost: what has no column would be, without a word. */
export const columns: Shown = {
  says: 'every field of a row is a column of its table, and every value fits',
  sight: sight => [...strangers(sight), ...misfits(sight)],
}

function strangers({ stream, visits, table }: Sight): Flaw[] {
  const rows = visits.flatMap(({ seen }) => seen.flatMap(({ row }) => (row ? [row] : [])))
  const names = table?.columns.map(({ name }) => name) ?? []
  const unknown = new Set(rows.flatMap(row => Object.keys(row)).filter(name => !names.includes(name)))
  if (names.length === 0) return []
  return [...unknown].map(name => ({
    expected: `each field of a row is a column of ${stream.table}`,
    came: `"${name}", which it does not have: its value ${show(rows.find(row => name in row)?.[name], 60)} would be lost`,
    change: `did you mean "${closest(name, names)}"? Otherwise add the column, or leave the field out of \`row\``,
  }))
}

/** The imitated vendor's records are good ones, so each becomes a row that its table takes. */
function misfits(sight: Sight): Flaw[] {
  const flaws = sight.visits.flatMap(visit => visit.seen.map(seen => misfit(sight, visit, seen)))
  return flaws.filter(flaw => flaw !== undefined)
}

function misfit({ stream, described }: Sight, { asked }: Visit, { record, parsed, row }: Seen): Flaw | undefined {
  if (parsed === undefined) {
    const result = stream.record.safeParse(record)
    const [issue] = result.error?.issues ?? []
    if (!issue) return undefined
    const came = `${issue.path.join('.') || 'the record'}: ${issue.message}, of ${show(record)}`
    return { expected: 'a record that its schema takes', came, change: 'correct `record`, or the imitated vendor' }
  }
  if (!row || !described) return undefined
  const flags = Object.fromEntries(Object.keys(stream.flags ?? {}).map(name => [name, false]))
  const encoded = encode(described, { account: 'kit', asked_at: asked, gone_at: null, raw: record, ...flags, ...row })
  if (Array.isArray(encoded)) return undefined
  const { field, value, reason } = encoded
  return {
    expected: `a value that ${stream.table}.${field} takes as it is`,
    came: `${show(value, 60)}, which ${reason}, of ${show(record)}`,
    change: `widen the column, or put into "${field}" what the vendor sent and not what was reckoned from it`,
  }
}
