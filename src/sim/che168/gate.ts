import { type Answer, html, limited, problem } from './answer.ts'
import type { Call } from './call.ts'
import type { Manners } from './world.ts'

/** Who comes in. `blocked` may be set by the test. */
export type Gate = {
  blocked: boolean
  /** What is answered instead, if the call may not come in. */
  refusal(request: Request, call: Call): Answer | null
}

export const base = '/api/v2/che168'

/** Hosts first, then the source, then the key, then the limit. What is refused for its key is not metered. */
export function openGate(manners: Manners): Gate {
  const early = openMeter(manners)
  const gate: Gate = {
    blocked: false,
    refusal(request, call) {
      const { hostname } = new URL(request.url)
      if (manners.access !== undefined && hostname.split('.')[0] !== manners.access) return html(404, '404 Not Found')
      if (!call.path.startsWith('/api/v2/')) return html(404, '404 Not Found')
      if (!call.path.startsWith(`${base}/`)) return problem(404, 'Source not found')
      if (keyOf(request, manners) !== manners.key) return problem(401)
      if (gate.blocked) return problem(403)
      const wait = early(call.at)
      if (wait === null) return null
      call.limited = wait
      return limited(wait, manners.limit?.tell ?? 'seconds', call.at)
    },
  }
  return gate
}

function keyOf(request: Request, { headerAccepted = true }: Manners): string | null {
  const query = new URL(request.url).searchParams.get('api_key')
  return (headerAccepted ? request.headers.get('x-api-key') : null) ?? query
}

/** Seconds to wait, or null. Calls that were refused do not count. */
function openMeter({ limit }: Manners): (now: number) => number | null {
  if (!limit) return () => null
  let admitted: number[] = []
  return now => {
    admitted = admitted.filter(at => at > now - limit.every)
    if (admitted.length >= limit.max) return Math.max(1, Math.ceil((admitted[0]! + limit.every - now) / 1000))
    admitted.push(now)
    return null
  }
}
