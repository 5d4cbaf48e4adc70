import type { Acme } from './acme.ts'
import type { Fault, Planted } from './faults.ts'

/**
 * The vendor with a back door under /_sim for tests in other processes; calls to it are neither counted nor logged.
 *
 *   GET    calls          the log; ?from=<id> leaves out what came before
 *   POST   faults         plants one: { "kind": "hang", "match": { "part": "berlin" } }
 *   DELETE faults/<id>    removes it and lets go of what hangs
 */
export function control(acme: Acme): { fetch(request: Request): Promise<Response> } {
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const [, door, room, id] = url.pathname.split('/')
      if (door !== '_sim') return acme.fetch(request)
      const wish = `${request.method} ${room}`
      if (wish === 'GET calls') return Response.json(acme.calls.slice(Number(url.searchParams.get('from') ?? 1) - 1))
      if (wish === 'POST faults') return told(acme.faults.add((await request.json()) as Fault))
      if (wish === 'DELETE faults') return told(remove(acme, Number(id)))
      return new Response(null, { status: 404 })
    },
  }
}

function remove(acme: Acme, id: number): Planted | undefined {
  const planted = acme.faults.list().find(one => one.id === id)
  planted?.remove()
  return planted
}

function told(planted: Planted | undefined): Response {
  if (!planted) return new Response(null, { status: 404 })
  const { id, hits, fault } = planted
  return Response.json({ id, hits, fault })
}
