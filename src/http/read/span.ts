import { isMarkedAsUntransferable } from 'node:worker_threads'
import type { Pieces } from '../body.ts'
import { sizeOf } from '../body.ts'

/** The pieces of a body, addressed as if they were joined. */
export type Span = {
  readonly pieces: Pieces
  readonly size: number
  /** Writes the bytes from `from` up to `to` into `target`, beginning at its place `at`. */
  copy(from: number, to: number, target: Uint8Array, at?: number): void
  /** Gives up what lies before `end`; all of it by default. */
  release(end?: number): void
}

export function spanOf(pieces: Pieces): Span {
  const starts = startsOf(pieces)
  const lastOf = new Map(pieces.map((piece, index) => [piece.buffer, index]))
  const size = sizeOf(pieces)
  let released = 0
  return { pieces, size, copy, release }

  function copy(from: number, to: number, target: Uint8Array, at = 0): void {
    for (let [index, next] = [indexAt(starts, from), from]; next < to; index++) {
      const start = starts[index]!
      const part = pieces[index]!.subarray(next - start, to - start)
      target.set(part, at + next - from)
      next += part.byteLength
    }
  }

  /** Pieces may be windows into the same memory, which is given up with the last of them. */
  function release(end = size): void {
    for (; released < pieces.length && starts[released + 1]! <= end; released++) {
      const { buffer } = pieces[released]!
      if (lastOf.get(buffer) === released) free(buffer)
    }
  }
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
