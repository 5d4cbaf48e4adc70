/** What every imitated vendor can be told of the way it works, beside its world. */
export type Habits = {
  /** The vendor's clock in ms; default Date.now. */
  now?: () => number
  /** How a slow answer waits; default: in real time. */
  sleep?: (ms: number) => Promise<unknown>
  /** Entries of the call log to keep at least; default 100,000. */
  keepCalls?: number
}

/** Writes a call down. A log that holds twice what is to be kept loses its older half. */
export function note<Call>(calls: Call[], call: Call, { keepCalls = 100_000 }: Habits): void {
  if (calls.push(call) >= 2 * keepCalls) calls.splice(0, calls.length - keepCalls)
}
