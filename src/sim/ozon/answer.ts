import type { Row } from './rows.ts'

/** An answer before it becomes bytes: faults may still change its rows. */
export type Draft = {
  status: number
  headers: Record<string, string>
  /** Read once, when the answer is written. */
  rows: Iterable<Row>
  /** The body with these rows in it. */
  encode(rows: Iterable<Row>): Uint8Array
}

/** An answer as bytes; `rows` tells how many are in it. */
export type Answer = { status: number; headers: Record<string, string>; body: Uint8Array; rows: number }

const jsonType = { 'content-type': 'application/json' }

/** An answer whose rows stand in a place of their own in the body. */
export function list(rows: Iterable<Row>, around: (rows: Row[]) => unknown): Draft {
  return { status: 200, headers: jsonType, rows, encode: kept => Buffer.from(JSON.stringify(around([...kept]))) }
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Draft {
  const body = Buffer.from(JSON.stringify(value))
  return { status, headers: { ...jsonType, ...headers }, rows: [], encode: () => body }
}

export function text(status: number, type: string, body: string): Draft {
  return { status, headers: { 'content-type': type }, rows: [], encode: () => Buffer.from(body) }
}

/** A page of the gateway in front of the API. */
export function html(status: number, title: string): Draft {
  return text(
    status,
    'text/html',
    `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`,
  )
}

export function written({ status, headers, rows, encode }: Draft): Answer {
  let count = 0
  const counted = function* () {
    for (const row of rows) {
      count++
      yield row
    }
  }
  const body = encode(counted())
  return { status, headers, body, rows: count }
}

/** Codes of gRPC as texts, which stand in places where a number is due. */
const words: Record<number, string> = {
  3: 'INVALID_ARGUMENT',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  16: 'UNAUTHENTICATED',
}

/** The vendor's no, thrown where it is found: an HTTP status, and the code of gRPC with the documented text. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Record<string, string>

  constructor(status: number, code: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** The two bodies that were seen, of a 429 and of missing headers, have no `details`. */
export function refused({ status, code, message, headers }: Refusal, asText: boolean): Draft {
  const body = { code: asText ? words[code] : code, message }
  return json(status, status === 401 || status === 429 ? body : { ...body, details: [] }, headers)
}
