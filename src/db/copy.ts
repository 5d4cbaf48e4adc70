import type { Connection, PoolClient, Submittable } from 'pg'

/**
 * Runs statements of which the last is a `copy … from stdin`, and gives it its rows. All of it leaves in one write and
 * is answered once, where asking first whether the rows may come costs a turn. A server that refuses the statements
 * drops the rows (PostgreSQL manual, "Message Flow", "COPY Operations").
 */
export function copyIn(client: PoolClient, statements: string, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query<Exchange>({
      submit: connection => send(connection, statements, rows),
      handleCopyInResponse: () => undefined,
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    })
  })
}

/** What the driver calls while the server answers; an error is the last of it. */
type Exchange = Submittable & {
  handleCopyInResponse(): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

function send(connection: Connection, statements: string, rows: Buffer): void {
  const { stream } = connection
  stream.cork()
  connection.query(statements)
  stream.write(head('d', rows.byteLength))
  stream.write(rows)
  stream.write(head('c', 0))
  stream.uncork()
}

/** A message begins with its kind (`d` is data, `c` the end of it) and its length, to which the length itself belongs. */
function head(kind: 'd' | 'c', bytes: number): Buffer {
  const start = Buffer.from(`${kind}\0\0\0\0`, 'latin1')
  start.writeUInt32BE(bytes + 4, 1)
  return start
}
