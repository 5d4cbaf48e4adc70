import type { Vendor } from '../../src/sim/serve.ts'

/** An event, or an advert of the list, as the vendor writes it. */
export type Told = { id: number | string; inner_id: string; change_type: string; created_at?: string; data?: unknown }

/**
 * A vendor that says what it is told to say.
 *
 * - offers: the list; events: the feed, in order of their ids; first: what /change_id answers
 * - adverts: what /offer answers, by inner_id; others are not found
 * - answers: what /changes answers next, whatever it is asked for
 */
export type Script = {
  offers?: Told[]
  events?: Told[]
  first?: number | string | null
  adverts?: Record<string, unknown>
  answers?: unknown[]
  asked: string[]
}

const limit = 20

export function scripted(script: Script): Vendor {
  return {
    fetch: async request => {
      const { pathname, searchParams, search } = new URL(request.url)
      const method = pathname.split('/').at(-1)!
      script.asked.push(method + search)
      if (method === 'change_id') return Response.json({ change_id: script.first ?? 100 })
      if (method === 'offers') return Response.json(pageOf(script.offers ?? [], Number(searchParams.get('page'))))
      if (method === 'offer') return advertOf(script, searchParams.get('inner_id')!)
      if (method !== 'changes') return Response.json({ message: 'Not found' }, { status: 404 })
      return Response.json(
        script.answers?.shift() ?? feedOf(script.events ?? [], Number(searchParams.get('change_id'))),
      )
    },
  }
}

function pageOf(offers: readonly Told[], page: number) {
  const from = (page - 1) * limit
  const next_page = offers.length > from + limit ? page + 1 : null
  return { result: offers.slice(from, from + limit), meta: { page, next_page, limit } }
}

function feedOf(events: readonly Told[], asked: number) {
  const rest = events.filter(({ id }) => Number(id) >= asked)
  const result = rest.slice(0, limit)
  const next = rest.length > limit ? Number(result.at(-1)!.id) + 1 : null
  return { result, meta: { cur_change_id: asked, next_change_id: next, limit } }
}

function advertOf({ adverts = {} }: Script, innerId: string): Response {
  const found = adverts[innerId]
  return found === undefined ? Response.json({ message: 'Not found' }, { status: 404 }) : Response.json(found)
}
