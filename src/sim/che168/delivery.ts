import type { Answer } from './answer.ts'
import type { Call } from './call.ts'
import type { Planted } from './faults.ts'

/** Waits as the faults tell; who asked may give up meanwhile. */
export async function delivery(spoiled: Planted[], sleep: (ms: number) => Promise<unknown>, signal: AbortSignal) {
  signal.throwIfAborted()
  for (const { fault, released } of spoiled) {
    if (fault.kind === 'slow') await unlessAborted(sleep(fault.ms), signal)
    if (fault.kind === 'hold') await unlessAborted(released, signal)
  }
}

async function unlessAborted(wait: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  await Promise.race([wait, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}

/**
 * @throws TypeError with the code ECONNRESET where a fault breaks the connection.
 */
export function responseOf(answer: Answer, spoiled: Planted[], call: Call): Response {
  if (spoiled.some(({ fault }) => fault.kind === 'reset'))
    throw Object.assign(new TypeError('the connection was reset'), { code: 'ECONNRESET' })
  Object.assign(call, { status: answer.status, rows: answer.rows })
  const headers = new Headers({ ...answer.headers, date: new Date(call.at).toUTCString() })
  const body = answer.status === 204 ? null : (answer.body as Uint8Array<ArrayBuffer>)
  return new Response(body, { status: answer.status, headers })
}
