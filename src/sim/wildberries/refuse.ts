import { type Answer, json } from './answer.ts'
import { utc } from './moscow.ts'

/** The vendor's no, thrown where it is found. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

/** What the texts of an error name: the call, and when it came. */
export type Origin = { request: string; now: number }

const problems = 'application/problem+json'
const texts: Readonly<Record<number, [string, string]>> = {
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  429: ['too many requests', 'Too Many Requests'],
}

/** 401, 403 for a token, and 429: the gateway's own shape. */
export function problem(status: 401 | 403 | 429, detail: string, { request, now }: Origin): Answer {
  const [title, statusText] = texts[status]!
  const closed = status === 403
  const code = closed ? `${detail} for this path` : `07e4668e--${request.slice(0, 12)}-[UK-${request.slice(12, 26)}]`
  const origin = closed ? 's2s-api' : 's2s-api-auth-catalog'
  const told = { title, detail, code, requestId: request, origin, status, statusText, timestamp: utc(now) }
  return json(status, told, 0, problems)
}

/** A solution of the catalogue that is not paid for; it has fewer fields than the others. */
export function unpaid(): Answer {
  const detail =
    "wb solution for business has insufficient funds on its balance. please top up the balance in the company's personal account https://dev.wildberries.ru/company"
  return json(402, { title: 'payment required', detail }, 0, problems)
}

/** The reports of orders and sales tell their one 400 as a list or as a text. */
export function mistaken(errors: string | string[]): Refusal {
  return new Refusal(json(400, { errors }))
}

/** Analytics and reports; some say problem+json and others JSON. */
export function unfit(status: 400 | 404, detail: string, { request }: Origin, type?: string): Refusal {
  const title = status === 400 ? 'Bad Request' : 'Not Found'
  return new Refusal(json(status, { detail, origin: 'api-statistics', requestId: request, title }, 0, type))
}

export const asProblem = problems

/** Supplies. What /goods refuses is JSON under the name of plain text. */
export function unsupplied(status: 400 | 404, detail: string, { request }: Origin, type?: string): Refusal {
  const title = status === 400 ? 'bad request' : 'not found'
  return new Refusal(json(status, { status, title, detail, requestId: request, origin: 'supply-api' }, 0, type))
}

/** Marketplace: yet another shape. */
export function unmarketed(status: 400 | 404, code: string): Refusal {
  return new Refusal(json(status, { code, message: code }))
}
