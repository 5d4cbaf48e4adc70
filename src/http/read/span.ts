import { isMarkedAsUntransferable } from 'node:worker_threads'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Pieces } from '../body.ts'
import { sizeOf } from '../body.ts'

/** The pieces of a body, addressed as if they were joined. */
export type Span = {
  readonly pieces: Pieces
  readonly size: number
  /** Writes the bytes from `from` up to `to` into `target`, beginning at its place `at`. */
  copy(from: number, to: number, target: Uint8Array, at?: number): void
  /** Holds what lies before `end` compressed: JSON takes an eighth of its size, and is unpacked when it is copied. */
  pack(end: number): void
  /** Gives up what lies before `end`; all of it by default. */
  release(end?: number): void
}

/** Smaller pieces (bytes) stay as they are: they would gain little. */
const smallest = 8 * 1024

export function spanOf(pieces: Pieces): Span {
  const starts = startsOf(pieces)
  const lastOf = new Map(pieces.map((piece, index) => [piece.buffer, index]))
  const isShared = lastOf.size < pieces.length
  const size = sizeOf(pieces)
  const packed = new Map<number, Uint8Array>()
  let [packs, released] = [0, 0]
  let open: { index: number; bytes: Uint8Array } = { index: -1, bytes: new Uint8Array(0) }
  return { pieces, size, copy, pack, release }

  function copy(from: number, to: number, target: Uint8Array, at = 0): void {
    for (let [index, next] = [indexAt(starts, from), from]; next < to; index++) {
      const start = starts[index]!
      const part = piece(index).subarray(next - start, to - start)
      target.set(part, at + next - from)
      next += part.byteLength
    }
  }

  function piece(index: number): Uint8Array {
    const small = packed.get(index)
    if (!small) return pieces[index]!
    if (open.index === index) return open.bytes
    free(open.bytes.buffer)
    open = { index, bytes: unpacked(small, starts[index + 1]! - starts[index]!) }
    return open.bytes
  }

  /** Nothing is gained from pieces that are windows into the same memory: it is held by the others. */
  function pack(end: number): void {
    if (isShared) return
    for (; packs < pieces.length && starts[packs + 1]! <= end; packs++) {
      const whole = pieces[packs]!
      if (whole.byteLength < smallest) continue
      packed.set(packs, packedOf(whole))
      free(whole.buffer)
    }
  }

  /** Memory is given up with the last of the pieces that lie in it. */
  function release(end = size): void {
    for (; released < pieces.length && starts[released + 1]! <= end; released++) {
      const { buffer } = pieces[released]!
      if (open.index === released) free(open.bytes.buffer)
      packed.delete(released)
      if (lastOf.get(buffer) === released) free(buffer)
    }
  }
}

/** At the fastest level, which packs a large answer in a tenth of the time in which it is scanned. */
function packedOf(whole: Uint8Array): Uint8Array {
  const room = zstdCompressSync(whole, { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: whole.length })
  const small = new Uint8Array(room)
  free(room.buffer)
  return small
}

/** It goes into one piece of memory: with just as much room as it needs, Node would ask for as much again. */
function unpacked(small: Uint8Array, size: number): Uint8Array {
  return zstdDecompressSync(small, { chunkSize: size + 64 })
}

/** The bytes from `from` up to `to`. */
export function bytesOf(span: Span, from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(to - from)
  span.copy(from, to, bytes)
  return bytes
}

/**
 * Gives memory back to the system now. Left to the collector it would stay for as long as a thread has nothing else to
 * do, which for the reader may be hours.
 */
export function free(memory: ArrayBufferLike): void {
  if (memory instanceof ArrayBuffer && !memory.detached && !isMarkedAsUntransferable(memory)) memory.transfer(0)
}

/** Where each piece starts, and at the end, where the last one ends. */
function startsOf(pieces: Pieces): Float64Array {
  const starts = new Float64Array(pieces.length + 1)
  for (const [index, piece] of pieces.entries()) starts[index + 1] = starts[index]! + piece.byteLength
  return starts
}

/** The piece in which a byte lies. */
function indexAt(starts: Float64Array, place: number): number {
  let [low, high] = [0, starts.length - 2]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= place) low = middle
    else high = middle - 1
  }
  return low
}
