import type { Answer, Ask } from '../core/ask.ts'
import { AuthError, BadPage } from '../core/failure.ts'
import type { Format } from '../core/format.ts'
import { parseExact } from '../core/json.ts'
import type { Source } from '../core/source.ts'
import { drain } from '../http/body.ts'
import type { Fetch } from '../http/fetch.ts'
import { openBody } from '../http/read/open.ts'
import { type Badge, badgeOf } from './badge.ts'
import { clientOf, type Terms } from './client.ts'
import type { Asker } from './engine.ts'
import { requestOf } from './question.ts'
import { countUse } from './wallet.ts'

/** The records of an answer that are read one by one; `close` puts them away. */
export type Opened = { count: number; chunks(): AsyncIterable<readonly unknown[]>; close(): void }

/** An answer, its records where they are read one by one, and when it was asked for, where the terms want to know. */
type Told = { answer: Answer; body?: Opened | undefined; asked?: Date | undefined }

/**
 * Asks a vendor one question and reads the answer: signed, limited, judged and retried (http/client.ts). The next one is
 * asked when this one is answered.
 */
export type Line = (ask: Ask, signal: AbortSignal) => Promise<Told>

/** A line to the vendor of a source. */
export function lineOf(tools: Asker, source: Source, terms: Terms): Line {
  const clients = new Map<string, Fetch>()
  const badge = badgeOf(tools, source)
  const wait = source.connector.deadline?.(source.settings)
  const deadline = wait === undefined ? {} : { deadline: wait }
  const left: { at?: Date } = {}
  const asks = terms.dated ? () => depart(tools, terms, left) : terms.asks
  const clientFor = (ask: Ask, costs: Terms['costs'], expects: Format['kind']) => {
    const { tools: counting, ...signs } = signing(tools, source, badge, ask)
    return clientOf(
      counting,
      source,
      { ...terms, costs, asks },
      { expects, ...signs, ...deadline, host: ask.host, accepts: ask.accepts ?? [] },
    )
  }
  return async (ask, signal) => {
    const format = ask.format ?? source.stream.format ?? whole
    const costs = ask.limit ?? terms.costs
    const kind = JSON.stringify([costs, format.kind, ask.url !== undefined, ask.host, ask.accepts])
    const fetch = clients.get(kind) ?? clientFor(ask, costs, format.kind)
    clients.set(kind, fetch)
    const isOurs = ask.url === undefined
    const response = await insist(() => fetch(requestOf(source, ask, signal)), isOurs ? badge : undefined)
    const { status, headers } = response
    const asked = left.at
    const at = await vendorTime(tools, response)
    if (status === 204) return { answer: { status, headers, json: undefined, at, list: none }, asked }
    if (!response.ok)
      return { answer: { status, headers, json: readAny(await response.text()), at, list: none }, asked }
    if (format.kind === 'json' && format.records === undefined) {
      return { answer: { status, headers, json: read(await response.text(), terms.who), at }, asked }
    }
    const body = await openBody(await drain(response), format, { who: terms.who })
    const { envelope: json, count, first, last, header } = body
    return {
      answer: { status, headers, json, at, list: { count, first, last, ...(header ? { header } : {}) } },
      body,
      asked,
    }
  }
}

/** Notes when a question leaves: what it waited for before, a limit or the retry of another try, makes no answer older. */
async function depart({ clock }: Asker, { asks }: Terms, left: { at?: Date }): Promise<void> {
  await asks?.()
  left.at = await clock.now()
}

const whole: Format = { kind: 'json' }
const none = { count: 0, first: undefined, last: undefined }

/** Only requests to the connector's own hosts say whose they are. The request that leaves carries the count of its answer. */
function signing(tools: Asker, { connector, account }: Source, badge: Badge | undefined, ask: Ask) {
  if (!badge || ask.url !== undefined) return { tools }
  const transport: Fetch = async (request, options) => {
    const response = await tools.transport(request, options)
    countUse(tools, connector.name, account, response.status)
    return response
  }
  return { tools: { ...tools, transport }, headers: badge.headers, query: badge.query }
}

/** A question that was refused because the tokens of the account are good no more is asked once more with new ones. */
async function insist(ask: () => Promise<Response>, badge: Badge | undefined): Promise<Response> {
  try {
    return await ask()
  } catch (error) {
    const isUnauthorised = error instanceof AuthError && error.code === 'vendor-unauthorised'
    if (!badge || !isUnauthorised || !(await badge.renewed())) throw error
    return ask()
  }
}

/** The parser's own message is not told: it quotes the body, in which anything may stand. */
function read(text: string, who: string): unknown {
  try {
    return parseExact(text)
  } catch {
    throw new BadPage('bad-json', `${who}: the answer is not complete JSON; it ends after ${text.length} characters`)
  }
}

/** What a vendor says that refuses: JSON, or else its text. */
function readAny(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    return text
  }
}

/** The vendor's clock when it answered: its `Date` header (RFC 9110, to the second); without one, ours. */
async function vendorTime({ clock }: Asker, { headers }: Response): Promise<Date> {
  const told = new Date(headers.get('date') ?? Number.NaN)
  return Number.isNaN(told.getTime()) ? clock.now() : told
}
