import { isMarkedAsUntransferable } from 'node:worker_threads'
import { memoryOf, type Piece, type Pieces } from '../body.ts'
import { isPacked } from '../packed.ts'

/** A body on its way to another thread, with the memory that goes with it. */
export type Parcel = { pieces: Piece[]; memory: ArrayBuffer[] }

/**
 * Makes a body ready to change hands: its memory goes with it and is gone from here. Only pieces whose memory is shared
 * with others (small buffers lie together in one), or is mostly something else, are copied.
 */
export function parcelOf(pieces: Pieces): Parcel {
  const used = new Map<ArrayBufferLike, number>()
  for (const piece of pieces) {
    const memory = memoryOf(piece)
    used.set(memory, (used.get(memory) ?? 0) + (isPacked(piece) ? piece.packed : piece).byteLength)
  }
  const memory = new Set<ArrayBuffer>()
  for (const [buffer, bytes] of used) if (isOurs(buffer) && bytes * 2 >= buffer.byteLength) memory.add(buffer)
  return {
    pieces: pieces.map(piece => (memory.has(memoryOf(piece) as ArrayBuffer) ? piece : copyOf(piece))),
    memory: [...memory],
  }
}

function copyOf(piece: Piece): Piece {
  return isPacked(piece) ? { ...piece, packed: new Uint8Array(piece.packed) } : new Uint8Array(piece)
}

function isOurs(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)
}
