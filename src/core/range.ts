/** A stretch of time: `from` belongs to it, `to` does not. */
export type Range = { from: Date; to: Date }

/** Writes a range as people and the ledger read it. */
export function rangeText({ from, to }: Range): string {
  return `${from.toISOString()}/${to.toISOString()}`
}

/** The pieces of `whole` that none of `parts` covers, in order of time. */
export function subtract(whole: Range, parts: readonly Range[]): Range[] {
  const lacking: Range[] = []
  let reached = whole.from
  for (const part of inOrder(parts)) {
    if (part.to <= reached) continue
    if (part.from >= whole.to) break
    if (part.from > reached) lacking.push({ from: reached, to: part.from })
    reached = part.to
  }
  if (reached < whole.to) lacking.push({ from: reached, to: whole.to })
  return lacking
}

/** How far `parts` reach without a hole, starting at `from`. */
export function reach(from: Date, parts: readonly Range[]): Date {
  let reached = from
  for (const part of inOrder(parts)) {
    if (part.from > reached) break
    if (part.to > reached) reached = part.to
  }
  return reached
}

function inOrder(ranges: readonly Range[]): Range[] {
  return ranges.toSorted((a, b) => a.from.getTime() - b.from.getTime())
}
