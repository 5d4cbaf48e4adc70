import type { Format } from '../core/format.ts'
import type { Priority } from '../core/priority.ts'
import type { Retry } from '../core/retry.ts'
import type { Source } from '../core/source.ts'
import { client } from '../http/client.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Note } from '../http/observe.ts'
import type { Signature } from '../http/sign.ts'
import type { Tools } from './engine.ts'
import { gateOf } from './gate.ts'

/**
 * `who` begins the messages of errors about bodies; `asks` hears of each question when it is let through, before it leaves;
 * `dated` says that answers tell when that was, by the database.
 */
export type Terms = {
  who: string
  costs: Source['stream']['limit']
  retries: Retry
  priority?: Priority
  asks?: (() => Promise<void>) | undefined
  dated?: boolean
}

/**
 * What an answer must be, which statuses are answers whatever they usually mean, how requests are signed, and how long (ms)
 * the first try may take. `host`: which of the connector's hosts is asked, where it is not the usual one.
 */
type Manner = {
  expects: Format['kind']
  accepts?: readonly number[]
  headers?: Signature['headers'] | undefined
  query?: Signature['query']
  deadline?: number
  host?: string | undefined
}

/** The way to the vendor of a source: limited, judged and retried (http/client.ts). */
export function clientOf(tools: Tools, source: Source, terms: Terms, manner: Manner): Fetch {
  const { transport, clock, log, userAgent } = tools
  const { connector, stream, account } = source
  const { who, costs, retries, priority = 'normal', asks } = terms
  const { headers, host, ...rest } = manner
  const gate = gateOf(tools, { source, costs, priority, host })
  return client({
    ...rest,
    ...(headers ? { headers } : {}),
    ...{ connector: connector.name, account, stream: stream.name },
    ...{ who, userAgent, clock, gate, retries },
    fetch: gate.track(asks ? announced(transport, asks) : transport),
    fault: connector.fault,
    bucket: gate.name,
    note: note => log('debug', noteText(note), nameOf(note)),
  })
}

function announced(fetch: Fetch, asks: () => Promise<void>): Fetch {
  return async (request, options) => {
    await asks()
    return fetch(request, options)
  }
}

function noteText(note: Note): string {
  const outcome = 'status' in note ? note.status : note.code
  return `${nameOf(note)}: ${note.method} ${note.url} ${outcome} in ${note.ms.toFixed(0)} ms`
}

function nameOf({ connector, account, stream }: Note): string {
  return `${connector}/${account} ${stream}`
}
