import type { Interval } from './interval.ts'
import { merge, type Span, spanAt } from './span.ts'
import type { Listing, Misalignment, World } from './world.ts'

/** Which candles of a symbol and interval exist. A candle exists once any part of its time has been tradable. */
export type Slots = {
  /** Open times in [from, to], oldest first, at most `limit`, none that has not begun at `now`. */
  forward(from: number, to: number, limit: number, now: number): number[]
  /** The most recent `limit` open times up to `to`, oldest first. */
  backward(to: number, limit: number, now: number): number[]
}

/** The last ms a Date can hold. */
const endOfTime = 8_640_000_000_000_000

export function slotsOf(world: World, listing: Listing, interval: Interval): Slots {
  const closed = closures(world, listing)
  const misaligned = interval.name === '1m' ? (world.misaligned ?? []) : []

  /** The closure that leaves no candle at this open time, as far as it can be told at `now`. */
  const missing = (open: number, now: number): Span | undefined => {
    const closure = spanAt(closed, open)
    return closure !== undefined && closure.to >= Math.min(interval.end(open), now + 1) ? closure : undefined
  }

  const forward: Slots['forward'] = (from, to, limit, now) => {
    const opens: number[] = []
    const bound = Math.min(to, now)
    if (from > bound) return opens
    let slot = interval.floor(Math.max(from, 0))
    while (opens.length < limit) {
      const open = openOf(slot, misaligned, interval)
      if (open > bound) break
      const closure = missing(open, now)
      if (closure === undefined && open >= from && fits(open, misaligned, interval)) opens.push(open)
      slot = closure === undefined ? interval.end(slot) : Math.max(interval.end(slot), interval.floor(closure.to))
    }
    return opens
  }

  const backward: Slots['backward'] = (to, limit, now) => {
    const opens: number[] = []
    const bound = Math.min(to, now)
    let slot = interval.floor(bound)
    while (opens.length < limit && slot >= 0) {
      const open = openOf(slot, misaligned, interval)
      const closure = missing(open, now)
      if (closure === undefined && open <= bound && fits(open, misaligned, interval)) opens.push(open)
      const before = interval.floor(slot - 1)
      slot = closure === undefined ? before : Math.min(before, interval.floor(closure.from - 1))
    }
    return opens.reverse()
  }

  return { forward, backward }
}

/** All times without trading, the time before the listing and after a delisting among them. */
function closures(world: World, listing: Listing): Span[] {
  const unlisted = { from: -1, to: listing.listed }
  const dead = listing.delisted === undefined ? [] : [{ from: listing.delisted, to: endOfTime }]
  return merge([unlisted, ...(listing.gaps ?? []), ...(world.outages ?? []), ...dead])
}

function openOf(slot: number, misaligned: readonly Misalignment[], interval: Interval): number {
  for (const { from, to, shift } of misaligned) {
    if (slot >= from && slot < to) return slot + (shift % interval.step)
  }
  return slot
}

/** The last late minute of a misaligned stretch does not exist: it would overlap the first punctual one. */
function fits(open: number, misaligned: readonly Misalignment[], interval: Interval): boolean {
  return misaligned.every(({ from, to }) => open < from || open >= to || interval.end(open) <= to)
}
