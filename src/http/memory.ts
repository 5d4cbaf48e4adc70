import { isMarkedAsUntransferable } from 'node:worker_threads'

/**
 * Gives memory back to the system now. Left to the collector, which counts objects and not what lies beside its heap, it
 * would stay for as long as there is nothing else to do: in a thread that waits that may be hours.
 */
export function free(memory: ArrayBufferLike): void {
  if (memory instanceof ArrayBuffer && !memory.detached && !isMarkedAsUntransferable(memory)) memory.transfer(0)
}

/** Gives back the memory of bytes that nobody needs any more, unless others lie in it, too. */
export function drop({ byteLength, buffer }: Uint8Array): void {
  if (byteLength === buffer.byteLength) free(buffer)
}
