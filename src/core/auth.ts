import type { Credentials } from './account.ts'
import type { Answer, Ask } from './ask.ts'
import type { Duration } from './duration.ts'

/** What a vendor has given for a while: texts, kept encrypted beside the credentials and replaced as a whole. */
export type Tokens = Readonly<Record<string, string>>

/**
 * How requests of an account say whose they are: headers made of its credentials (and the connector's settings, where a style
 * of them is one), or of tokens that have to be renewed.
 * Pure functions; the engine keeps, renews and hides what they give.
 */
export type Auth =
  | {
      kind: 'fixed'
      headers(credentials: Credentials, settings: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>
      /** What goes into the address beside the question's own query; its values are hidden like those of headers. */
      query?(credentials: Credentials, settings: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>
    }
  | ({ kind: 'tokens'; headers(tokens: Tokens, credentials: Credentials): Readonly<Record<string, string>> } & Renewal)

/**
 * How tokens are had and renewed.
 *
 * - expiresAt: when the vendor takes them no more
 * - ahead: so long before that they are renewed
 * - refresh: the question that renews them
 * - parse: the tokens in its answer; those before are of no use from then on
 * - login: how a person grants them the first time
 */
export type Renewal = {
  expiresAt(tokens: Tokens): Date
  ahead: Duration
  refresh(tokens: Tokens, credentials: Credentials): Ask
  parse(answer: Answer, before: Tokens | undefined): Tokens
  login: DeviceLogin
}

/**
 * Login by a code that a person types on another screen (RFC 8628): `start` is asked once, then `poll` every `interval`
 * seconds until it gives tokens. `read` takes what the first answer says; `pending` tells an answer that says "not yet".
 */
export type DeviceLogin = {
  kind: 'device'
  start(credentials: Credentials): Ask
  read(answer: Answer): { device: string; code: string; address: string; interval: number; expires: number }
  poll(device: string, credentials: Credentials): Ask
  pending(answer: { status: number; text: string }): 'not yet' | 'slower' | undefined
}
