import { BadPage } from '../core/failure.ts'
import { parseExact } from '../core/json.ts'
import type { Priority } from '../core/priority.ts'
import type { Retry } from '../core/retry.ts'
import type { Source } from '../core/source.ts'
import type { Answer, Ask } from '../core/stream.ts'
import { client } from '../http/client.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Note } from '../http/observe.ts'
import type { Tools } from './engine.ts'
import { gateOf } from './gate.ts'

/** Asks a vendor one question and reads the answer: signed, limited, judged and retried (http/client.ts). */
export type Line = (ask: Ask, signal: AbortSignal) => Promise<Answer>

/** `who` begins the messages of errors about bodies; `asks` hears of each question when it is let through, before it leaves. */
export type Terms = {
  who: string
  costs: Source['stream']['limit']
  retries: Retry
  priority?: Priority
  asks?: (() => Promise<void>) | undefined
}

/** A line to the vendor of a source. */
export function lineOf(tools: Tools, source: Source, terms: Terms): Line {
  const fetch = clientOf(tools, source, terms)
  return async (ask, signal) => {
    const response = await fetch(
      new Request(urlOf(source.baseUrl, ask), { headers: { accept: 'application/json' }, signal }),
    )
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      json: read(text, terms.who),
      at: await vendorTime(tools, response),
    }
  }
}

function clientOf(tools: Tools, source: Source, { who, costs, retries, priority = 'normal', asks }: Terms): Fetch {
  const { transport, clock, log, userAgent } = tools
  const { connector, stream, account } = source
  const gate = gateOf(tools, { source, costs, priority })
  return client({
    connector: connector.name,
    account,
    stream: stream.name,
    who,
    userAgent,
    clock,
    gate,
    retries,
    fetch: gate.track(asks ? announced(transport, asks) : transport),
    expects: 'json',
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

function urlOf(baseUrl: string, { path, query = {} }: Ask): string {
  const url = new URL(baseUrl.replace(/\/$/, '') + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url.href
}

/** The parser's own message is not told: it quotes the body, in which anything may stand. */
function read(text: string, who: string): unknown {
  try {
    return parseExact(text)
  } catch {
    throw new BadPage('bad-json', `${who}: the answer is not complete JSON; it ends after ${text.length} characters`)
  }
}

/** The vendor's clock when it answered: its `Date` header (RFC 9110, to the second); without one, ours. */
async function vendorTime({ clock }: Tools, { headers }: Response): Promise<Date> {
  const told = new Date(headers.get('date') ?? Number.NaN)
  return Number.isNaN(told.getTime()) ? clock.now() : told
}
