/** An answer before it becomes a Response; faults work on this form. */
export type Answer = {
  status: number
  headers: Record<string, string>
  body: Uint8Array
  /** Records in the body. */
  rows: number
}

const type = 'application/json; charset=utf-8'

export function json(status: number, value: unknown, rows = 0, contentType = type): Answer {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(JSON.stringify(value)), rows }
}

/** There is nothing to tell. */
export function empty(): Answer {
  return { status: 204, headers: {}, body: new Uint8Array(), rows: 0 }
}

export function html(status: number, title: string): Answer {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(page), rows: 0 }
}
