import type { Clock } from '../core/clock.ts'
import { CircuitOpen, Throttled, Transient } from '../core/failure.ts'
import { delay, type Retry } from '../core/retry.ts'
import { type Fetch, usualDeadline } from './fetch.ts'

/** `random`: 0 … 1, so that many waiters do not come back at once. `deadline`: ms for the first try. */
export type Patience = { policy: Retry; clock: Clock; random?: () => number; deadline?: number }

/**
 * Asks again after a Transient, as often as the policy allows, and throws the last one with the number of tries.
 * Everything else passes at once, a circuit that is open too: to ask again soon is what it is open against. Where the quota
 * has no room for a further try, it is the last one, with the Throttled as its cause: whoever only waited for the quota would
 * ask for ever. A try that timed out gives the next one twice the time, up to four times the first.
 */
export function retry(fetch: Fetch, patience: Patience): Fetch {
  const { policy, clock, random = Math.random, deadline: usual = usualDeadline } = patience
  return async (request, options) => {
    const first = options?.deadline ?? usual
    let deadline = first
    let last: Transient | undefined
    for (let tries = 1; ; tries++) {
      try {
        return await fetch(request.clone(), { ...options, deadline })
      } catch (error) {
        if (last && error instanceof Throttled) throw givenUp(last, tries - 1, error)
        if (error instanceof CircuitOpen && last) throw new CircuitOpen(error.message, error.until, { cause: last })
        if (!(error instanceof Transient) || error instanceof CircuitOpen) throw error
        last = error
        const wait = delay(policy, tries, random())
        if (wait === undefined) throw givenUp(error, tries)
        if (error.code === 'vendor-timeout') deadline = Math.min(deadline * 2, first * 4)
        await clock.pass(wait, request.signal)
      }
    }
  }
}

function givenUp(error: Transient, tries: number, cause: Error = error): Transient {
  const counted = tries === 1 ? '1 try' : `${tries} tries`
  return new Transient(error.code, `${error.message} (after ${counted})`, { cause })
}
