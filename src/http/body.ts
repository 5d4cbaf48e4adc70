import { drop } from './memory.ts'
import { isPacked, type Packed, pack, unpack } from './packed.ts'

/**
 * Whole bodies, kept as the pieces they came in: joining them would hold a large answer twice, and whoever reads it
 * piece by piece never needs it joined. Those of a large one are packed.
 */
export type Pieces = readonly Piece[]
export type Piece = Uint8Array | Packed

/** What our own responses hold: it is handed on as it is, where a stream would have to unpack it. */
const held = new WeakMap<Response, Pieces>()

/** Takes the body out of a response, which is used up by that. */
export async function drain(response: Response): Promise<Pieces> {
  const pieces = held.get(response)
  if (!pieces || response.bodyUsed) return Array.fromAsync(response.body ?? [])
  await response.body?.cancel()
  return pieces
}

/** A response with a body that is already here: reading it neither waits nor fails. */
export function filled(pieces: Pieces, { status, statusText, headers }: ResponseInit): Response {
  const body = bodiless.has(status ?? 200) ? null : streamOf(pieces)
  const response = new Response(body, { status, statusText, headers } as ResponseInit)
  if (body) held.set(response, pieces)
  return response
}

/** How many bytes the pieces have together. */
export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
}

/** The memory in which a piece lies. */
export function memoryOf(piece: Piece): ArrayBufferLike {
  return isPacked(piece) ? piece.packed.buffer : piece.buffer
}

/** The first `limit` bytes (all by default) as text. Bytes that are no UTF-8 become the replacement character. */
export function textOf(pieces: Pieces, limit = Number.POSITIVE_INFINITY): string {
  const decoder = new TextDecoder()
  let text = ''
  let left = limit
  for (const piece of pieces) {
    if (left <= 0) break
    text += decoder.decode(plain(piece).subarray(0, left), { stream: true })
    left -= piece.byteLength
  }
  return text + decoder.decode()
}

/** So much of a body stays as it came (bytes): most answers are smaller. */
const small = 512 * 1024

/** So much of a large one is packed at a time (bytes): a millisecond's work for another thread. */
const bundle = 256 * 1024

/** Gathers a body as it arrives; what is beyond the size of most answers is packed while the rest is on its way. */
export function gatherer(): { add(piece: Uint8Array): Promise<void>; end(): Pieces } {
  const pieces: Piece[] = []
  let [size, loose, looseBytes] = [0, [] as Uint8Array[], 0]
  return { add, end: () => [...pieces, ...loose] }

  async function add(piece: Uint8Array): Promise<void> {
    size += piece.byteLength
    if (size <= small) return void pieces.push(piece)
    loose.push(piece)
    looseBytes += piece.byteLength
    if (looseBytes < bundle) return
    const parts = loose
    ;[loose, looseBytes] = [[], 0]
    const bytes = parts.length === 1 ? piece : Buffer.concat(parts)
    pieces.push(await pack(bytes))
    for (const part of [...parts, bytes]) drop(part)
  }
}

/** Statuses that never carry a body; `Response` refuses one. */
const bodiless = new Set([204, 205, 304])

function streamOf(pieces: Pieces): ReadableStream<Uint8Array> {
  const left = pieces.values()
  return new ReadableStream({
    pull(stream) {
      const { done, value } = left.next()
      if (done) stream.close()
      else stream.enqueue(plain(value))
    },
  })
}

function plain(piece: Piece): Uint8Array {
  return isPacked(piece) ? unpack(piece) : piece
}
