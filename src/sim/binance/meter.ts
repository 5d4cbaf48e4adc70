import { type Answer, json } from './answer.ts'

/**
 * The limits of one IP address (rest-api.md, LIMITS), enforced.
 *
 *   open      calls are answered; ends with the call that takes a window over its limit
 *   limited   every call is answered 429; ends with the window, or with one ignored 429 too many
 *   banned    every call is answered 418 and counts nowhere; ends with the ban
 */
export type Meter = {
  /** Counts a call; the answer that refuses it, if it has to be refused. */
  arrive(now: number, weight: number): Answer | undefined
  /** Weight used in the present window by everybody behind this address. */
  used(now: number): number
  ban(now: number, length: number): Answer
}

export type Limits = {
  /** Request weight per minute; default 6000 (since 2023-08-25). */
  weight?: number
  /** Requests per five minutes; default 300,000 (since 2026-04-02). */
  requests?: number
  /** How many 429 of a window may be ignored before the address is banned; the vendor tells no number. Default 5. */
  patience?: number
}

const minute = 60_000
/** Bans last from two minutes up to three days, longer with every one. */
const [shortestBan, longestBan] = [2 * minute, 3 * 86_400_000]
const streams = 'Please use WebSocket Streams for live updates to avoid'

export function startMeter(limits: Limits, foreignWeight: (windowStart: number) => number): Meter {
  const { weight: maxWeight = 6_000, requests: maxRequests = 300_000, patience = 5 } = limits
  const weights = fixedWindow(minute)
  const requests = fixedWindow(5 * minute)
  const refusals = fixedWindow(minute)
  let bannedUntil = 0
  let bans = 0

  const used = (now: number) => weights.count(now) + foreignWeight(weights.start(now))

  const ban = (now: number, length: number) => {
    bannedUntil = now + length
    return banned(now, bannedUntil)
  }

  const refuse = (now: number, until: number, reason: string) => {
    if (refusals.add(now, 1) <= patience + 1) return tooMuch(now, until, reason)
    return ban(now, Math.min(shortestBan * 2 ** bans++, longestBan))
  }

  const arrive = (now: number, weight: number) => {
    if (now < bannedUntil) return banned(now, bannedUntil)
    weights.add(now, weight)
    if (requests.add(now, 1) > maxRequests) {
      const rule = `many requests; current limit is ${maxRequests} requests per 5 MINUTE`
      return refuse(now, requests.start(now) + 5 * minute, rule)
    }
    if (used(now) <= maxWeight) return undefined
    const rule = `much request weight used; current limit is ${maxWeight} request weight per 1 MINUTE`
    return refuse(now, weights.start(now) + minute, rule)
  }

  return { arrive, used, ban }
}

/** A count that starts again at every full `length` of the clock. */
function fixedWindow(length: number) {
  let began = 0
  let counted = 0
  const start = (now: number) => Math.floor(now / length) * length
  const count = (now: number) => {
    if (start(now) !== began) [began, counted] = [start(now), 0]
    return counted
  }
  const add = (now: number, amount: number) => {
    counted = count(now) + amount
    return counted
  }
  return { start, count, add }
}

export function tooMuch(now: number, until: number, reason: string): Answer {
  const msg = `Too ${reason}. ${streams} polling the API.`
  return json(429, { code: -1003, msg }, { 'retry-after': seconds(until - now) })
}

export function banned(now: number, until: number): Answer {
  const msg = `Way too much request weight used; IP banned until ${until}. ${streams} bans.`
  return json(418, { code: -1003, msg }, { 'retry-after': seconds(until - now) })
}

function seconds(length: number): string {
  return String(Math.ceil(length / 1000))
}
