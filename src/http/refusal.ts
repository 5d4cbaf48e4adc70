import { AuthError, type Failure, Rejected, Throttled, Transient } from '../core/failure.ts'
import type { Fault } from '../core/fault.ts'

/** An answer that is no success, in words for people: who asked, what came, what the vendor says. */
export type Refusal = {
  status: number
  /** The start of every message: who asked what, and the status. Holds no secret. */
  story: string
  /** Who asked and what the vendor said, in a few words: a wait is told again and again. */
  brief: string
  /** The name of the bucket to close. */
  bucket: string
  /** When the vendor may be asked again, if it is a throttle. */
  until: Date
}

/** The vendor's word is taken as it is. */
export function byFault({ kind, limit }: Fault, { status, story, brief, bucket, until }: Refusal): Failure {
  switch (kind) {
    case 'throttled':
      return new Throttled(bucket, until, brief, limit)
    case 'transient':
      return new Transient('vendor-error', story)
    case 'auth':
      return unauthorised(status, story)
    case 'gone':
      return new Rejected('vendor-gone', story)
    case 'permanent':
      return new Rejected('vendor-rejected', story)
  }
}

/** What a status means where the vendor has no word on it; undefined for a success. */
export function byStatus({ status, story, brief, bucket, until }: Refusal): Failure | undefined {
  if (status < 300) return undefined
  if (status < 400) return redirected(story)
  if (status === 429 || status === 418) return new Throttled(bucket, until, brief)
  if (status === 408 || status >= 500) return new Transient('vendor-error', story)
  if (status >= 401 && status <= 403) return unauthorised(status, story)
  return new Rejected('vendor-rejected', story)
}

function redirected(story: string): Rejected {
  const why = 'redirects are not followed, so that credentials stay with their host: check the address'
  return new Rejected('vendor-redirected', `${story}; ${why}`)
}

function unauthorised(status: number, story: string): AuthError {
  if (status === 402)
    return new AuthError('vendor-unpaid', `${story}; the vendor asks to be paid: check the subscription`)
  if (status === 403)
    return new AuthError('vendor-forbidden', `${story}; check what the account's key is allowed to do`)
  return new AuthError('vendor-unauthorised', `${story}; check or renew the credentials of the account`)
}
