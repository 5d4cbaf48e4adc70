/** An answer before it becomes a Response; faults work on this form. */
export type Answer = {
  status: number
  headers: Record<string, string>
  body: Uint8Array
  /** Candles in the body, and the open times of the first and the last of them. */
  rows: number
  first: number | null
  last: number | null
}

const nothing = { rows: 0, first: null, last: null }

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: Buffer.from(JSON.stringify(value)),
    ...nothing,
  }
}

export function html(status: number, title: string): Answer {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(page), ...nothing }
}

/** The vendor's no, thrown where it is found. Codes and texts are those of errors.md. */
export class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}
