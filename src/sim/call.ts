/** One call as a vendor saw it. It is written down on arrival and completed when it is answered. */
export type Call = {
  /** Counts from 1. */
  id: number
  /** Arrival, ms of the vendor's clock. */
  at: number
  /** HTTP status; 0 while it is unanswered and when the connection was reset. */
  status: number
  /** Kinds of the faults that spoiled it. */
  fault: string | null
}

/** Whether all that is wanted of the call is so. */
export function agrees<Call extends object>(call: Call, wanted: Partial<Call>): boolean {
  return Object.entries(wanted).every(([name, value]) => call[name as keyof Call] === value)
}

/** Says of each arriving call whether it is meant: those that are such, counted from 1, from the `nth` on. */
export function counted<Call>(nth = 1, isSuch: (call: Call) => boolean): (call: Call) => boolean {
  let found = 0
  return call => isSuch(call) && ++found >= nth
}
