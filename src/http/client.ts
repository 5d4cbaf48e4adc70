import type { Clock } from '../core/clock.ts'
import type { Retry } from '../core/retry.ts'
import type { Fetch } from './fetch.ts'
import { type Judgement, judge } from './judge.ts'
import { type Gate, learn, limit } from './limit.ts'
import { mask } from './mask.ts'
import { type Asker, type Note, observe } from './observe.ts'
import { retry } from './retry.ts'
import { type Signature, sign } from './sign.ts'

export type ClientSettings = Asker &
  Signature &
  Pick<Judgement, 'bucket' | 'expects' | 'accepts' | 'fault'> & {
    /** The wire: that of `transport()`, or an imitated vendor. Shared by all clients of a process. */
    fetch: Fetch
    gate: Gate
    clock: Clock
    retries: Retry
    random?: () => number
    /** How messages name what was asked for; connector, account and stream by default. */
    who?: string
    /** ms for the first try of a request that names no deadline. */
    deadline?: number
    note: (note: Note) => void
    /** Query parameters and headers that are secret beside the usual ones. */
    secretNames?: readonly string[]
  }

/**
 * How one stream of one account asks its vendor. From the outside in:
 *
 *   retry     outermost, because every try must pay for itself and be judged, signed and noted by itself
 *   limit     asks the gate last before a try is made, and closes it when the judge says that we were throttled
 *   judge     turns bad answers into Failures; above it there are no bad answers, below it answers are still whole
 *   learn     so here: refusals carry the headers that correct the gate's count
 *   observe   notes what the wire really did and how long it took, without the waits above and the secrets below
 *   sign      innermost, so that nothing above ever holds the signed request
 *   fetch     the wire
 *
 * It costs a few closures: make one for every stream, and one without `headers` for a host that gets no credentials.
 */
export function client(settings: ClientSettings): Fetch {
  const { connector, account, stream, gate, note } = settings
  const { headers, query, values } = remembered(settings)
  const secrets = mask({ names: settings.secretNames ?? [], values })
  const who = settings.who ?? `${connector}/${account}/${stream}`

  const signed = sign(settings.fetch, { userAgent: settings.userAgent, query, ...(headers ? { headers } : {}) })
  const observed = observe(signed, { asker: { connector, account, stream }, note, mask: secrets })
  const learning = learn(observed, gate)
  const judged = judge(learning, { ...settings, who, mask: secrets })
  const limited = limit(judged, gate)
  return retry(limited, { ...settings, policy: settings.retries })
}

/** So many values of headers that change are remembered: more than a client has on their way at a time. */
const many = 8

/** The headers and the words in the address, and the values they had of late: what a connector makes of credentials is as secret as they are. */
function remembered({ headers, query }: Pick<Signature, 'headers' | 'query'>) {
  const values = new Set(typeof headers === 'function' ? [] : Object.values(headers ?? {}))
  const keep = <T extends Readonly<Record<string, string>>>(given: T): T => {
    for (const value of Object.values(given)) {
      values.delete(value)
      values.add(value)
    }
    for (const oldest of [...values].slice(0, -many)) values.delete(oldest)
    return given
  }
  const asked = typeof headers === 'function' ? async () => keep(await headers()) : headers
  return { headers: asked, query: query ? () => keep(query()) : undefined, values: values as ReadonlySet<string> }
}
