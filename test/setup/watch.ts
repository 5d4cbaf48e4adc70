import type { Contract } from './contract.ts'

/** What went over the wire once, and what of it the contract does not have. */
type Exchange = { name: string; status: number; request: string[]; answer: string[] }

type Vendor = { fetch(request: Request): Promise<Response> }

/**
 * The same vendor, with every exchange held against its contract; what is answered is not changed. Paths that the
 * description is not about, such as files on a foreign host, can be left alone.
 */
export function watched(vendor: Vendor, contract: Contract, isForeign: (path: string) => boolean = () => false) {
  const exchanges: Exchange[] = []
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname: path, searchParams } = new URL(request.url)
    const { method, headers } = request
    const sent = request.body === null ? '' : await request.clone().text()
    const response = await vendor.fetch(request)
    if (isForeign(path)) return response
    const told = await response.clone().text()
    const { status } = response
    const asked = { method, path, query: Object.fromEntries(searchParams), headers: Object.fromEntries(headers) }
    const answered = { method, path, status, headers: Object.fromEntries(response.headers) }
    exchanges.push({
      ...{ name: `${method} ${path}`, status },
      request: contract.request({ ...asked, ...parsed(sent) }),
      answer: contract.answer({ ...answered, ...parsed(told) }),
    })
    return response
  }
  return { fetch, exchanges }
}

/** JSON where it is JSON; any other body is text, and an empty one is none. */
function parsed(text: string): { body?: unknown } {
  if (text === '') return {}
  try {
    return { body: JSON.parse(text) }
  } catch {
    return { body: text }
  }
}
