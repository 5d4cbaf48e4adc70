/**
 * An answer as a vendor's `fault` sees it. `at` is the vendor's clock when it answered, as far as it tells; `path` that of the
 * address which was asked, a file on another host included.
 */
export type FaultyAnswer = { status: number; headers: Headers; text: string; at: Date; path?: string }

/**
 * What a vendor means by an answer that is no success, in words of what happens next:
 *
 *   permanent    it understood and will say no again
 *   gone         it has no such method, for nobody or not for this account: the stream is left alone until somebody looks
 *   transient    it may pass by itself
 *   auth         it does not accept who we are, or what we may do
 *   throttled    it answers again from `until` on, by the same clock as the answer's `at`
 *
 * `message` is the vendor's own code and text. `limit` names the one limit of the connector that is used up, where the
 * question was spent from several and the answer tells which.
 */
export type Fault = {
  kind: 'permanent' | 'gone' | 'transient' | 'auth' | 'throttled'
  message: string
  until?: Date | undefined
  limit?: string
}
