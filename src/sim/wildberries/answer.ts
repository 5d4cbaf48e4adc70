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

/** A bare list. Its rows are made and written one thousand after the other: 80,000 at once would take some 300 MB. */
export function list(rows: Iterable<unknown>): Answer {
  const parts: Buffer[] = []
  let count = 0
  let texts: string[] = []
  const write = () => {
    parts.push(Buffer.from(`${parts.length === 0 ? '[' : ','}${texts.join()}`))
    texts = []
  }
  for (const row of rows) {
    texts.push(JSON.stringify(row))
    if (++count % 1_000 === 0) write()
  }
  if (texts.length > 0 || parts.length === 0) write()
  const body = Buffer.concat([...parts, Buffer.from(']')])
  return { status: 200, headers: { 'content-type': type }, body, rows: count }
}

/** There is nothing to tell. */
export function empty(): Answer {
  return { status: 204, headers: {}, body: new Uint8Array(), rows: 0 }
}

export function html(status: number, title: string): Answer {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(page), rows: 0 }
}
