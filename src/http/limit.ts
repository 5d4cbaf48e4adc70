import { AuthError, Rejected, Throttled, Transient } from '../core/failure.ts'
import type { Fetch } from './fetch.ts'

/** The door to a vendor's quota, which every process that spends from it shares. */
export type Gate = {
  /**
   * Takes what one request costs, waiting for it when the wait is short.
   * @throws Throttled when the wait is longer than a worker should sit through, CircuitOpen when nobody shall ask now
   */
  acquire(signal?: AbortSignal): Promise<void>
  /** Reads status and headers of an answer, never its body, and corrects what we believe the vendor has counted. */
  learn(response: Response): Promise<void>
  /** Nobody gets through until then; of several limits only through the named one. */
  close(until: Date, reason: string, limit?: string): Promise<void>
  /** A try came to nothing. */
  failed(reason: string): Promise<void>
  /** The vendor answered, whatever it said. */
  answered(): Promise<void>
}

/**
 * Asks the gate before every request, and closes it for everybody when the vendor says that we asked too much. A
 * Throttled of the gate itself passes: the quota is used up, which is no news to it. The gate hears whether the vendor
 * answered at all.
 */
export function limit(fetch: Fetch, gate: Gate): Fetch {
  return async (request, options) => {
    await gate.acquire(request.signal)
    try {
      const response = await fetch(request, options)
      await gate.answered()
      return response
    } catch (error) {
      await report(gate, error)
      throw error
    }
  }
}

async function report(gate: Gate, error: unknown): Promise<void> {
  if (error instanceof Transient) return gate.failed(error.message)
  if (error instanceof Throttled) await gate.close(error.until, error.message, error.limit)
  if (error instanceof Throttled || error instanceof AuthError || error instanceof Rejected) await gate.answered()
}

/**
 * Shows the gate every answer the vendor gave, refusals and errors included: it stands below the judge, where they are
 * still answers. An exchange without an answer teaches nothing.
 */
export function learn(fetch: Fetch, gate: Gate): Fetch {
  return async (request, options) => {
    const response = await fetch(request, options)
    await gate.learn(response)
    return response
  }
}
