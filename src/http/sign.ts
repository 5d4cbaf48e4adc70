import { Misuse } from '../core/failure.ts'
import type { Fetch } from './fetch.ts'

/**
 * Says who asks: our name, and the headers that authorise the account. A request that names itself (some vendors
 * demand a certain `User-Agent`) keeps its name. The caller's request is left as it is.
 * @throws Misuse at once when a header cannot be sent; its value is not told.
 */
export function sign(fetch: Fetch, { userAgent, headers = {} }: Signature): Fetch {
  const auth = Object.entries(headers)
  for (const [name, value] of auth) refuseUnsendable(name, value)
  return (request, options) => {
    const signed = new Headers(request.headers)
    if (!signed.has('user-agent')) signed.set('user-agent', userAgent)
    for (const [name, value] of auth) signed.set(name, value)
    return fetch(new Request(request, { headers: signed }), options)
  }
}

/** `userAgent`: product, version and where to complain, as in `sluice/1.0.0 (+https://…)`. */
export type Signature = { userAgent: string; headers?: Readonly<Record<string, string>> }

/** Checked here because the platform's own error repeats the value. */
function refuseUnsendable(name: string, value: string): void {
  try {
    new Headers([[name, value]])
  } catch {
    throw new Misuse(
      'unsendable-header',
      `the value for the header ${name} holds line breaks or characters HTTP cannot carry: check the credentials it is made of`,
    )
  }
}
