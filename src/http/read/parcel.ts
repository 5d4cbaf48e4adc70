import { isMarkedAsUntransferable } from 'node:worker_threads'
import type { Pieces } from '../body.ts'

/** A body on its way to another thread, with the memory that goes with it. */
export type Parcel = { pieces: Uint8Array[]; memory: ArrayBuffer[] }

/**
 * Makes a body ready to change hands: its memory goes with it and is gone from here. Only pieces whose memory is shared
 * with others (small buffers lie together in one), or is mostly something else, are copied.
 */
export function parcelOf(pieces: Pieces): Parcel {
  const used = new Map<ArrayBufferLike, number>()
  for (const { buffer, byteLength } of pieces) used.set(buffer, (used.get(buffer) ?? 0) + byteLength)
  const memory = new Set<ArrayBuffer>()
  for (const [buffer, bytes] of used) if (isOurs(buffer) && bytes * 2 >= buffer.byteLength) memory.add(buffer)
  return {
    pieces: pieces.map(piece => (memory.has(piece.buffer as ArrayBuffer) ? piece : new Uint8Array(piece))),
    memory: [...memory],
  }
}

function isOurs(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)
}
