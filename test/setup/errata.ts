/** A place where a description is known to be wrong or older than the vendor, and how we know. */
export type Erratum = { violation: RegExp; why: string }

/** Errata at work: each must be met by somebody, or it is to be struck from the list. */
export type Errata = {
  /** The violations that are no erratum. */
  beside(violations: readonly string[]): string[]
  /** Errata that nothing has met so far, by their reasons. */
  unmet(): string[]
}

export function errataOf(list: readonly Erratum[]): Errata {
  const met = new Set<Erratum>()
  return {
    beside: violations =>
      violations.filter(violation => {
        const found = list.filter(erratum => erratum.violation.test(violation))
        for (const erratum of found) met.add(erratum)
        return found.length === 0
      }),
    unmet: () => list.filter(erratum => !met.has(erratum)).map(({ why }) => why),
  }
}
