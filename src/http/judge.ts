import type { Clock } from '../core/clock.ts'
import { BadPage, type Failure, Transient } from '../core/failure.ts'
import type { Fault, FaultyAnswer } from '../core/fault.ts'
import { drain, filled, type Pieces, sizeOf, textOf } from './body.ts'
import type { Fetch } from './fetch.ts'
import type { Mask } from './mask.ts'
import { byFault, byStatus, type Refusal } from './refusal.ts'

export type Judgement = {
  /** Connector, account and stream, as messages name them. */
  who: string
  /** The name of the bucket a throttle closes; `who` by default. */
  bucket?: string
  /** What a success must be. An answer without a type, or with status 204, is believed. */
  expects?: Format
  /** Statuses that are answers here, whatever they usually mean: 303 where it says that an operation is done. */
  accepts?: readonly number[]
  /** The vendor's one word on errors; undefined leaves the judgement to the status. */
  fault?: ((answer: FaultyAnswer) => Fault | undefined) | undefined
  mask: Mask
  clock: Clock
}

type Format = keyof typeof formats

const formats = {
  json: /^(application|text)\/([\w.-]+\+)?json\b/i,
  csv: /^(text\/(csv|plain)|(application|binary)\/octet-stream|application\/(csv|vnd\.ms-excel))\b/i,
  zip: /^application\/(zip|x-zip-compressed|octet-stream)\b/i,
}

/** Some vendors answer 200 and put the error into the body. No such body is larger; larger ones are not looked into. */
const largestEnvelope = 4096

/**
 * Turns an answer that is no success into the Failure that says what happens next: by the vendor's own word first, then
 * by status. Failures from below are told on whose behalf they happened. What returns is an answer to be parsed.
 */
export function judge(fetch: Fetch, judgement: Judgement): Fetch {
  return async (request, options) => {
    const response = await fetch(request, options).catch(error => {
      throw addressed(error, judgement.who)
    })
    if (!isSuspicious(response, judgement)) return response
    const pieces = await drain(response)
    const failure = await verdict({ request, response, pieces }, judgement)
    if (failure !== undefined) throw failure
    return filled(pieces, response)
  }
}

type Case = { request: Request; response: Response; pieces: Pieces }

function addressed(error: unknown, who: string): unknown {
  if (error instanceof Transient) return new Transient(error.code, `${who}: ${error.message}`, { cause: error })
  if (error instanceof BadPage) return new BadPage(error.code, `${who}: ${error.message}`, { cause: error })
  return error
}

function isSuspicious(response: Response, { accepts, expects, fault }: Judgement): boolean {
  if (accepts?.includes(response.status)) return false
  if (!response.ok || isWrongType(response, expects)) return true
  const size = Number(response.headers.get('content-length') ?? 0)
  return fault !== undefined && size <= largestEnvelope
}

function isWrongType({ status, headers }: Response, expects: Format | undefined): boolean {
  const type = headers.get('content-type')
  return expects !== undefined && type !== null && status !== 204 && !formats[expects].test(type)
}

async function verdict(it: Case, judgement: Judgement): Promise<Failure | undefined> {
  const { response, pieces } = it
  const { status, headers } = response
  const now = await judgement.clock.now()
  const at = vendorClock(headers) ?? now
  const isAsked = !response.ok || sizeOf(pieces) <= largestEnvelope
  const path = new URL(it.request.url).pathname
  const fault = isAsked ? judgement.fault?.({ status, headers, text: textOf(pieces), at, path }) : undefined
  const until = ours(fault?.until ?? retryAfter(headers, at), at, now)
  const bucket = judgement.bucket ?? judgement.who
  const refusal = { status, story: story(it, judgement, fault), brief: brief(it, judgement, fault), bucket, until }
  return fault === undefined ? (byStatus(refusal) ?? wrongType(it, judgement, refusal)) : byFault(fault, refusal)
}

function wrongType(
  { request, response, pieces }: Case,
  { expects, mask }: Judgement,
  { story }: Refusal,
): Failure | undefined {
  if (!isWrongType(response, expects)) return undefined
  const clean = (text: string) => excerpt(mask.text(text, request), 80)
  const type = clean(response.headers.get('content-type') ?? '')
  const start = clean(textOf(pieces, 16_384))
  return new Transient('vendor-wrong-type', `${story}, but with ${type} in place of ${expects}: "${start}"`)
}

/** Who asked, the vendor's code and text, what was asked and with which status, and what its support will ask for. */
function story({ request, response, pieces }: Case, { who, mask }: Judgement, fault: Fault | undefined): string {
  const { status, statusText, headers } = response
  const clean = (text: string) => excerpt(mask.text(text, request), 300)
  const location = headers.get('location')
  const target = location === null || response.ok ? '' : ` and pointed to ${clean(mask.url(location, request.url))}`
  const said = response.ok && fault === undefined ? '' : clean(fault?.message || textOf(pieces, 16_384))
  const trace = headers.get('trace-id') ?? headers.get('x-request-id')
  return [
    `${who}: `,
    said === '' ? '' : `${said}; `,
    `the vendor answered ${clean(`${status} ${statusText}`)} to ${request.method} ${clean(mask.url(request.url))}`,
    target,
    trace === null ? '' : ` (trace ${clean(trace)})`,
  ].join('')
}

function brief({ request, response }: Case, { who, mask }: Judgement, fault: Fault | undefined): string {
  const said = fault?.message || `${response.status} ${response.statusText}`
  return `${who}: ${excerpt(mask.text(said, request), 120)}`
}

/** On one line, without control characters and invisible ones. */
function excerpt(text: string, length: number): string {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length)}…`
}

function vendorClock(headers: Headers): Date | undefined {
  const moment = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(moment) ? undefined : new Date(moment)
}

/** By the vendor's clock: `Retry-After` in seconds or as a date; a minute when it says neither, or more than 115 days. */
function retryAfter(headers: Headers, at: Date): Date {
  const told = headers.get('retry-after')?.trim() ?? ''
  const moment = /^\d{1,7}(\.\d+)?$/.test(told) ? at.getTime() + Number(told) * 1000 : Date.parse(told)
  return new Date(Number.isNaN(moment) ? at.getTime() + 60_000 : moment)
}

/** The same moment by our clock, however wrong either clock is. At least a second ahead, so that nobody hammers. */
function ours(moment: Date, at: Date, now: Date): Date {
  return new Date(now.getTime() + Math.max(moment.getTime() - at.getTime(), 1000))
}
