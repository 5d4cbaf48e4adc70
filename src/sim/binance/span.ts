/** A stretch of time in ms: `from` belongs to it, `to` does not. */
export type Span = { from: number; to: number }

/** The same time in as few spans as possible, in order: what overlaps or touches becomes one. */
export function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

/** The span of an ordered list, free of overlaps, that holds this time. */
export function spanAt(spans: readonly Span[], time: number): Span | undefined {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle]!.to <= time) low = middle + 1
    else high = middle
  }
  const found = spans[low]
  return found !== undefined && found.from <= time ? found : undefined
}
