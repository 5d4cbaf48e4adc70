import type { Terms } from '../../src/core/limit.ts'
import type { Cost, Grant, News } from '../../src/core/limits.ts'
import { type Priority, priorities } from '../../src/core/priority.ts'

/** Never, on a line of microseconds. */
const never = Number.NEGATIVE_INFINITY

type State = {
  windowFrom: number
  used: number
  fullAt: number
  closedUntil: number
  slow: number
  slowUntil: number
  failures: number
  closures: number
  probing: boolean
  wants: number[]
  wantsUntil: number[]
  credits: number[]
  lines: number[]
}

function fresh(): State {
  return {
    ...{ windowFrom: never, used: 0, fullAt: never, closedUntil: never, slow: 1, slowUntil: never },
    ...{ failures: 0, closures: 0, probing: false },
    ...{ wants: [0, 0, 0], wantsUntil: [never, never, never], credits: [0, 0, 0], lines: [never, never, never] },
  }
}

/** What a bucket has to say to a question: from when on it has room for it, and how many go first. */
type Word = { cost: Cost; state: State; free: number; ahead: number }

/**
 * The rules of a bucket as plain as they can be said, for one process and with time as a parameter (µs). Stores of buckets
 * must answer as this does, question by question.
 */
export function modelOf() {
  const states = new Map<string, State>()
  const of = (bucket: string) => {
    const state = states.get(bucket) ?? fresh()
    states.set(bucket, state)
    return state
  }

  const spend = (costs: readonly Cost[], priority: Priority, patience: number, at: number): Grant => {
    const lane = priorities.indexOf(priority)
    const words = costs
      .toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1))
      .map(cost => ask(cost, of(cost.bucket), lane, at))
    const late = words.filter(({ free }) => free > at)
    if (late.length > 0) return refuse(late, lane, patience * 1000, at)
    for (const word of words) take(word, lane, at)
    const used = costs.map(({ bucket, terms }) => usedOf(of(bucket), terms, at))
    const circuit = words.find(({ cost }) => cost.terms.kind === 'circuit')
    return { granted: true, at: new Date(at / 1000), used, failures: circuit?.state.failures ?? 0 }
  }

  return { spend, tell: (bucket: string, terms: Terms, news: News, at: number) => tell(of(bucket), terms, news, at) }
}

function ask(cost: Cost, state: State, lane: number, at: number): Word {
  const { terms } = cost
  if (state.slowUntil <= at) state.slow = 1
  const word = { cost, state, ahead: 0, free: at }
  if (terms.kind === 'fixed') freeOfWindow(word, lane, at)
  if (terms.kind === 'paced') {
    const ahead = goFirst(state, lane, cost.cost, at, [0, 1, 2])
    word.ahead = ahead
    const full = state.fullAt + (cost.cost + ahead - terms.burst) * stepOf(state, terms) + terms.settle
    word.free = Math.max(at, full)
  }
  if (state.closedUntil > at) word.free = Math.max(word.free, state.closedUntil)
  return word
}

function freeOfWindow(word: Word, lane: number, at: number): void {
  const { cost, state } = word
  const { terms } = cost
  const turn = Math.floor(at / terms.every) * terms.every
  if (state.windowFrom < turn) Object.assign(state, { windowFrom: turn, used: 0 })
  const room = Math.max(Math.floor(terms.ceiling / state.slow), cost.cost)
  const [higher, lower] = [[0, 1, 2].slice(0, lane), [0, 1, 2].slice(lane + 1)]
  word.ahead = Math.min(goFirst(state, lane, cost.cost, at, lower), room - cost.cost)
  const after = state.used + cost.cost
  if (after + word.ahead > room) word.free = state.windowFrom + terms.every + terms.settle
  else if (at < state.windowFrom + terms.settle) word.free = state.windowFrom + terms.settle
  else if (at > state.windowFrom + terms.every - terms.settle) word.free = state.windowFrom + terms.every + terms.settle
  else if (goFirst(state, lane, cost.cost, at, higher) > 0) {
    word.free = Math.max(at, state.windowFrom + Math.ceil((after * (terms.every - 2 * terms.settle)) / room))
    word.ahead = 1
  }
}

/** Units of these lanes that go before a question of this lane. */
function goFirst(
  { wants, wantsUntil, credits }: State,
  lane: number,
  cost: number,
  at: number,
  others: number[],
): number {
  if (cost === 0 || (credits[lane]! >= 8 * cost && wantsUntil[lane]! > at)) return 0
  return others.reduce((sum, other) => {
    const want = wants[other]!
    if (other === lane || wantsUntil[other]! <= at || want === 0) return sum
    return other < lane || credits[other]! >= 8 * want ? sum + want : sum
  }, 0)
}

function take({ cost: { cost, terms }, state }: Word, lane: number, at: number): void {
  if (terms.kind === 'circuit') {
    if (state.closures > 0) Object.assign(state, { closedUntil: at + 30_000_000, probing: true })
    return
  }
  if (terms.kind === 'fixed') state.used += cost
  else state.fullAt = Math.max(state.fullAt, at) + cost * stepOf(state, terms)
  for (const other of [0, 1, 2]) {
    if (other <= lane || state.wantsUntil[other]! <= at || state.wants[other] === 0) continue
    state.credits[other] = Math.min(state.credits[other]! + cost, 8 * state.wants[other]!)
  }
  state.credits[lane] = Math.max(state.credits[lane]! - 8 * cost, 0)
  if (terms.kind === 'paced') state.wants[lane] = Math.max(state.wants[lane]! - cost, 0)
}

function refuse(late: readonly Word[], lane: number, patience: number, at: number): Grant {
  const worst = late.reduce((latest, word) => (word.free > latest.free ? word : latest))
  for (const { cost, state, free } of late) {
    if (cost.terms.kind === 'circuit') continue
    if (state.wantsUntil[lane]! <= at)
      Object.assign(state, { wants: state.wants.with(lane, 0), credits: state.credits.with(lane, 0) })
    state.wants[lane] = Math.max(state.wants[lane]!, cost.cost)
    const until = cost.terms.kind === 'fixed' ? state.windowFrom + 2 * cost.terms.every : free + 2_000_000
    state.wantsUntil[lane] = Math.max(state.wantsUntil[lane]!, until)
  }
  const place = worst.cost.terms.kind === 'circuit' ? worst.free : placeOf(worst, lane, patience, at)
  const closed = worst.state.closedUntil > at
  const why = closed ? (worst.cost.terms.kind === 'circuit' ? 'circuit' : 'closed') : worst.ahead > 0 ? 'lane' : 'share'
  return { granted: false, wait: (place - at) / 1000, bucket: worst.cost.bucket, why, note: '' }
}

function placeOf({ cost: { cost, terms }, state, free }: Word, lane: number, patience: number, at: number): number {
  let place = free
  if (free - at > patience) {
    const each = terms.kind === 'fixed' ? Math.max(terms.step, terms.every / terms.ceiling) : terms.step
    for (const line of state.lines.slice(0, lane + 1))
      place = Math.max(place, line + cost * Math.ceil(each * state.slow))
    state.lines[lane] = place
  }
  if (terms.kind !== 'fixed') return place
  const turn = Math.floor(place / terms.every) * terms.every
  return Math.max(turn + terms.settle, free)
}

function stepOf({ slow }: State, { step }: Terms): number {
  return Math.ceil(step * slow)
}

function usedOf({ used, fullAt }: State, { kind, burst, step }: Terms, at: number): number {
  if (kind === 'fixed') return used
  return kind === 'paced' ? Math.min(burst, Math.max(0, Math.ceil((fullAt - at) / step))) : 0
}

function tell(state: State, terms: Terms, news: News, at: number): boolean {
  switch (news.kind) {
    case 'used':
      return count(state, terms, news, at)
    case 'left': {
      const full = at + (terms.burst - news.units) * terms.step
      if (state.fullAt >= full) return false
      state.fullAt = full
      return true
    }
    case 'charge':
      if (terms.kind === 'fixed') state.used += news.units
      else state.fullAt = Math.max(state.fullAt, at) + news.units * terms.step
      return true
    case 'close':
      if (state.closedUntil >= at + news.length * 1000) return false
      state.closedUntil = at + news.length * 1000
      return true
    case 'slower':
      if (state.closedUntil > at) return false
      state.slow = Math.min((state.slowUntil > at ? state.slow : 1) * news.factor, news.most)
      state.slowUntil = at + news.length * 1000
      return true
    case 'failed':
      return fail(state, news, at)
    case 'answered': {
      const changed = state.failures > 0
      Object.assign(state, { failures: 0, closures: 0, probing: false, closedUntil: never })
      return changed
    }
  }
}

function count(state: State, { every }: Terms, { units, asked }: News & { kind: 'used' }, at: number): boolean {
  const same = [at, asked.getTime() * 1000].every(moment => Math.floor(moment / every) * every === state.windowFrom)
  if (!same || state.used >= units) return false
  state.used = units
  return true
}

function fail(state: State, { after, base, cap }: News & { kind: 'failed' }, at: number): boolean {
  state.failures++
  if (state.failures < after || (!state.probing && state.closedUntil > at)) return false
  state.closedUntil = at + Math.min(base * 1000 * 2 ** Math.min(state.closures, 20), cap * 1000)
  Object.assign(state, { closures: state.closures + 1, probing: false })
  return true
}
