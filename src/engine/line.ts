import type { Answer, Ask } from '../core/ask.ts'
import { BadPage } from '../core/failure.ts'
import type { Format } from '../core/format.ts'
import { parseExact } from '../core/json.ts'
import type { Priority } from '../core/priority.ts'
import type { Retry } from '../core/retry.ts'
import type { Source } from '../core/source.ts'

import { drain } from '../http/body.ts'
import { client } from '../http/client.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Note } from '../http/observe.ts'
import { openBody } from '../http/read/open.ts'
import type { Tools } from './engine.ts'
import { gateOf } from './gate.ts'
import { requestOf } from './question.ts'

/** The records of an answer that are read one by one; `close` puts them away. */
export type Opened = { count: number; chunks(): AsyncIterable<readonly unknown[]>; close(): void }

/** An answer, and its records where they are read one by one. */
export type Told = { answer: Answer; body?: Opened | undefined }

/** Asks a vendor one question and reads the answer: signed, limited, judged and retried (http/client.ts). */
export type Line = (ask: Ask, signal: AbortSignal) => Promise<Told>

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
  const clients = new Map<string, Fetch>()
  return async (ask, signal) => {
    const format = ask.format ?? source.stream.format ?? whole
    const costs = ask.limit ?? terms.costs
    const kind = JSON.stringify([costs, format.kind, ask.url !== undefined])
    const fetch = clients.get(kind) ?? clientOf(tools, source, { ...terms, costs }, { expects: format.kind })
    clients.set(kind, fetch)
    const response = await fetch(requestOf(source.baseUrl, ask, signal))
    const { status, headers } = response
    const at = await vendorTime(tools, response)
    if (format.kind === 'json' && format.records === undefined) {
      return { answer: { status, headers, json: read(await response.text(), terms.who), at } }
    }
    const body = await openBody(await drain(response), format, { who: terms.who })
    const { envelope: json, count, first, last, header } = body
    return { answer: { status, headers, json, at, list: { count, first, last, ...(header ? { header } : {}) } }, body }
  }
}

const whole: Format = { kind: 'json' }

function clientOf(
  tools: Tools,
  source: Source,
  { who, costs, retries, priority = 'normal', asks }: Terms,
  { expects }: { expects: Format['kind'] },
): Fetch {
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
    expects,
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
