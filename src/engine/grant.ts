import { accountText } from '../core/account.ts'
import type { Answer, Ask } from '../core/ask.ts'
import { BadPage } from '../core/failure.ts'
import { parseExact } from '../core/json.ts'
import { exponential } from '../core/retry.ts'
import type { Source } from '../core/source.ts'
import { clientOf } from './client.ts'
import type { Asker } from './engine.ts'
import { requestOf } from './question.ts'

/** What a vendor answers when it is asked for tokens: with them, or with the reason why it gives none. */
export type Granted = { status: number; text: string; answer(): Answer }

/** A refusal to give tokens is an answer: it tells a person who has not consented yet from credentials that are wrong. */
const refusals = [400, 401, 403]

/** One try and a second one at once: within a minute the vendor takes a token twice whose first use it has answered into nowhere. */
const retries = exponential({ retries: 1, base: '1s' })

/** How long (ms) the first try may take; the second has twice the time, if the first one ran out of it. */
const deadline = 5_000

/** How long (ms) asking for tokens may take in all. */
export const longest = 20_000

/**
 * Asks for tokens: signed by nothing but the question itself, through the limits that the question names. It is not given up
 * because the run for which it is asked is stopped: an answer that nobody hears may be the last that the old token gets.
 */
export async function askForTokens(tools: Asker, source: Source, ask: Ask): Promise<Granted> {
  const who = `${accountText(source.connector.name, source.account)}: tokens`
  const terms = { who, costs: ask.limit ?? {}, retries, priority: 'high' as const }
  const fetch = clientOf(tools, source, terms, { expects: 'json', accepts: refusals, deadline })
  const response = await fetch(requestOf(source, ask, AbortSignal.timeout(longest)))
  const { status, headers } = response
  const text = await response.text()
  const told = new Date(headers.get('date') ?? Number.NaN)
  const at = Number.isNaN(told.getTime()) ? await tools.clock.now() : told
  return { status, text, answer: () => ({ status, headers, json: read(text, who), at }) }
}

/** True for an answer that gives nothing. */
export function isRefusal({ status }: Granted): boolean {
  return refusals.includes(status)
}

/** The code that OAuth has for a refusal (RFC 6749, 5.2), or the status alone; whatever else the vendor says is not repeated. */
export function refusalText({ status, text }: Granted): string {
  const code = /"error"\s*:\s*"([a-z_]{1,60})"/.exec(text)?.[1]
  return code === undefined ? String(status) : `${status} ${code}`
}

function read(text: string, who: string): unknown {
  try {
    return parseExact(text)
  } catch {
    throw new BadPage('bad-json', `${who}: the answer is not complete JSON; it ends after ${text.length} characters`)
  }
}
