import { costs, every, type RuleName, rules } from './rules.ts'

/** Whether a question that comes at `at` (ms) is within what the vendor allows. It counts those that it lets through. */
export type Count = (at: number) => boolean

/** The vendor's own way of counting: written down from its documentation, and not from what our limiter does. */
export function countOf(name: RuleName): Count {
  if (name === 'bucket') return filling(rules.bucket.max, rules.bucket.burst)
  return name === 'fixed' ? byTheClock(rules.fixed.max, costs.fixed) : lookingBack(rules.sliding.max)
}

/** The last `every` before a question, whenever it comes, must not hold more than `max` of them. */
function lookingBack(max: number): Count {
  const seen: number[] = []
  return at => {
    while (seen.length > 0 && seen[0]! <= at - every) seen.shift()
    if (seen.length >= max) return false
    seen.push(at)
    return true
  }
}

function byTheClock(max: number, cost: number): Count {
  let [window, used] = [0, 0]
  return at => {
    const current = Math.floor(at / every)
    if (current > window) [window, used] = [current, 0]
    if (used + cost > max) return false
    used += cost
    return true
  }
}

function filling(max: number, burst: number): Count {
  let [level, last] = [burst, 0]
  return at => {
    level = Math.min(burst, level + ((at - last) / every) * max)
    last = at
    if (level < 1) return false
    level--
    return true
  }
}
