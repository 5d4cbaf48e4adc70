/** The vendor's numbers for an advert: ids that look drawn, no two alike, and the way back. */
export type Names = {
  /** The key of an advert: 43.5M to 60M, in digits. */
  innerId(index: number): string
  /** The number of the advert with this key; it may be one that is not listed yet. */
  indexOf(innerId: string): number
  /** The vendor's own id, which /offers shows as `id`. It is no event's, though many lie among theirs. */
  internalId(index: number): number
}

const span = 16_500_000
const first = 43_500_000
/** Shares no factor with the span, so that every number is met once. */
const step = 7_368_787

export function namesOf(seed: number): Names {
  const shift = (seed * 104_729) % span
  const back = inverse(step, span)
  return {
    innerId: index => String(first + ((index * step + shift) % span)),
    indexOf: innerId =>
      Number((BigInt((Number(innerId) - first - shift + 2 * span) % span) * BigInt(back)) % BigInt(span)),
    internalId: index => 1_200_000 + ((index * 4_999_999 + shift) % span),
  }
}

/** What `step` must be multiplied with to give 1 in a count that begins anew at `span`. */
function inverse(step: number, span: number): number {
  let [r, next, x, y] = [span, step, 0, 1]
  while (next !== 0) {
    const times = Math.floor(r / next)
    ;[r, next, x, y] = [next, r - times * next, y, x - times * y]
  }
  return (x + span) % span
}
