import { exponential, type Policy, regular } from '../../core/retry.ts'

/**
 * An API that is away is tried three more times, after 1, 2 and 4 min; one that is too slow after 10 min each. Within a
 * question, each try that timed out gives the next one twice the time.
 */
export const policy = (): Policy => ({
  transient: exponential({ retries: 3, base: '1m' }),
  timeout: regular({ retries: 3, every: '10m' }),
})
