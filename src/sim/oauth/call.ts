/** What a call wanted: tokens for a refresh token, a login by device, an answer to it, or data. */
export type Want = 'refresh' | 'device' | 'poll' | 'data' | 'other'

/** One call as the vendor saw it: written down on arrival, completed when it is answered. Times are ms of its clock. */
export type Call = {
  /** Counts from 1. */
  id: number
  at: number
  /** When the answer was sent; null while it is open, and when the caller went away before. */
  end: number | null
  want: Want
  /** Whose; empty where that cannot be told. */
  account: string
  /** The number of the refresh token that was shown: the first of an account is 1. 0 for other calls and unknown tokens. */
  token: number
  /** HTTP status; 0 while it is unanswered. */
  status: number
  error: string | null
}
