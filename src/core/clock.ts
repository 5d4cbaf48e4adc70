/**
 * Time as everybody who shares one store agrees on it: the database's time (`sluice.now()`), which a test can set for all
 * processes at once. Timers follow it: a wait ends when that time has come, not when this machine's clock says so.
 */
export interface Clock {
  now(): Promise<Date>
  /** Resolves when `now()` has reached `moment`; rejects with the signal's reason when it is aborted before. */
  until(moment: Date, signal?: AbortSignal): Promise<void>
  /** Resolves when so much time (ms) has passed by `now()`; rejects with the signal's reason when it is aborted before. */
  pass(length: number, signal?: AbortSignal): Promise<void>
}
