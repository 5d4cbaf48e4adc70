/** Days of the vendor's calendar, as it writes them: `2026-03-01`, in UTC. */

const day = 86_400_000

/** The day of a moment. */
export function dateOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

/** The day that lies so many days after another one, or before it. */
export function later(date: string, days: number): string {
  return dateOf(new Date(Date.parse(`${date}T00:00:00Z`) + days * day))
}

/** The later of two days; any day is later than none. */
export function latest(one: string | null, other: string | null): string | null {
  return one === null || (other !== null && other > one) ? other : one
}
