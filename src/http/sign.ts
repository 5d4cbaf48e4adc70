import { Misuse } from '../core/failure.ts'
import type { Fetch } from './fetch.ts'

/**
 * Says who asks: our name, and the headers, or words in the address, that authorise the account. A request that names itself (some vendors
 * demand a certain `User-Agent`) keeps its name. The caller's request is left as it is.
 * @throws Misuse when a header cannot be sent, at once if it is known; its value is not told.
 */
export function sign(fetch: Fetch, { userAgent, headers = {}, query }: Signature): Fetch {
  const fixed = typeof headers === 'function' ? undefined : sendable(headers)
  return async (request, options) => {
    const signed = new Headers(request.headers)
    if (!signed.has('user-agent')) signed.set('user-agent', userAgent)
    const auth = fixed ?? sendable(await (headers as () => Promise<Named>)())
    for (const [name, value] of Object.entries(auth)) signed.set(name, value)
    const address = query ? within(request.url, query()) : request.url
    const asked = address === request.url ? request : new Request(address, request)
    return fetch(new Request(asked, { headers: signed }), options)
  }
}

function within(address: string, query: Named): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/**
 * `userAgent`: product, version and where to complain, as in `sluice/1.0.0 (+https://…)`. Headers that change with time are
 * asked for before each request; so is what the address says (`query`), for vendors that look for it there.
 */
export type Signature = {
  userAgent: string
  headers?: Named | (() => Promise<Named>)
  query?: (() => Named) | undefined
}

type Named = Readonly<Record<string, string>>

function sendable(headers: Named): Named {
  for (const [name, value] of Object.entries(headers)) refuseUnsendable(name, value)
  return headers
}

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
