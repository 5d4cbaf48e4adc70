import { encode } from '../../db/table.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { fieldsOf, type Leaf, replaced } from '../leaves.ts'
import { show, showError } from '../show.ts'
import type { Seen, Sight } from '../survey.ts'

/** A broken record is refused by its schema and goes to quarantine; `row` is never met by what it cannot read. */
export const broken: Shown = {
  says: 'a broken record is refused by its schema, and row() never throws',
  sight: sight => samples(sight).flatMap(seen => recordsLike(seen).flatMap(given => flawOf(sight, seen, given))),
}

const others = [undefined, null, 7, -1, 0.5, 1e300, '', 'garbage', '1,5', '2026-13-45', '\u0000', true, [], {}, [null]]

/** Records of different shapes, a few of them. */
function samples({ visits }: Sight): Seen[] {
  const good = visits.flatMap(({ seen }) => seen.filter(({ row }) => row))
  const groups = Map.groupBy(good, ({ record }) => fieldsOf(record, 3).join())
  return [...groups.values()].slice(0, 5).map(group => group[0]!)
}

/** Each is what stands in the place of a record, and where it differs from a good one. */
type Broken = { record: unknown; path: Leaf['path'] }

function recordsLike({ record }: Seen): Broken[] {
  const whole = others.map(other => ({ record: other, path: [] }))
  const fields = fieldsOf(record, 3).slice(0, 60)
  return [...whole, ...fields.flatMap(path => others.map(other => ({ record: replaced(record, path, other), path })))]
}

function flawOf({ stream, described }: Sight, { beside }: Seen, { record, path }: Broken): Flaw[] {
  const where = path.length > 0 ? path.join('.') : 'the record'
  const expected = `${show(record, 120)}, broken at ${where}, is refused by the schema or becomes a row`
  let step = 'the schema'
  try {
    const parsed = stream.record.safeParse(record)
    if (!parsed.success) return []
    step = '`row`'
    const row = stream.row(parsed.data, beside!)
    if (typeof row !== 'object' || row === null)
      return [{ expected, came: `\`row\` gave ${show(row)}`, change: 'let `row` give an object' }]
    step = 'a column'
    if (described) encode(described, row)
    return []
  } catch (error) {
    const change = `let the schema \`record\` say of ${where} all that \`row\` relies on: its kind, and what it must look like`
    return [{ expected, came: `${step} threw ${showError(error)}`, change }]
  }
}
