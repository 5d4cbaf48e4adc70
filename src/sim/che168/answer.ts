/** An answer before it becomes a Response; faults work on this form. */
export type Answer = {
  status: number
  headers: Record<string, string>
  body: Uint8Array
  /** Records in the body. */
  rows: number
}

/** What the endpoints throw instead of an answer; the desk answers it. */
export class Refusal extends Error {
  answer: Answer
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

export function json(status: number, value: unknown, rows = 0): Answer {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers, body: Buffer.from(JSON.stringify(value)), rows }
}

export function html(status: number, title: string): Answer {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(page), rows: 0 }
}

const messages: Readonly<Record<number, string>> = {
  ...{ 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not found', 405: 'Method not allowed' },
  ...{ 429: 'Too Many Requests', 500: 'Internal server error' },
}

/** The shape that the vendor's own SDK reads. Gateway errors come from in front, as HTML. */
export function problem(status: number, message = messages[status] ?? 'Error'): Answer {
  return status > 500
    ? html(status, `${status} ${status === 503 ? 'Service Unavailable' : 'Bad Gateway'}`)
    : json(status, { message })
}

export function invalid(field: string): Refusal {
  return new Refusal(json(422, { message: 'Validation failed', errors: [`invalid ${field}`] }))
}

/** How long to wait, seconds: as seconds, as a date, or left to guess. */
export function limited(wait: number, tell: 'seconds' | 'date' | 'nothing', now: number): Answer {
  const answer = problem(429)
  if (tell === 'seconds') answer.headers['retry-after'] = String(wait)
  if (tell === 'date') answer.headers['retry-after'] = new Date(now + wait * 1000).toUTCString()
  return answer
}
