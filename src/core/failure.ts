/**
 * The ways work can fail, told apart by what happens next. Whoever throws one of these has decided what kind of
 * trouble it is; whoever catches it decides by the class alone and never by the message.
 *
 *   Throttled    wait until the named moment; spends no retry
 *   Transient    try again soon; it may pass by itself
 *   AuthError    the vendor does not accept who we are: pause the stream, tell the user
 *   Rejected     the vendor understood and said no: asking again is pointless
 *   BadPage      an answer that is not what the vendor documents: ask again a few times, then tell the user
 *   StoreAway    the database does not answer: roll back, wait for it, go on
 *   LimitsAway   the store of the limits does not answer: ask nobody anything, give the work back for a moment
 *   Postponed    the vendor needs time: go on at the named moment; spends no retry
 *   Paused       nothing is asked for this account now: wait until somebody has seen to it
 *   Overtaken    somebody else took this run over: stop at once and write nothing
 *   Misuse       the user asked for something impossible: say what to type instead (exit code 2)
 *
 * Anything that is not a Failure is our own fault: a bug.
 */
export abstract class Failure extends Error {
  /** Names the error in docs/errors.md, in `--json` output and in `sluice.runs`. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The quota of a bucket is used up, or the vendor closed it, until a known moment. */
export class Throttled extends Failure {
  readonly until: Date
  /** The name of the bucket, as `sluice status` tells it. */
  readonly bucket: string
  /** The one limit that the vendor has named, of those the question was spent from. */
  readonly limit: string | undefined

  constructor(bucket: string, until: Date, message: string, limit?: string) {
    super('throttled', message)
    this.bucket = bucket
    this.until = until
    this.limit = limit
  }
}

/** 5xx, timeout, reset, a cut body, a body of another type than the declared one. */
export class Transient extends Failure {}

/**
 * The vendor has not answered for a while: nobody asks it before `until`, but for one who looks whether it does again. Its
 * `cause` is what came of this question where it was asked before nobody asked any more.
 */
export class CircuitOpen extends Transient {
  readonly until: Date

  constructor(message: string, until: Date, options?: ErrorOptions) {
    super('circuit-open', message, options)
    this.until = until
  }
}

/** 401, 402, 403: credentials, payment or permission. */
export class AuthError extends Failure {}

/** Any other 4xx: the vendor's final no. */
export class Rejected extends Failure {}

/** Complete text that does not parse, or an envelope that is not the documented one. */
export class BadPage extends Failure {}

/** The database refuses, drops or does not answer connections. */
export class StoreAway extends Failure {}

/** Nobody knows how much of a quota is left, so nothing is spent (P3). */
export class LimitsAway extends Failure {}

/** The vendor is at work on what was asked for, a report for instance, and wants to be asked again later. */
export class Postponed extends Failure {
  readonly until: Date

  constructor(message: string, until: Date) {
    super('postponed', message)
    this.until = until
  }
}

/** The account of this work is paused, cannot be opened here, or is no more. Schedules wait; who asked by hand is told. */
export class Paused extends Failure {}

/** The checkpoint has moved under another run or worker; nothing of this page was written. */
export class Overtaken extends Failure {
  constructor(message: string) {
    super('overtaken', message)
  }
}

/** What the user typed or configured cannot work; the message says what to do instead. */
export class Misuse extends Failure {}
