/**
 * Whole bodies, kept as the pieces they came in: joining them would hold a large answer twice, and whoever reads it
 * piece by piece never needs it joined.
 */
export type Pieces = readonly Uint8Array[]

/** Takes the body out of a response, which is used up by that. */
export async function drain(response: Response): Promise<Pieces> {
  const pieces: Uint8Array[] = []
  for await (const piece of response.body ?? []) pieces.push(piece)
  return pieces
}

/** A response with a body that is already here: reading it neither waits nor fails. */
export function filled(pieces: Pieces, { status, statusText, headers }: ResponseInit): Response {
  const body = bodiless.has(status ?? 200) ? null : streamOf(pieces)
  return new Response(body, { status, statusText, headers } as ResponseInit)
}

/** How many bytes the pieces have together. */
export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
}

/** The first `limit` bytes (all by default) as text. Bytes that are no UTF-8 become the replacement character. */
export function textOf(pieces: Pieces, limit = Number.POSITIVE_INFINITY): string {
  const decoder = new TextDecoder()
  let text = ''
  let left = limit
  for (const piece of pieces) {
    if (left <= 0) break
    text += decoder.decode(piece.subarray(0, left), { stream: true })
    left -= piece.byteLength
  }
  return text + decoder.decode()
}

/** Statuses that never carry a body; `Response` refuses one. */
const bodiless = new Set([204, 205, 304])

function streamOf(pieces: Pieces): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(stream) {
      for (const piece of pieces) stream.enqueue(piece)
      stream.close()
    },
  })
}
