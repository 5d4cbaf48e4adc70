import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { show } from '../show.ts'
import type { Seen, Sight } from '../survey.ts'

/** Two different records are two rows, or one of them is newer by what the stream says of it. */
export const keys: Shown = {
  says: 'its key tells records apart, and newer versions from older ones',
  sight: sight => {
    const groups = Map.groupBy(rowsOf(sight), ({ key }) => key)
    return [...groups].flatMap(([key, rows]) => double(sight, key, rows) ?? [])
  },
}

/** A row with what tells it apart: its key, what makes it newer, and everything else of it. */
type Told = { key: string; age: string; whole: string; seen: Seen }

function rowsOf({ stream, visits, table }: Sight): Told[] {
  const hasRaw = table?.columns.some(({ name }) => name === 'raw')
  return visits.flatMap(({ seen, asked }, page) =>
    seen.flatMap(each => {
      if (!each.row) return []
      const own = stream.newer.length === 0 && stream.mode !== 'snapshot' ? [asked, page] : []
      const age = JSON.stringify([...stream.newer.map(name => each.row![name]), ...own])
      const whole = JSON.stringify([each.row, hasRaw ? each.record : null])
      const key = show(
        Object.fromEntries(stream.key.filter(name => name !== 'account').map(name => [name, each.row![name]])),
      )
      return [{ key, age, whole, seen: each }]
    }),
  )
}

function double({ stream }: Sight, key: string, rows: readonly Told[]): Flaw | undefined {
  for (const [at, row] of rows.entries()) {
    const other = rows.slice(0, at).find(each => each.age === row.age && each.whole !== row.whole)
    if (!other) continue
    const newer =
      stream.newer.length > 0 ? `neither is newer by ${stream.newer.join(', ')}` : 'no column says which is newer'
    return {
      expected: `one record for the key ${key}, or versions of it that can be told apart`,
      came: `two different ones, and ${newer}: ${show(other.seen.record)} and ${show(row.seen.record)}`,
      change:
        'add what tells them apart to `key` and to the primary key; if they are versions of one thing, name in `newer` the columns that grow',
    }
  }
  return undefined
}
