/** How an answer reaches who asked: late, cut in the middle, not at all. */

/** An answer as bytes, as every vendor has it. */
type Answer = { status: number; headers: Record<string, string>; body: Uint8Array; rows: number }

/** A fault at work, as far as the way of the answer is concerned; `ms` is how late a `slow` one comes. */
type Spoiled = { fault: { kind: string; ms?: number }; released: Promise<void> }

/** Waits as the faults tell; who asked may give up meanwhile. */
export async function delivery(
  spoiled: readonly Spoiled[],
  sleep: (ms: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  for (const { fault, released } of spoiled) {
    if (fault.kind === 'slow') await unlessAborted(sleep(fault.ms ?? 0), signal)
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
 * The answer as it is sent; the call is told what it held.
 *
 * @throws TypeError with the code ECONNRESET where a fault breaks the connection.
 */
export function responseOf(
  { status, headers, body, rows }: Answer,
  spoiled: readonly Spoiled[],
  call: { at: number; status: number; rows: number },
): Response {
  if (spoiled.some(({ fault }) => fault.kind === 'reset')) throw reset()
  Object.assign(call, { status, rows })
  const dated = { ...headers, date: new Date(call.at).toUTCString() }
  return new Response(status === 204 ? null : (body as Uint8Array<ArrayBuffer>), { status, headers: dated })
}

/** What whoever asks sees of a broken connection. */
export function reset(): TypeError {
  return Object.assign(new TypeError('the connection was reset'), { code: 'ECONNRESET' })
}

/** The answer with half of its body: announced as it is by `cut`, and as the whole by `short`. */
export function cut<Cut extends Pick<Answer, 'headers' | 'body'>>(answer: Cut, kind: 'cut' | 'short'): Cut {
  const { headers, body } = answer
  const half = body.subarray(0, Math.floor(body.byteLength / 2))
  if (kind === 'cut') return { ...answer, body: half }
  return { ...answer, body: half, headers: { ...headers, 'content-length': String(body.byteLength) } }
}

/** Every tenth row comes twice, the first among them. */
export function doubled<Row>(rows: readonly Row[]): Row[] {
  return rows.flatMap((row, at) => (at % 10 === 0 ? [row, row] : [row]))
}
