import type { Dice } from './dice.ts'
import type { World } from './world.ts'

export type Kind = 'added' | 'changed' | 'removed'

/** The market's events in order, counted from 0, as far as they have been asked for. */
export type History = {
  /** Events that are told at a time (ms): those that have happened, unless the feed is dead. */
  countAt(now: number): number
  /** When an event happened; ms. */
  timeOf(nth: number): number
  /** The first event at or after a time (ms). */
  firstAt(time: number): number
  kind(nth: number): Kind
  /** The advert that it is about. */
  advert(nth: number): number
  /** The event before it about the same advert; -1: there is none. */
  previous(nth: number): number
}

const day = 86_400_000
const kinds: Kind[] = ['added', 'changed', 'removed']

/**
 * What happens depends on what is in the market, so events are made one after the other; each takes some bytes. In every
 * slot of time lies one event, at a moment of its own.
 */
export function openHistory(world: World, dice: Dice): History {
  const { since, adverts, eventsPerDay = adverts * 0.06, quiet = [] } = world
  const gap = day / eventsPerDay
  const made: { kind: number[]; advert: number[]; previous: number[] } = { kind: [], advert: [], previous: [] }
  const crowd = crowdOf(world, dice)
  const last: number[] = []

  const reach = (nth: number) => {
    for (let at = made.kind.length; at <= nth; at++) {
      const { kind, advert } = crowd(at)
      made.kind.push(kinds.indexOf(kind))
      made.advert.push(advert)
      made.previous.push(last[advert] ?? -1)
      last[advert] = at
    }
  }
  const timeOf = (nth: number) => since + Math.floor((nth + dice('moment', nth)) * gap)
  const happened = (now: number) => {
    if (now < since || eventsPerDay === 0) return 0
    const whole = Math.floor((now - since) / gap)
    return whole + (timeOf(whole) <= now ? 1 : 0)
  }
  const countAt = (now: number) => happened(quiet.find(({ from, to }) => from <= now && now < to)?.from ?? now)
  const read = (list: number[], nth: number) => {
    reach(nth)
    return list[nth]!
  }
  return {
    ...{ countAt, timeOf, firstAt: time => happened(time - 1) },
    kind: nth => kinds[read(made.kind, nth)]!,
    advert: nth => read(made.advert, nth),
    previous: nth => read(made.previous, nth),
  }
}

/**
 * Who is in the market, and what happens next: 31 % are added, 45 % changed, the rest removed, until the market has grown
 * by one fiftieth; then as many go as come. One in five of the added was there before.
 */
function crowdOf({ adverts }: World, dice: Dice) {
  const here = Array.from({ length: adverts }, (_, index) => index)
  const gone: number[] = []
  let fresh = adverts

  const added = (nth: number) => {
    const isAgain = gone.length > 0 && dice('again', nth) < 0.2
    const advert = isAgain ? drawn(gone, dice('who', nth)) : fresh++
    here.push(advert)
    return advert
  }
  const removed = (nth: number) => {
    const advert = drawn(here, dice('who', nth))
    gone.push(advert)
    return advert
  }
  return (nth: number): { kind: Kind; advert: number } => {
    const share = here.length > adverts * 1.02 ? 0.24 : 0.31
    const chance = dice('event', nth)
    if (chance < share || here.length === 0) return { kind: 'added', advert: added(nth) }
    if (chance >= share + 0.45) return { kind: 'removed', advert: removed(nth) }
    return { kind: 'changed', advert: here[Math.floor(dice('who', nth) * here.length)]! }
  }
}

/** Takes one out of the list; the last one takes its place. */
function drawn(list: number[], chance: number): number {
  const at = Math.floor(chance * list.length)
  const taken = list[at]!
  const last = list.pop()!
  if (at < list.length) list[at] = last
  return taken
}
