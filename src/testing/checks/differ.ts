import { show } from '../show.ts'

/** How two contents of a table differ, in words; undefined when they do not. */
export function differ(before: readonly string[], after: readonly string[]): string | undefined {
  const [lost, added] = [without(before, after), without(after, before)]
  if (lost.length === 0 && added.length === 0 && before.length === after.length) return undefined
  const told = [
    lost.length > 0 ? `${lost.length} rows are not as they were, the first ${show(JSON.parse(lost[0]!))}` : '',
    added.length > 0
      ? `${lost.length > 0 ? 'there is now' : `${added.length} rows are new, the first`} ${show(JSON.parse(added[0]!))}`
      : '',
  ]
  return `${after.length} rows in place of ${before.length}: ${told.filter(text => text !== '').join('; ')}`
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others)
  return rows.filter(row => !known.has(row))
}
