/**
 * The face of Sluice for authors of connectors: `import { vendor, z } from 'sluice'`. What a connector is made of lives in
 * core; nothing is added here.
 */
export { z } from 'zod'
export type { Account, Credentials } from './core/account.ts'
export type { Answer, Ask, Listing } from './core/ask.ts'
export type { Auth, DeviceLogin, Renewal, Tokens } from './core/auth.ts'
export type { Connector } from './core/connector.ts'
export { decimal } from './core/decimal.ts'
export type { Duration } from './core/duration.ts'
export { AuthError, BadPage, Failure, Misuse, Rejected, Throttled, Transient } from './core/failure.ts'
export type { Fault, FaultyAnswer } from './core/fault.ts'
export type { Format } from './core/format.ts'
export type { Rule, Rules } from './core/limit.ts'
export { count, instant, list, type OptionMeta, seconds } from './core/option.ts'
export type { Page, RangePage, Reading } from './core/page.ts'
export type { Part } from './core/part.ts'
export type { Priority } from './core/priority.ts'
export type { Range } from './core/range.ts'
export { exponential, type Policy, type Retry, regular } from './core/retry.ts'
export type { Schedule } from './core/schedule.ts'
export type { Batches, Doubts, Pull, PullStream, Subject } from './core/stream.ts'
export { baseUrl, vendor } from './core/vendor.ts'
