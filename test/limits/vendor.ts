import { milliseconds } from '../../src/core/duration.ts'
import { ceiling, type Rule } from '../../src/core/limit.ts'

/** A vendor that counts as its documentation says, and allows us exactly our ceiling. */
export function vendorOf(rule: Rule): { arrive(at: number, units: number): 'answered' | 'refused' } {
  const [every, most] = [milliseconds(rule.every), ceiling(rule)]
  const seen: { at: number; units: number }[] = []
  let level = rule.burst ?? most
  let last = Number.NEGATIVE_INFINITY

  const countedIn = (from: number) => seen.reduce((sum, { at, units }) => (at > from ? sum + units : sum), 0)

  const arrive = (at: number, units: number) => {
    if (rule.kind === 'bucket') {
      level = Math.min(rule.burst ?? most, level + ((at - Math.max(last, 0)) / every) * most)
      last = Math.max(at, last)
      if (level < units - 1e-6) return 'refused'
      level -= units
      return 'answered'
    }
    const from = rule.kind === 'fixed' ? Math.floor(at / every) * every - 1e-6 : at - every
    if (countedIn(from) + units > most) return 'refused'
    seen.push({ at, units })
    return 'answered'
  }
  return { arrive }
}
